import Type from "typebox";
import { jsonParser } from "../../../protocol/parse.ts";
import { broken, type ChatDialect, type ChatPiece, seedNumber } from "./dialect.ts";

/** One line of an answer; Ollama adds durations. */
const Line = Type.Object({
  model: Type.Optional(Type.String()),
  message: Type.Optional(
    Type.Object({
      content: Type.Optional(Type.String()),
      thinking: Type.Optional(Type.String()),
    }),
  ),
  done: Type.Optional(Type.Boolean()),
  done_reason: Type.Optional(Type.String()),
  prompt_eval_count: Type.Optional(Type.Integer()),
  eval_count: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.Unknown()),
});
const parseLine = jsonParser(Line, "line");

/** A line holds a token and the model's name; the last one also durations. */
const MAX_LINE_CHARS = 1_048_576;

/**
 * Ollama's own chat API (docs/api.md). Over its OpenAI-compatible one a question that is too long is cut to the
 * context without a word, and the answer is to what is left of it (seen with 0.17.4: 1,814 tokens became 512); a
 * repeat penalty of 1.1 is added too, and top-k and min-p cannot be set. Here all of that is said.
 */
export const ollamaChat: ChatDialect = {
  path: "/api/chat",
  body: (model, { messages, sampler, maxTokens, seed }) => ({
    model,
    messages,
    stream: true,
    truncate: false,
    shift: false,
    // The tokens ordered are for the answer.
    think: false,
    options: {
      num_predict: maxTokens,
      temperature: sampler.temperatureMilli / 1000,
      top_k: sampler.topK,
      top_p: sampler.topPMilli / 1000,
      min_p: sampler.minPMilli / 1000,
      repeat_penalty: 1,
      seed: seedNumber(seed),
    },
  }),
  async *pieces(body) {
    for await (const line of lines(body)) yield pieceOf(line);
  },
};

function pieceOf(text: string): ChatPiece {
  let line: Type.Static<typeof Line>;
  try {
    line = parseLine(text);
  } catch {
    // The line may hold the answer: it is named, not quoted.
    throw broken("sent something that is no part of an answer");
  }
  if (line.error !== undefined) throw broken("broke off with an error");
  const { prompt_eval_count: prompt, eval_count: completion } = line;
  return {
    text: line.message?.content ?? "",
    thought: Boolean(line.message?.thinking),
    finish: line.done === true ? (line.done_reason ?? "stop") : null,
    usage: completion === undefined ? null : { prompt: prompt ?? 0, completion },
    model: line.model ?? null,
  };
}

/** Lines of a stream that are not empty. Throws EngineError for one without an end. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  // The DOM's and Node's types of the same class differ in a type parameter.
  const decoder = new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>;
  for await (const part of body.pipeThrough(decoder)) {
    const parts = (rest + part).split("\n");
    rest = parts.pop() as string;
    if (rest.length > MAX_LINE_CHARS) throw broken("sent a line without an end");
    for (const line of parts) if (line.trim() !== "") yield line;
  }
  if (rest.trim() !== "") yield rest;
}
