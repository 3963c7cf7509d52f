import { Redis, type RedisOptions } from "ioredis";

/** When what was gathered leaves. */
export type Leaving =
  /** After the callback that sent it, and all that its promises set off. */
  | "callback"
  /** After all callbacks of this turn of the event loop: whatever arrived with it at other sockets shares the write. */
  | "turn";

/**
 * A connection whose commands of one moment leave in one write: under load a system call is the dearest part of a
 * small command. The client's own automatic pipelines gather as well, but each of them first copies all scripts
 * known to the connection, and BullMQ has sixty.
 */
export class TurnRedis extends Redis {
  readonly #afterwards: (uncork: () => void) => void;
  #corked = false;

  constructor(url: string, options: Omit<RedisOptions, "replyMapping">, leaving: Leaving) {
    super(url, options);
    this.#afterwards = leaving === "turn" ? setImmediate : process.nextTick;
  }

  override sendCommand(...args: Parameters<Redis["sendCommand"]>): unknown {
    const { stream } = this;
    if (!this.#corked && this.status === "ready" && stream?.writable) {
      this.#corked = true;
      stream.cork();
      this.#afterwards(() => {
        this.#corked = false;
        stream.uncork();
      });
    }
    return super.sendCommand(...args);
  }
}
