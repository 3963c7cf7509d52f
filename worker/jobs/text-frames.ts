import { MAX_FRAME_TEXT_BYTES } from "../limits/frames.ts";

/** Where a lease's text frames go. */
export interface TextSink {
  /** True while the socket has not taken what it was given. */
  readonly congested: boolean;
  text(seq: number, text: string): void;
}

/**
 * Turns pieces of text into frames of one lease, `seq` counting from 0.
 *
 *   empty ──write──► waiting ──turn of the event loop, or gap over──► sent (empty again)
 *   waiting ──socket congested──► empty timer, text kept ──next write or end──► sent
 *   any ──end──► closed, all sent      any ──drop──► closed, nothing more sent
 *
 * The first piece leaves in the same turn of the event loop. Later ones leave a moment after they came, when
 * the engine computes again and this thread is idle; pieces that come within `gapMs` of a frame share the
 * next, so that a model of 2,000 tokens a second does not cost 2,000 frames. A congested socket is not fed:
 * the text waits here, and an answer's length bounds it.
 */
export class TextFrames {
  #pending = "";
  #seq = 0;
  #timer: NodeJS.Timeout | null = null;
  #turn: NodeJS.Immediate | null = null;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #closed = false;
  readonly #sink: TextSink;
  readonly #gapMs: number;

  constructor(sink: TextSink, gapMs = 10) {
    this.#sink = sink;
    this.#gapMs = gapMs;
  }

  write(text: string): void {
    if (this.#closed) return;
    this.#pending += text;
    if (this.#timer !== null || this.#turn !== null) return;
    const wait = this.#lastSentMs + this.#gapMs - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#due(), Math.ceil(wait));
    else if (this.#seq > 0) this.#timer = setTimeout(() => this.#due(), 1);
    else this.#turn = setImmediate(() => this.#due());
  }

  /** Sends what is left and returns how many frames there were. */
  end(): number {
    this.drop();
    this.#send();
    return this.#seq;
  }

  /** Sends nothing more. */
  drop(): void {
    this.#closed = true;
    this.#clear();
  }

  #due(): void {
    this.#clear();
    if (!this.#sink.congested) this.#send();
  }

  #send(): void {
    while (this.#pending !== "") {
      const text = wholeCharacters(this.#pending, MAX_FRAME_TEXT_BYTES);
      this.#sink.text(this.#seq, text);
      this.#pending = this.#pending.slice(text.length);
      this.#seq += 1;
    }
    this.#lastSentMs = performance.now();
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#timer = null;
    this.#turn = null;
  }
}

/** The longest start of `text` with at most `bytes` UTF-8 bytes that cuts no character in two. */
function wholeCharacters(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read);
}
