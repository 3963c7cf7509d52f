import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { FinishReason, SamplerSettings } from "../../../protocol/wire/primitives.ts";
import { chooseToken } from "../../sampler/choose.ts";
import { seededNoise } from "../../sampler/noise.ts";
import { TokenText } from "./token-text.ts";

/** Prompt tokens evaluated between two looks at the stop signal. Fixed, because batch sizes move the logits. */
const PREFILL_CHUNK = 256;

export interface TokenRun {
  readonly tokenIds: Uint32Array;
  readonly finishReason: FinishReason;
  /** Milliseconds. */
  readonly prefillMs: number;
  readonly generateMs: number;
}

/**
 * Writes tokens after `prompt` on an empty sequence. The engine scales by temperature and truncates; which of
 * the survivors is taken is decided here, by the seed alone (worker/sampler).
 *
 * Asking `evaluateWithMetadata` for the survivors' probabilities and answering each step with our own choice
 * keeps one native sampler for the whole answer: measured 0.92–0.95 of bare generation, against 0.75–0.85 for
 * `controlledEvaluate`, which makes a vocabulary-sized one per token.
 */
export async function generateTokens(
  sequence: LlamaContextSequence,
  model: LlamaModel,
  prompt: readonly Token[],
  options: {
    readonly sampler: SamplerSettings;
    readonly seed: string;
    readonly maxTokens: number;
    readonly onText: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<TokenRun> {
  const { signal, maxTokens, onText } = options;
  const started = performance.now();
  const ids: Token[] = [];
  const text = new TokenText(model);
  const ended = (finishReason: FinishReason, prefilledAt: number): TokenRun => {
    const rest = text.end();
    if (rest !== "") onText(rest);
    return {
      tokenIds: Uint32Array.from(ids),
      finishReason,
      prefillMs: Math.round(prefilledAt - started),
      generateMs: Math.round(performance.now() - prefilledAt),
    };
  };

  let fed = 0;
  for (; prompt.length - fed > PREFILL_CHUNK; fed += PREFILL_CHUNK) {
    if (signal.aborted) return ended("stopped", performance.now());
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(fed, fed + PREFILL_CHUNK), {
      contextShift: NEVER_SHIFT,
    });
  }
  if (signal.aborted) return ended("stopped", performance.now());

  const steps = tokenSteps(sequence, prompt.slice(fed), options.sampler, options.seed);
  try {
    let next = await steps.first();
    const prefilledAt = performance.now();
    for (;;) {
      if (model.isEogToken(next)) return ended("stop", prefilledAt);
      ids.push(next);
      const piece = text.push(next);
      if (piece !== "") onText(piece);
      if (ids.length === maxTokens) return ended("length", prefilledAt);
      if (signal.aborted) return ended("stopped", prefilledAt);
      next = await steps.after(next);
    }
  } finally {
    await steps.end();
  }
}

interface TokenSteps {
  first(): Promise<Token>;
  after(token: Token): Promise<Token>;
  end(): Promise<void>;
}

/** One choice of token after another; temperature 0 is the arg max and needs no noise. */
function tokenSteps(
  sequence: LlamaContextSequence,
  tokens: Token[],
  sampler: SamplerSettings,
  seed: string,
): TokenSteps {
  const native = { contextShift: NEVER_SHIFT, yieldEogToken: true } as const;
  if (sampler.temperatureMilli === 0) {
    const iterator = sequence.evaluate(tokens, { ...native, temperature: 0 });
    const step = (token?: Token) => pulled(iterator.next(token));
    return { first: () => step(), after: step, end: async () => void (await iterator.return()) };
  }
  const noise = seededNoise(seed);
  let position = 0;
  const iterator = sequence.evaluateWithMetadata(
    tokens,
    { probabilities: true },
    {
      ...native,
      temperature: sampler.temperatureMilli / 1000,
      topK: sampler.topK,
      topP: sampler.topPMilli / 1000,
      minP: sampler.minPMilli / 1000,
      // The engine draws a token of its own, which is never used; a fixed seed keeps the clock out of it.
      seed: 0,
    },
  );
  const step = async (token?: Token) => {
    const output = await pulled(iterator.next(token));
    return chooseToken(output.probabilities, position++, noise) as Token;
  };
  return { first: () => step(), after: step, end: async () => void (await iterator.return()) };
}

async function pulled<T>(next: Promise<IteratorResult<T, unknown>>): Promise<T> {
  const result = await next;
  if (result.done) throw new Error("the engine ended the sequence by itself");
  return result.value;
}

/** Prompts are cut to fit before they get here; shifting would silently score text without its beginning. */
const NEVER_SHIFT = {
  strategy: () => {
    throw new Error("the context is full: the engine asked to shift it, which is never done");
  },
};
