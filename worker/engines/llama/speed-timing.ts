import type { LlamaModel } from "node-llama-cpp";
import type { SpeedMeasured } from "../../../protocol/wire/gateway.ts";
import { exactBatches } from "./exact-batches.ts";

/** Most answers at once that are tried; more gave nothing on any processor we measured. */
const MOST_SLOTS = 8;
/** Twice the answers at once must give this much more in total, or each asker only waits longer. */
const WORTH_IT = 1.15;
/** Below this many tokens a second an answer comes slower than people read. */
const READING_SPEED = 6;

/** What gave most tokens a second, and everything that was tried. */
export interface FastestSetting {
  readonly threads: number;
  /** Answers at once. */
  readonly slots: number;
  /** Answers whose next tokens may share a batch without changing each other. */
  readonly together: number;
  /** Of one answer alone. */
  readonly tokensPerSecond: number;
  readonly measured: readonly SpeedMeasured[];
}

/** 1, 2, 4 … up to `most`. */
export function doublings(most: number): number[] {
  const candidates: number[] = [];
  for (let each = 1; each <= most; each *= 2) candidates.push(each);
  return candidates;
}

/**
 * Tries thread counts with one answer, then 2, 4, 8 answers at once with the best, until `deadline` (in
 * `now`'s time). More is not better: threads spin while they wait, and one too many on a shared machine made
 * this engine a thousand times slower (1.4 instead of 1,660 tokens a second). A candidate well below the best
 * ends the search. `measure` gives tokens a second of all answers together, or null where so many
 * cannot be written at once (memory lacks, or they would come out differently).
 */
export async function fastestSetting(
  tried: { readonly threads: readonly number[]; readonly slots: readonly number[] },
  measure: (threads: number, slots: number) => Promise<number | null>,
  now: () => number,
  deadline: number,
): Promise<FastestSetting> {
  const measured: SpeedMeasured[] = [];
  const speed = async (threads: number, slots: number) => {
    const tokensPerSecond = await measure(threads, slots);
    if (tokensPerSecond === null) return null;
    measured.push({ threads, slots, tokensPerSecond: Math.round(tokensPerSecond) });
    return tokensPerSecond;
  };
  const fewest = tried.slots[0] ?? 1;
  let best = { threads: tried.threads[0] ?? 1, slots: fewest, total: 0 };
  for (const threads of tried.threads) {
    if (measured.length > 0 && now() >= deadline) break;
    const total = (await speed(threads, fewest)) ?? 0;
    if (total > best.total) best = { ...best, threads, total };
    else if (total < best.total / 2) break;
  }
  const alone = best.total / fewest;
  for (const slots of tried.slots.slice(1)) {
    if (now() >= deadline || alone < READING_SPEED) break;
    const total = await speed(best.threads, slots);
    if (total === null || total < best.total * WORTH_IT || total / slots < READING_SPEED) break;
    best = { ...best, slots, total };
  }
  const { threads, slots } = best;
  return { threads, slots, together: slots, tokensPerSecond: Math.round(alone), measured };
}

/** Answers at once to try when nobody fixed a number. */
export const SLOT_CANDIDATES: readonly number[] = doublings(MOST_SLOTS);

/** Tokens a second that `slots` plain generations at once give together, over about `milliseconds`. */
export async function measureSpeed(
  model: LlamaModel,
  threads: number,
  slots: number,
  milliseconds: number,
): Promise<number> {
  const context = await model.createContext({
    contextSize: 256,
    sequences: slots,
    threads,
    batching: { itemPrioritizationStrategy: exactBatches(slots) },
  });
  try {
    const start = model.tokenize("The", false);
    let until = Number.POSITIVE_INFINITY;
    let from = 0;
    let tokens = 0;
    let started = 0;
    const run = async () => {
      const sequence = context.getSequence();
      let mine = 0;
      for await (const _ of sequence.evaluate(start, { temperature: 0, yieldEogToken: true })) {
        mine += 1;
        // The first token of each pays for start-up; the clock runs from when all have it.
        if (mine === 1 && ++started === slots) {
          from = performance.now();
          until = from + milliseconds;
        } else if (from > 0) tokens += 1;
        if (performance.now() >= until || mine >= 240) return;
      }
    };
    await Promise.all(Array.from({ length: slots }, run));
    return tokens / Math.max(0.001, (performance.now() - from) / 1000);
  } finally {
    await context.dispose();
  }
}
