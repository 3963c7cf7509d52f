import type { CustomBatchingPrioritizationStrategy } from "node-llama-cpp";

/**
 * Which evaluations may share a batch, so that an answer comes out the same whatever runs beside it: one
 * prompt alone, or up to `together` answers' next tokens. llama.cpp takes other kernels for larger batches and
 * rounds differently in them: with eight answers at once 15 of 16 texts of SmolLM2 Q4_1 differed from those written
 * alone, with prompts and next tokens mixed likewise. First come, first served: prompts and next tokens take turns.
 */
export function exactBatches(together: number): CustomBatchingPrioritizationStrategy {
  return ({ items, size }) => {
    const [first] = items;
    if (first === undefined) return [];
    if (first.tokens.length > 1) {
      return [{ item: first, processAmount: Math.min(first.tokens.length, size) }];
    }
    return items
      .filter((item) => item.tokens.length === 1)
      .slice(0, Math.min(together, size))
      .map((item) => ({ item, processAmount: 1 }));
  };
}
