import {
  ClientEvent,
  type MatrixClient,
  type MatrixEvent,
  MatrixEventEvent,
  type Room,
  RoomEvent as RoomEventName,
  RoomMemberEvent,
  SyncState,
} from "matrix-js-sdk";
import type { Log } from "../log.ts";
import { SYNCED_TYPES } from "./client.ts";
import { type RoomEvent, record } from "./events.ts";
import { enc, type Homeserver } from "./homeserver.ts";
import type { Ledger } from "./ledger.ts";

export interface IntakeOptions {
  readonly client: MatrixClient;
  readonly homeserver: Homeserver;
  readonly ledger: Ledger;
  /** Deals with one event; true when something was said or done about it. */
  readonly handle: (event: RoomEvent) => Promise<boolean>;
  /** The bot's own membership of a room changed, or somebody else left it. */
  readonly onMembership: (room: string, somebodyLeft: boolean) => void;
  /** More happened in a room than can be looked through. */
  readonly onMissed: (room: string) => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Events between two resets of a room's timeline: keeping them makes every further one dearer. */
const RESET_EVERY = 1000;
/** How far back missed events are looked for. */
const PAGE = 100;
const MOST_PAGES = 20;
/** Keys often come a moment after the message they open. */
const KEY_GRACE_MS = 5000;

/**
 * Brings every event of every room to the handler once: live ones from the sync, and those that the sync left
 * out (the program was down, the homeserver was away, a room was joined) by reading back to the room's mark.
 *
 *   starting   the first sync           prepared → catching up in every room
 *   catching   reads a room back        live events of the room wait · done → live
 *   live       events come as they are  gap in the sync, or a room joined → catching
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #catching = new Map<string, Promise<void>>();
  readonly #counts = new Map<string, number>();
  readonly #working = new Set<Promise<void>>();
  /** Rooms whose members changed in the sync that is being read: the SDK shows them when it is done. */
  readonly #changed = new Map<string, boolean>();
  #ready = false;
  #resetting = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Listens from now on. Resolves when the first sync is there; events before it are read back. */
  async start(begin: () => Promise<void>): Promise<void> {
    const { client, signal } = this.#options;
    const prepared = new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      client.on(ClientEvent.Sync, (state) => {
        for (const [room, left] of this.#changed) this.#options.onMembership(room, left);
        this.#changed.clear();
        if (state === SyncState.Prepared && !this.#ready) {
          this.#ready = true;
          for (const room of client.getRooms()) {
            if (room.getMyMembership() === "join") this.#catchUp(room.roomId, false);
          }
          resolve();
        }
      });
    });
    client.on(RoomEventName.Timeline, (event, room, toStart, removed) => {
      if (room && !toStart && !removed) this.#onLive(event, room);
    });
    client.on(RoomEventName.TimelineReset, (room) => {
      if (room && this.#ready && !this.#resetting) this.#catchUp(room.roomId, false);
    });
    client.on(RoomEventName.MyMembership, (room, membership, before) => {
      if (this.#ready && membership === "join" && before !== "join")
        this.#catchUp(room.roomId, true);
      this.#changed.set(room.roomId, this.#changed.get(room.roomId) ?? false);
    });
    client.on(RoomMemberEvent.Membership, (_event, member) => {
      const gone = member.membership === "leave" || member.membership === "ban";
      if (gone) this.#changed.set(member.roomId, true);
    });
    await begin();
    await prepared;
  }

  /** Resolves when everything under way has ended; call it after the signal. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }

  #onLive(event: MatrixEvent, room: Room): void {
    if (!this.#ready) return;
    this.#count(room);
    const catching = this.#catching.get(room.roomId);
    this.#track(
      catching
        ? catching.then(() => this.#take(event, room.roomId))
        : this.#take(event, room.roomId),
    );
  }

  /** A room's timeline is thrown away every so often; nothing is read from it. */
  #count(room: Room): void {
    const count = (this.#counts.get(room.roomId) ?? 0) + 1;
    this.#counts.set(room.roomId, count % RESET_EVERY);
    if (count < RESET_EVERY) return;
    // Not while the SDK is adding to it.
    setImmediate(() => {
      this.#resetting = true;
      room.resetLiveTimeline(null, null);
      this.#resetting = false;
      forgetRelations(room);
    });
  }

  #catchUp(room: string, joined: boolean): void {
    const before = this.#catching.get(room) ?? Promise.resolve();
    const work = before
      .then(() => this.#readBack(room, joined))
      .catch((error: unknown) => {
        if (this.#options.signal.aborted) return;
        this.#options.log.warn({ room, error: String(error) }, "missed events could not be read");
      })
      .finally(() => {
        if (this.#catching.get(room) === work) this.#catching.delete(room);
      });
    this.#catching.set(room, work);
    this.#track(work);
  }

  /** Reads back to the room's mark, or to where we joined, and takes what is found, oldest first. */
  async #readBack(room: string, joined: boolean): Promise<void> {
    const { client, ledger, onMissed } = this.#options;
    const botId = client.getUserId();
    const mark = ledger.mark(room);
    const found: Record<string, unknown>[] = [];
    let from: string | null = null;
    let reached = mark === null && !joined;
    let newest: string | null = null;
    let start: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { chunk, end } = await this.#page(room, from);
      newest ??= String(chunk[0]?.event_id ?? "");
      if (reached) break;
      for (const event of chunk) {
        const isOwnJoin = event.type === "m.room.member" && event.state_key === botId;
        const isRenaming = record(record(event.unsigned)?.prev_content)?.membership === "join";
        reached = event.event_id === mark || (isOwnJoin && !isRenaming);
        start = String(event.event_id);
        if (reached) break;
        found.push(event);
      }
      if (reached || end === null) break;
      from = end;
    }
    if (!reached && found.length >= PAGE) onMissed(room);
    const begin = start ?? newest;
    if (mark === null && begin) ledger.begin(room, begin);
    const mapper = client.getEventMapper({ preventReEmit: true, decrypt: false });
    for (const event of found.reverse()) {
      this.#track(this.#take(mapper({ ...event, room_id: room } as never), room));
    }
  }

  async #page(room: string, from: string | null) {
    const { homeserver, signal } = this.#options;
    const query = new URLSearchParams({
      dir: "b",
      limit: String(PAGE),
      filter: JSON.stringify({ types: SYNCED_TYPES }),
      ...(from ? { from } : {}),
    });
    const path = `/rooms/${enc(room)}/messages?${query}`;
    const answer = record(await homeserver.lookUp(path, signal)) ?? {};
    const chunk = Array.isArray(answer.chunk) ? answer.chunk.map(record) : [];
    return {
      chunk: chunk.filter(
        (event) => event !== null && typeof event.event_id === "string",
      ) as Record<string, unknown>[],
      end: typeof answer.end === "string" && chunk.length > 0 ? answer.end : null,
    };
  }

  async #take(event: MatrixEvent, room: string): Promise<void> {
    const { ledger, client, log, signal } = this.#options;
    const id = event.getId();
    if (!id?.startsWith("$") || !ledger.take(room, id)) return;
    if (event.getSender() === client.getUserId()) return ledger.done(room, id, false);
    let acted = true;
    try {
      acted = await this.#decrypted(event, room);
    } catch (error) {
      // Closing: it is taken up again after the restart.
      if (signal.aborted) return;
      log.error({ event: id, error: String(error) }, "an event could not be dealt with");
    }
    ledger.done(room, id, acted);
  }

  /** Handles an event once it can be read; one whose keys come late is handled then. */
  async #decrypted(event: MatrixEvent, room: string): Promise<boolean> {
    const { client, handle } = this.#options;
    if (event.isEncrypted() && client.getCrypto()) {
      await client.decryptEventIfNeeded(event);
      if (event.isDecryptionFailure()) {
        const readable = new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), KEY_GRACE_MS);
          timer.unref();
          event.on(MatrixEventEvent.Decrypted, () => {
            if (event.isDecryptionFailure()) return;
            clearTimeout(timer);
            resolve(true);
          });
        });
        if (!(await readable)) {
          const late = () => {
            if (event.isDecryptionFailure()) return;
            event.off(MatrixEventEvent.Decrypted, late);
            this.#track(this.#options.handle(plain(event, room)).then(() => {}));
          };
          event.on(MatrixEventEvent.Decrypted, late);
        }
      }
    }
    return handle(plain(event, room));
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        if (!this.#options.signal.aborted) {
          this.#options.log.error({ error: String(error) }, "an event could not be dealt with");
        }
      })
      .finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }
}

/**
 * The SDK keeps every edit and sign by the event it belongs to, for ever and whether that event is known or
 * not; it offers no way to let go of them. Nothing here reads them.
 */
function forgetRelations(room: Room): void {
  const { relations } = room.relations as unknown as { relations?: Map<string, unknown> };
  relations?.clear();
}

function plain(event: MatrixEvent, room: string): RoomEvent {
  const redacts = event.event.redacts;
  const content = event.isRedacted() ? {} : (event.getClearContent() ?? event.event.content ?? {});
  return {
    id: event.getId() as string,
    room,
    sender: event.getSender() ?? "",
    type: event.getType(),
    stateKey: event.getStateKey() ?? null,
    content: redacts ? { ...content, redacts: content.redacts ?? redacts } : content,
    unreadable: event.isDecryptionFailure() || event.getType() === "m.room.encrypted",
  };
}
