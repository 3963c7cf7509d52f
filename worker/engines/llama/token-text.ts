import type { LlamaModel, Token } from "node-llama-cpp";

/** Tokens the tokenizer may look back at to decide about a space between words. */
const LOOK_BACK = 8;
/** Tokens held back at most: a character has four bytes, so no token of a well-formed text waits longer. */
const LONGEST_WAIT = 8;
const REPLACEMENT = "\uFFFD";

/**
 * Turns tokens into text as they come. A token may end in the middle of a character: its bytes are held back
 * until the character is whole, so that no piece ever holds half of one. What stays broken (the model wrote
 * bytes that are no UTF-8) becomes U+FFFD.
 */
export class TokenText {
  readonly #model: Pick<LlamaModel, "detokenize">;
  #before: Token[] = [];
  #held: Token[] = [];

  constructor(model: Pick<LlamaModel, "detokenize">) {
    this.#model = model;
  }

  /** Text that is whole after this token; may be empty. */
  push(token: Token): string {
    this.#held.push(token);
    const text = this.#model.detokenize(this.#held, false, this.#before);
    if (text.endsWith(REPLACEMENT) && this.#held.length < LONGEST_WAIT) return "";
    return this.#release(text);
  }

  /** What was held back when the answer ends. */
  end(): string {
    if (this.#held.length === 0) return "";
    return this.#release(this.#model.detokenize(this.#held, false, this.#before));
  }

  #release(text: string): string {
    this.#before = this.#before.concat(this.#held).slice(-LOOK_BACK);
    this.#held = [];
    return text;
  }
}
