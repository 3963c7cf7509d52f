import { EngineError, type GenerateRequest } from "../engine.ts";

/** A part of an answer as its server sent it. */
export interface ChatPiece {
  readonly text: string;
  /** True where the model thinks before it answers; thoughts are not passed on. */
  readonly thought: boolean;
  /** Why it ended, as servers say it (`stop`, `length`); null before the end. */
  readonly finish: string | null;
  readonly usage: { readonly prompt: number; readonly completion: number } | null;
  /** Model that answers, by its own word. */
  readonly model: string | null;
}

/** How one kind of server is asked for an answer, and how what it streams is read. */
export interface ChatDialect {
  /** Below the server's root. */
  readonly path: string;
  /** `model`: as the server calls it. */
  body(model: string, request: GenerateRequest): object;
  /** Throws EngineError for what is no answer. */
  pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatPiece>;
}

/** The job's seed as these servers take it: 31 bits, which every one of them reads as an integer. */
export function seedNumber(seed: string): number {
  return Number.parseInt(seed.slice(0, 8), 16) >>> 1;
}

/** The server broke; `what` is what it did. The answer is not quoted. */
export function broken(what: string): EngineError {
  return new EngineError("engine_error", `The server that runs the model ${what}.`);
}
