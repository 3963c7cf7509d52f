/**
 * Gathers calls that arrive while the one before is still being written, so that many concurrent callers
 * share one statement and one disk flush, and a lone caller waits for nothing.
 *
 *   idle --add--> writing --more adds--> writing (they wait) --written--> writing all that wait | idle
 */
export class Gather<Item, Outcome> {
  #waiting: { item: Item; resolve: (o: Outcome) => void; reject: (e: unknown) => void }[] = [];
  #writing = false;
  readonly #write: (items: Item[]) => Promise<Outcome[]>;
  readonly #atMost: number;

  /** `write` gets one or more items, at most `atMost`, and returns one outcome for each, in order. */
  constructor(write: (items: Item[]) => Promise<Outcome[]>, atMost = 1000) {
    this.#write = write;
    this.#atMost = atMost;
  }

  /** Resolves with this item's outcome; rejects when its whole batch failed. */
  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#writing) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#atMost);
      try {
        const outcomes = await this.#write(batch.map((call) => call.item));
        for (const [i, call] of batch.entries()) call.resolve(outcomes[i] as Outcome);
      } catch (error) {
        for (const call of batch) call.reject(error);
      }
    }
    this.#writing = false;
  }
}
