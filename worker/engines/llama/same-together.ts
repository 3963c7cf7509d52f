import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import { exactBatches } from "./exact-batches.ts";

/** Steps compared; other kernels show in the first few. */
const STEPS = 12;
const BEGINNINGS = ["The", "A long time ago", "Yes, and", "In the beginning there was"];

/**
 * True when `together` answers in one batch get bit for bit the probabilities that each gets alone, on this
 * machine with this model: only then is the same order the same text whatever runs beside it, and only then can
 * another node hold it against its seed.
 */
export async function sameTogether(
  model: LlamaModel,
  threads: number,
  together: number,
): Promise<boolean> {
  const context = await model.createContext({
    contextSize: 256,
    sequences: together,
    threads,
    batching: { itemPrioritizationStrategy: exactBatches(together) },
  });
  try {
    const sequences = Array.from({ length: together }, () => context.getSequence());
    const begin = (i: number) =>
      model.tokenize(`${BEGINNINGS[i % BEGINNINGS.length]} ${i}`, false) as Token[];
    const alone: string[] = [];
    for (const [i, sequence] of sequences.entries()) {
      alone.push(await steps(sequence, begin(i)));
      await sequence.clearHistory();
    }
    const beside = await Promise.all(sequences.map((sequence, i) => steps(sequence, begin(i))));
    return beside.every((each, i) => each === alone[i]);
  } finally {
    await context.dispose();
  }
}

/** The most likely tokens of some steps with their exact probabilities. */
async function steps(sequence: LlamaContextSequence, tokens: Token[]): Promise<string> {
  const seen: string[] = [];
  const options = { temperature: 1, topK: 8, topP: 1, seed: 0, yieldEogToken: true };
  const iterator = sequence.evaluateWithMetadata(tokens, { probabilities: true }, options);
  let result = await iterator.next();
  while (!result.done && seen.length < STEPS) {
    const best = [...result.value.probabilities];
    seen.push(best.join(" "));
    result = await iterator.next(best[0]?.[0]);
  }
  await iterator.return();
  return seen.join("\n");
}
