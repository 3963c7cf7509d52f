/** Seconds over which the present speed is taken. */
const WINDOW_S = 5;
/** Points of the little curve. */
const CURVE_S = 60;

/** Counts pieces of text as they leave the engine: the present speed and its last minute, for people. */
export class Activity {
  /** Pieces in each of the last seconds; index = second modulo length. */
  readonly #perSecond = new Uint32Array(CURVE_S);
  readonly #now: () => number;
  #second: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#second = Math.floor(now() / 1000);
  }

  /** A token's text left the engine. */
  piece(): void {
    this.#advance();
    this.#perSecond[this.#second % CURVE_S]! += 1;
  }

  /** Tokens a second over the last few whole seconds. */
  tokensPerSecond(): number {
    const curve = this.curve().slice(-WINDOW_S - 1, -1);
    return curve.reduce((sum, each) => sum + each, 0) / WINDOW_S;
  }

  /** Tokens in each of the last 60 seconds, oldest first; the last one is still running. */
  curve(): number[] {
    this.#advance();
    return Array.from(
      { length: CURVE_S },
      (_, i) => this.#perSecond[(this.#second + 1 + i) % CURVE_S] as number,
    );
  }

  #advance(): void {
    const second = Math.floor(this.#now() / 1000);
    for (let gone = Math.min(second - this.#second, CURVE_S); gone > 0; gone--) {
      this.#perSecond[(second - gone + 1) % CURVE_S] = 0;
    }
    this.#second = Math.max(this.#second, second);
  }
}
