import type { LlamaModel } from "node-llama-cpp";

/** 1, 2, 4 … up to the processor's cores. */
export function threadCandidates(cores: number): number[] {
  const candidates: number[] = [];
  for (let threads = 1; threads <= cores; threads *= 2) candidates.push(threads);
  return candidates;
}

/**
 * The number of threads that writes fastest. More is not better: threads spin while they wait, and one too
 * many on a shared machine made this engine a thousand times slower (1.4 instead of 1,660 tokens a second).
 * A candidate well below the best ends the search. `measure` gives tokens a second.
 */
export async function fastestThreads(
  candidates: readonly number[],
  measure: (threads: number) => Promise<number>,
): Promise<{ threads: number; tokensPerSecond: number }> {
  let best = { threads: candidates[0] ?? 1, tokensPerSecond: 0 };
  for (const threads of candidates) {
    const tokensPerSecond = await measure(threads);
    if (tokensPerSecond > best.tokensPerSecond) best = { threads, tokensPerSecond };
    else if (tokensPerSecond < best.tokensPerSecond / 2) break;
  }
  return best;
}

/** Tokens a second of plain generation with `threads` threads, over about `milliseconds`. */
export async function measureSpeed(
  model: LlamaModel,
  threads: number,
  milliseconds: number,
): Promise<number> {
  const context = await model.createContext({ contextSize: 256, sequences: 1, threads });
  try {
    const sequence = context.getSequence();
    const start = model.tokenize("The", false);
    let tokens = 0;
    let from = 0;
    for await (const _ of sequence.evaluate(start, { temperature: 0, yieldEogToken: true })) {
      const now = performance.now();
      // The first token pays for start-up.
      if (from === 0) from = now;
      else tokens += 1;
      if (now - from >= milliseconds || tokens >= 200) break;
    }
    return tokens / Math.max(0.001, (performance.now() - from) / 1000);
  } finally {
    await context.dispose();
  }
}
