/** Pieces kept apart at most: how much memory they may cost above the text they hold. */
const MAX_PIECES = 512;

/**
 * The text of an answer that is being written. Each piece is sent on and then only put aside: to cut it out of the
 * whole would copy all that is there for every token (strings that were put together with `+` are made into one
 * when they are read), and an answer's price would grow with the square of its length.
 */
export class AnswerText {
  /** Everything before `#pieces`. */
  #settled = "";
  readonly #pieces: string[] = [];
  /** Sent on, in UTF-16 units. */
  #sent = 0;
  #unsent = "";

  add(piece: string): void {
    this.#unsent += piece;
  }

  /** What was added since the last call, and where it begins in the whole (UTF-16 units). */
  takeUnsent(): { offset: number; text: string } {
    const offset = this.#sent;
    const text = this.#unsent;
    this.#unsent = "";
    this.#sent += text.length;
    this.#pieces.push(text);
    if (this.#pieces.length >= MAX_PIECES) this.#settle();
    return { offset, text };
  }

  /** All text so far. */
  whole(): string {
    this.#settle();
    return this.#settled + this.#unsent;
  }

  #settle(): void {
    this.#settled = [this.#settled, ...this.#pieces].join("");
    this.#pieces.length = 0;
  }
}
