import { EventSourceParserStream } from "eventsource-parser/stream";
import Type from "typebox";
import { jsonParser } from "../../../protocol/parse.ts";
import { EngineError } from "../engine.ts";

/** One event of a chat completion; servers add keys of their own. */
const Chunk = Type.Object({
  model: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  choices: Type.Optional(
    Type.Array(
      Type.Object({
        delta: Type.Optional(
          Type.Object({ content: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
        ),
        finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      }),
    ),
  ),
  usage: Type.Optional(
    Type.Union([
      Type.Object({ prompt_tokens: Type.Integer(), completion_tokens: Type.Integer() }),
      Type.Null(),
    ]),
  ),
  error: Type.Optional(Type.Unknown()),
});
const parseChunk = jsonParser(Chunk, "chunk");

/** An event of a stream is small; a server that sends more without a line's end is broken. */
const MAX_EVENT_CHARS = 1_048_576;

/** What one event said. */
export interface ChatPiece {
  readonly text: string;
  readonly finish: string | null;
  readonly usage: { readonly prompt: number; readonly completion: number } | null;
  readonly model: string | null;
}

/** Reads a streamed chat completion up to `[DONE]`. Throws EngineError for what is none. */
export async function* chatPieces(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatPiece> {
  const events = body
    // The DOM's and Node's types of the same class differ in a type parameter.
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: MAX_EVENT_CHARS }));
  for await (const { data } of events) {
    if (data === "[DONE]") return;
    let chunk: Type.Static<typeof Chunk>;
    try {
      chunk = parseChunk(data);
    } catch {
      // The event may hold the answer: it is named, not quoted.
      throw broken("sent something that is no part of a chat completion");
    }
    if (chunk.error !== undefined) throw broken("broke off with an error");
    const [choice] = chunk.choices ?? [];
    yield {
      text: choice?.delta?.content ?? "",
      finish: choice?.finish_reason ?? null,
      usage: chunk.usage
        ? { prompt: chunk.usage.prompt_tokens, completion: chunk.usage.completion_tokens }
        : null,
      model: chunk.model ?? null,
    };
  }
}

export function broken(what: string): EngineError {
  return new EngineError("engine_error", `The server that runs the model ${what}.`);
}
