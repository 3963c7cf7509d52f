import type { Log } from "../log.ts";
import { clockInWords } from "../words.ts";
import type { PoolClock } from "./pool-clock.ts";

/** Differences that are closer than this are told once. */
const SAME_MS = 60_000;

/** Tells the owner when this machine's clock and the pool's are apart, and when they agree again. */
export class ClockWatch {
  readonly #clock: PoolClock;
  readonly #log: Log;
  #told = 0;

  constructor(clock: PoolClock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  look(): void {
    const { ahead } = this.#clock;
    if (ahead === 0 ? this.#told === 0 : Math.abs(ahead - this.#told) < SAME_MS) return;
    this.#told = ahead;
    if (ahead === 0) this.#log.info("this machine's clock agrees with the pool's again");
    else {
      this.#log.warn(
        `this machine's clock is ${clockInWords(ahead)}: orders are reckoned by the pool's, your hours and days by ` +
          "yours. If yours is wrong, let this machine set its time by itself",
      );
    }
  }
}
