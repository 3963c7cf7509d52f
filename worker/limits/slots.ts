/** Counts the answers being written, so that a node never takes more than it offered. */
export class Slots {
  #total: number;
  #taken = 0;
  #onFree: (() => void)[] = [];

  constructor(total: number) {
    this.#total = total;
  }

  get total(): number {
    return this.#total;
  }

  /** Another number from now on; what runs goes on. */
  resize(total: number): void {
    this.#total = total;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Takes a slot; false when all are taken. */
  take(): boolean {
    if (this.#taken >= this.#total) return false;
    this.#taken += 1;
    return true;
  }

  release(): void {
    this.#taken -= 1;
    if (this.#taken === 0) for (const done of this.#onFree.splice(0)) done();
  }

  /** Resolves when no slot is taken. */
  idle(): Promise<void> {
    if (this.#taken === 0) return Promise.resolve();
    return new Promise((done) => this.#onFree.push(done));
  }
}
