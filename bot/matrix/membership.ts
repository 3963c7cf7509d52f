import type { MatrixClient } from "matrix-js-sdk";
import type { CardView } from "../views/view.ts";
import { wordsIn } from "./asker.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, showView } from "./desk.ts";
import { enc, MatrixRefusal } from "./homeserver.ts";

/** Refusals of a join that are borne, and the longest gap between two tries. Remote servers are often slow to answer. */
const MOST_REFUSALS = 8;
const LONGEST_GAP_MS = 60_000;

/**
 * Which rooms the bot is in: invitations of those who may invite are accepted, others declined; rooms in which
 * nobody else is left are left; where it was put out it stays quiet.
 */
export class Membership {
  readonly #desk: Desk;
  readonly #client: MatrixClient;
  readonly #deliveries: Deliveries;
  readonly #inviteFrom: readonly string[];
  /** Rooms that are being entered, greeted or left, and whether they changed meanwhile: then they are looked at again. */
  readonly #busy = new Map<string, { again: boolean; somebodyLeft: boolean }>();

  /** `inviteFrom`: user ids (`@a:b`), server names (`example.org`), or `*` for everybody. */
  constructor(
    desk: Desk,
    client: MatrixClient,
    deliveries: Deliveries,
    inviteFrom: readonly string[],
  ) {
    this.#desk = desk;
    this.#client = client;
    this.#deliveries = deliveries;
    this.#inviteFrom = inviteFrom;
  }

  /** Looks at every room once: invitations and empty rooms from before the start. */
  lookAtAll(): void {
    for (const room of this.#client.getRooms()) this.look(room.roomId, true);
  }

  /** Looks at a room whose members changed. A room we are just making has nobody else in it yet. */
  look(room: string, somebodyLeft: boolean): void {
    const busy = this.#busy.get(room);
    if (busy) {
      // The sync often shows a room as joined before the request to join it is answered.
      busy.again = true;
      busy.somebodyLeft ||= somebodyLeft;
      return;
    }
    const work = this.#work(room, somebodyLeft);
    if (work === null) return;
    const meanwhile = { again: false, somebodyLeft: false };
    this.#busy.set(room, meanwhile);
    const { log, signal } = this.#desk;
    work()
      .catch((error: unknown) => {
        if (!signal.aborted)
          log.warn({ room, error: String(error) }, "a room could not be entered or left");
      })
      .finally(() => {
        this.#busy.delete(room);
        if (meanwhile.again && !signal.aborted) this.look(room, meanwhile.somebodyLeft);
      });
  }

  #work(room: string, somebodyLeft: boolean): (() => Promise<void>) | null {
    const membership = this.#client.getRoom(room)?.getMyMembership();
    if (membership === "invite") return () => this.#invited(room);
    if (membership === "join") {
      const { rooms, ledger } = this.#desk;
      if (somebodyLeft && rooms.isEmpty(room)) return () => this.#leave(room);
      const isOurs = rooms.isOwn(room) || !rooms.isOpen(room);
      return !isOurs && ledger.once(`welcome ${room}`) ? () => this.#welcome(room) : null;
    }
    // Kicked, banned or left: not another word there.
    this.#deliveries.leave(room);
    this.#desk.ledger.forget(room);
    return null;
  }

  async #invited(room: string): Promise<void> {
    const { log, homeserver, botId, signal } = this.#desk;
    const inviter = this.#client.getRoom(room)?.getMember(botId)?.events.member?.getSender() ?? "";
    if (!mayInvite(inviter, this.#inviteFrom)) {
      log.info(
        { room, inviter },
        "declined an invitation: add the user or server to MATRIX_INVITE_FROM to accept it",
      );
      await homeserver.persist("POST", `/rooms/${enc(room)}/leave`, {}, signal);
      return;
    }
    await this.#join(room);
  }

  async #join(room: string): Promise<void> {
    const { homeserver, signal, log } = this.#desk;
    let refused = 0;
    for (let gapMs = 500; ; gapMs = Math.min(gapMs * 2, LONGEST_GAP_MS)) {
      if (this.#client.getRoom(room)?.getMyMembership() !== "invite") return;
      try {
        await homeserver.request("POST", `/rooms/${enc(room)}/join`, {}, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof MatrixRefusal)) throw error;
        // A refusal may be another server's bad day too (404, 403 while it catches up); faults always pass.
        if (!error.transient && ++refused === MOST_REFUSALS) throw error;
        log.warn({ room, error: error.message }, "joining a room did not work yet");
        await homeserver.pause(error.retryAfterMs ?? gapMs, signal);
      }
    }
  }

  /**
   * Said once in a room: who is here, what it reads, how to begin. Only when the sync has shown the room: till
   * then nobody knows whether it is encrypted.
   */
  async #welcome(room: string): Promise<void> {
    const words = await wordsIn(this.#desk, room);
    const standing = { thread: null, replyTo: null };
    const view: CardView = {
      kind: "card",
      id: "welcome",
      title: words.welcome,
      line: words.welcome_privacy,
      sections: [],
      actions: [],
    };
    const reply = { room, standing, about: `welcome.${room}` };
    await showView(this.#desk, reply, view, words, { more: [words.matrix_start] });
  }

  async #leave(room: string): Promise<void> {
    const { homeserver, signal, log, ledger } = this.#desk;
    log.info({ room }, "left a room in which nobody else is left");
    await homeserver.persist("POST", `/rooms/${enc(room)}/leave`, {}, signal);
    ledger.forget(room);
  }
}

/** True for a user who is named, whose server is named, or where everybody may invite. */
export function mayInvite(inviter: string, allowed: readonly string[]): boolean {
  if (!inviter.startsWith("@")) return false;
  // A user id is `@localpart:server`; the server name may hold a port, so only the first colon counts.
  const server = inviter.slice(inviter.indexOf(":") + 1);
  return allowed.some((one) => one === "*" || one === inviter || (server !== "" && one === server));
}
