import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { EngineError, type Generated, type GenerateRequest } from "../engine.ts";
import { fitConversation, promptTokens } from "./chat-prompt.ts";
import { generateTokens } from "./generate-tokens.ts";
import type { GgufHeader } from "./gguf-header.ts";
import type { LoadedModel } from "./loaded-model.ts";

/** One answer, in a free seat of a loaded model. Throws EngineError `prompt_too_long`, `engine_error`. */
export async function writeAnswer(
  { model, wrapper, contextTokens, free }: LoadedModel,
  header: GgufHeader,
  loadMs: number,
  request: GenerateRequest,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<Generated> {
  // Where an answer may be longer than half the context, the conversation still gets the other half.
  const reserved = Math.min(request.maxTokens, Math.floor(contextTokens / 2));
  const prompt = fitConversation(request.messages, contextTokens - reserved, (messages) =>
    promptTokens(messages, model, wrapper),
  );
  const seat = free.pop();
  if (seat === undefined) throw new EngineError("engine_error", "No sequence is free.");
  try {
    await seat.cleared;
    const run = await generateTokens(seat.sequence, model, prompt.tokens, {
      sampler: request.sampler,
      seed: request.seed,
      maxTokens: Math.min(request.maxTokens, contextTokens - prompt.tokens.length),
      onText,
      signal,
    });
    return {
      tokenIds: run.tokenIds,
      finishReason: run.finishReason,
      chatTemplate: header.chatTemplateSha256 ?? sha256Hex(),
      usage: {
        promptTokens: prompt.tokens.length,
        completionTokens: run.tokenIds.length,
        turnsDropped: prompt.turnsDropped,
      },
      durationMs: { load: loadMs, prefill: run.prefillMs, generate: run.generateMs },
    };
  } finally {
    // Nothing of one job's text is left for the next: neither in memory nor as a cached prefix. The answer
    // need not wait for it, only the next answer.
    seat.cleared = seat.sequence.clearHistory();
    seat.cleared.catch(() => {});
    free.push(seat);
  }
}
