import { EventSourceParserStream } from "eventsource-parser/stream";
import Type from "typebox";
import { jsonParser } from "../../../protocol/parse.ts";
import { broken, type ChatDialect, type ChatPiece, seedNumber } from "./dialect.ts";
import type { ServerKind } from "./served-model.ts";

const words = Type.Optional(Type.Union([Type.String(), Type.Null()]));

/** One event of a chat completion; servers add keys of their own. */
const Chunk = Type.Object({
  model: words,
  choices: Type.Optional(
    Type.Array(
      Type.Object({
        delta: Type.Optional(
          /** Thoughts: `reasoning_content` of llama-server, LM Studio and vLLM; `reasoning` of newer vLLM. */
          Type.Object({ content: words, reasoning_content: words, reasoning: words }),
        ),
        finish_reason: words,
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

/** Servers that take `top_k`, `min_p` and the template's settings beside OpenAI's own. */
const TAKES_MORE = new Set<ServerKind["name"]>(["llama-server", "vLLM", "LM Studio"]);

/** OpenAI's chat completions, streamed (platform.openai.com/docs/api-reference/chat). */
export function openAiChat(kind: ServerKind["name"]): ChatDialect {
  return {
    path: "/v1/chat/completions",
    body: (model, { messages, sampler, maxTokens, seed }) => ({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: maxTokens,
      temperature: sampler.temperatureMilli / 1000,
      top_p: sampler.topPMilli / 1000,
      ...(TAKES_MORE.has(kind)
        ? {
            top_k: sampler.topK,
            min_p: sampler.minPMilli / 1000,
            // The tokens ordered are for the answer.
            chat_template_kwargs: { enable_thinking: false },
          }
        : {}),
      seed: seedNumber(seed),
    }),
    pieces: chatPieces,
  };
}

/** Reads a streamed chat completion up to `[DONE]`. */
async function* chatPieces(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatPiece> {
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
      thought: Boolean(choice?.delta?.reasoning_content ?? choice?.delta?.reasoning),
      finish: choice?.finish_reason ?? null,
      usage: chunk.usage
        ? { prompt: chunk.usage.prompt_tokens, completion: chunk.usage.completion_tokens }
        : null,
      model: chunk.model ?? null,
    };
  }
}
