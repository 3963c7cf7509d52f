import type { SamplerSettings } from "../../protocol/wire/primitives.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type BareModel, bareModel } from "./bare-llama.ts";
import { atLeast, type Measure, quantile, reported, residentMegabytes } from "./measure.ts";
import { timedAsk } from "./timed-ask.ts";

const ROUNDS = 7;

interface Subject {
  readonly id: string;
  readonly model: string;
  readonly sampler: SamplerSettings;
  readonly prompts: readonly string[];
  readonly maxTokens: number;
  readonly target: number;
}

const SUBJECTS: readonly Subject[] = [
  {
    id: "bundled",
    model: "substrate-demo",
    // Hot enough that the tiny model rambles on instead of ending after 40 tokens.
    sampler: { temperatureMilli: 3000, topK: 40, topPMilli: 1000, minPMilli: 0 },
    prompts: ["How does voting work here?", "What is a node?", "What is a receipt?"],
    maxTokens: 400,
    target: 0.8,
  },
  {
    id: "smollm2",
    model: "smollm2-135m-instruct-q4_1",
    sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 0 },
    prompts: ["Write a long story about a lighthouse keeper and the sea."],
    maxTokens: 160,
    target: 0.9,
  },
];

/**
 * Tokens per second through the whole path (from the accepted question to the last text at the door) against the bare library's
 * own `evaluate` with the same model, sampler settings, prompts and numbers of tokens, in turns within one run.
 * The value is the median of the rounds' ratios.
 */
export async function tokens(modelFile: (model: string) => Promise<string>): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const subject of SUBJECTS) {
    const bare = await bareModel(await modelFile(subject.model));
    const pool = await startPoolProcesses();
    try {
      const worker = await pool.worker("llama", { WORKER_MODELS: subject.model });
      const ratios: number[] = [];
      const speeds: number[] = [];
      const bareSpeeds: number[] = [];
      // The first round only warms both sides up.
      for (let round = 0; round <= ROUNDS; round++) {
        const through = await wholePath(pool, subject);
        const alone = await libraryAlone(bare, subject, through.counts);
        if (round === 0) continue;
        speeds.push(through.tokensPerSecond);
        bareSpeeds.push(alone);
        ratios.push(through.tokensPerSecond / alone);
      }
      measures.push(
        atLeast(`tokens-ratio-${subject.id}`, quantile(ratios, 0.5), "of bare", subject.target),
        reported(`tokens-per-second-${subject.id}`, quantile(speeds, 0.5), "tokens/s"),
        reported(`tokens-per-second-${subject.id}-bare`, quantile(bareSpeeds, 0.5), "tokens/s"),
        reported(
          `memory-worker-${subject.id}`,
          residentMegabytes(worker.child.pid as number),
          "MB",
        ),
      );
    } finally {
      await pool.close();
      await bare.dispose();
    }
  }
  return measures;
}

async function wholePath(
  pool: PoolProcesses,
  { prompts, maxTokens, model, sampler }: Subject,
): Promise<{ tokensPerSecond: number; counts: number[] }> {
  const counts: number[] = [];
  let milliseconds = 0;
  for (const prompt of prompts) {
    const times = await timedAsk(pool.client, prompt, { model, maxTokens, sampler });
    counts.push(times.job.answer?.completionTokens ?? 0);
    milliseconds += times.lastTextAt - times.acceptedAt;
  }
  return { tokensPerSecond: (sum(counts) * 1000) / milliseconds, counts };
}

async function libraryAlone(
  bare: BareModel,
  { prompts, sampler }: Subject,
  counts: number[],
): Promise<number> {
  let milliseconds = 0;
  for (const [i, prompt] of prompts.entries()) {
    const before = performance.now();
    await bare.generate(prompt, counts[i] as number, sampler);
    milliseconds += performance.now() - before;
  }
  return (sum(counts) * 1000) / milliseconds;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
