import { MessageGone } from "../../stream/pacer.ts";
import { type Homeserver, MatrixRefusal, type Unsent } from "../homeserver.ts";
import { editContent, newContent, type ShownMessage, type Standing } from "../render/message.ts";

/** Turns content into what a room may carry: encrypted where the room is. */
export type Seal = (room: string, type: string, content: object) => Promise<Unsent>;

/** How long pictures and signs wait for room among what has to be said. */
const SPARE_PATIENCE_MS = 120_000;
/** Signs that are remembered; one that is forgotten is sent again, and refused. */
const MOST_SIGNS = 10_000;

/** Writes our messages into rooms. */
export class Writer {
  readonly #homeserver: Homeserver;
  readonly #seal: Seal;
  /** Makes transaction ids of edits unlike those of other runs. */
  readonly #run: string;
  #edits = 0;
  /** Signs of ours that stand already, as far as this run knows. */
  readonly #signs = new Set<string>();

  constructor(homeserver: Homeserver, seal: Seal, run: string) {
    this.#homeserver = homeserver;
    this.#seal = seal;
    this.#run = run;
  }

  /**
   * Sends a new message, made when there is room for it, and returns its id. The same `txnId` is the same
   * message, also after a restart. Throws MessageGone where we may not write.
   */
  async post(
    room: string,
    standing: Standing,
    make: () => Promise<ShownMessage>,
    txnId: string,
    signal: AbortSignal,
  ): Promise<string> {
    const content = async () => newContent(await make(), standing);
    return this.postContent(room, "m.room.message", content, txnId, signal);
  }

  /** The same for any other event. */
  async postContent(
    room: string,
    type: string,
    make: () => Promise<object>,
    txnId: string,
    signal: AbortSignal,
  ): Promise<string> {
    const sent = async () => this.#seal(room, type, await make());
    const id = await gone(this.#homeserver.send(room, sent, { txnId, must: true, signal }));
    return id as string;
  }

  /** An event that may be left out: it waits for room, and goes before nothing else. Null: it was left out. */
  async postSpare(
    room: string,
    type: string,
    make: () => Promise<object>,
    txnId: string,
    signal: AbortSignal,
  ): Promise<string | null> {
    const sent = async () => this.#seal(room, type, await make());
    const how = { txnId, must: false, patienceMs: SPARE_PATIENCE_MS, signal };
    return gone(this.#homeserver.send(room, sent, how));
  }

  /** Puts a sign of ours below an event, once and where there is room for it. Signs are never encrypted. */
  async sign(room: string, target: string, key: string, signal: AbortSignal): Promise<void> {
    const txnId = `s.${target}.${key}`;
    if (this.#signs.has(txnId)) return;
    const about = { rel_type: "m.annotation", event_id: target, key };
    const sent = async () => ({ type: "m.reaction", content: { "m.relates_to": about } });
    const how = { txnId, must: false, patienceMs: SPARE_PATIENCE_MS, signal };
    try {
      if ((await this.#homeserver.send(room, sent, how)) === null) return;
    } catch (error) {
      // It stands there from before a restart.
      const code = error instanceof MatrixRefusal ? error.code : "";
      if (code !== "M_DUPLICATE_ANNOTATION") throw error;
    }
    this.#signs.add(txnId);
    if (this.#signs.size > MOST_SIGNS) this.#signs.clear();
  }

  /**
   * Replaces a message of ours. False: there was no room for an edit that may be left out. Throws MessageGone
   * where it cannot be replaced any more.
   */
  async edit(
    room: string,
    id: string,
    message: ShownMessage,
    signal: AbortSignal,
  ): Promise<boolean> {
    const sent = () => this.#seal(room, "m.room.message", editContent(message, id));
    const how = { txnId: `${this.#run}.${++this.#edits}`, must: message.final, signal };
    return (await gone(this.#homeserver.send(room, sent, how))) !== null;
  }

  async remove(room: string, id: string, signal: AbortSignal): Promise<void> {
    const how = { txnId: `${this.#run}.${++this.#edits}`, must: true, signal };
    await gone(this.#homeserver.redact(room, id, how));
  }
}

/** A refusal that stays one: we were kicked, may not write here, or the event will never do. */
async function gone<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof MatrixRefusal && !error.transient) {
      throw new MessageGone(`${error.code}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
