import { setTimeout as delay } from "node:timers/promises";

/**
 * Under load a batch begins at most this often. Every statement has a fixed price (a round trip, a plan, a disk
 * flush) that is many times the price of a row in it, so a few milliseconds of patience pay for themselves.
 */
const PAUSE_MS = 10;

/**
 * Gathers calls that arrive close together, so that many concurrent callers share one statement and one disk
 * flush. A lone caller waits for the end of the event loop's turn and nothing else.
 *
 *   idle --add--> writing (what was added in this turn)
 *   writing --written, others wait--> pausing (until PAUSE_MS after the batch began) --> writing (all that wait)
 *   writing --written, nobody waits--> idle
 */
export class Gather<Item, Outcome> {
  #waiting: { item: Item; resolve: (o: Outcome) => void; reject: (e: unknown) => void }[] = [];
  #writing = false;
  readonly #write: (items: Item[]) => Promise<Outcome[]>;
  readonly #atMost: number;
  readonly #pauseMs: number;

  /** `write` gets one or more items, at most `atMost`, and returns one outcome for each, in order. */
  constructor(
    write: (items: Item[]) => Promise<Outcome[]>,
    { atMost = 1000, pauseMs = PAUSE_MS } = {},
  ) {
    this.#write = write;
    this.#atMost = atMost;
    this.#pauseMs = pauseMs;
  }

  /** Resolves with this item's outcome; rejects when its whole batch failed. */
  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      setImmediate(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const begun = performance.now();
      const batch = this.#waiting.splice(0, this.#atMost);
      try {
        const outcomes = await this.#write(batch.map((call) => call.item));
        for (const [i, call] of batch.entries()) call.resolve(outcomes[i] as Outcome);
      } catch (error) {
        for (const call of batch) call.reject(error);
      }
      if (this.#waiting.length === 0) break;
      const rest = this.#pauseMs - (performance.now() - begun);
      if (rest > 0 && this.#waiting.length < this.#atMost) await delay(rest);
    }
    this.#writing = false;
  }
}
