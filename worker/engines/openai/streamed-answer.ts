import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { FinishReason } from "../../../protocol/wire/primitives.ts";
import { EngineError, type Generated, type GenerateRequest } from "../engine.ts";
import { broken, type ChatDialect } from "./dialect.ts";
import type { ServerClient } from "./server-client.ts";
import { WholeText } from "./whole-text.ts";

/** A server that sends nothing for so long has lost the request. */
const SILENT_MS = 120_000;

/**
 * One answer of a server's model (`id`: as the server calls it). Returns when the server has ended it, when it
 * has written what was ordered, or when `signal` aborts. Throws EngineError.
 */
export async function streamedAnswer(
  client: ServerClient,
  dialect: ChatDialect,
  id: string,
  request: GenerateRequest,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<Generated> {
  const started = performance.now();
  let firstAt: number | null = null;
  const text = new WholeText();
  let written = 0;
  let bytes = 0;
  let thought = false;
  let usage: { prompt: number; completion: number } | null = null;
  let finish: FinishReason | null = null;
  const give = (piece: string) => {
    if (piece === "") return;
    firstAt ??= performance.now();
    bytes += Buffer.byteLength(piece);
    onText(piece);
  };
  const silence = new AbortController();
  const quiet = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const body = await client.answer(dialect.path, dialect.body(id, request), either);
    for await (const piece of dialect.pieces(body)) {
      quiet.refresh();
      if (piece.model !== null && !sameModel(piece.model, id)) {
        throw broken("answered with another model than the one asked for");
      }
      thought ||= piece.thought;
      usage = piece.usage ?? usage;
      if (piece.finish !== null) finish = piece.finish === "length" ? "length" : "stop";
      if (piece.text === "") continue;
      // Each piece is one token or more: a server that goes on past the order is cut off.
      if (written === request.maxTokens) {
        finish = "length";
        break;
      }
      written += 1;
      give(text.push(piece.text));
    }
    // A stream that ends without a word about why was cut off on its way.
    if (finish === null) throw broken("broke off the answer");
  } catch (error) {
    if (signal.aborted) finish = "stopped";
    else if (silence.signal.aborted) throw broken("has gone silent");
    else if (error instanceof EngineError) throw error;
    else if (written > 0) throw broken("broke off the answer");
    else throw broken("does not answer");
  } finally {
    clearTimeout(quiet);
  }
  give(text.end());
  if (bytes === 0 && thought && finish !== "stopped") {
    throw broken("thought for as long as the answer may be, and wrote none");
  }
  const ended = performance.now();
  const reason = finish as FinishReason;
  const tokens = tokensOf(usage, reason, written, bytes, request.maxTokens);
  return {
    tokenIds: Uint32Array.from({ length: tokens }, (_, i) => i),
    finishReason: reason,
    chatTemplate: sha256Hex(),
    usage: {
      promptTokens: Math.max(0, usage?.prompt ?? 0),
      completionTokens: tokens,
      turnsDropped: 0,
    },
    durationMs: {
      load: 0,
      prefill: Math.round((firstAt ?? ended) - started),
      generate: Math.round(ended - (firstAt ?? ended)),
    },
  };
}

/** Servers leave out a tag or a folder of the name they were asked for. */
function sameModel(told: string, asked: string): boolean {
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/:latest$/, "")
      .split(/[\\/]/)
      .at(-1);
  return told === "" || bare(told) === bare(asked);
}

/**
 * Tokens to count. The server's number, where it can be true: each token has at least a byte of text, and no
 * more were ordered. Else the pieces that came.
 */
function tokensOf(
  usage: { completion: number } | null,
  finish: FinishReason,
  pieces: number,
  bytes: number,
  most: number,
): number {
  const told = usage !== null && finish !== "stopped" ? usage.completion : pieces;
  return Math.max(0, Math.min(told, bytes, most));
}
