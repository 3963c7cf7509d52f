import { Redis } from "ioredis";

/**
 * A connection whose commands of one turn of the event loop, and of all that its promises set off, leave in one
 * write: under load a system call is the dearest part of a small command. The client's own automatic pipelines
 * gather as well, but each of them first copies all scripts known to the connection, and BullMQ has sixty.
 */
export class TurnRedis extends Redis {
  #corked = false;

  override sendCommand(...args: Parameters<Redis["sendCommand"]>): unknown {
    const { stream } = this;
    if (!this.#corked && this.status === "ready" && stream?.writable) {
      this.#corked = true;
      stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        stream.uncork();
      });
    }
    return super.sendCommand(...args);
  }
}
