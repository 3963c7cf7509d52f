import { type BareModel, bareModel } from "./bare-llama.ts";
import { atLeast, type Measure, quantile, reported, residentMegabytes } from "./measure.ts";
import { type BenchPool, benchPool, timedAsk } from "./pool.ts";

const ROUNDS = 7;

interface Subject {
  readonly id: string;
  readonly model: string;
  readonly prompts: readonly string[];
  readonly maxTokens: number;
  readonly target: number;
}

const SUBJECTS: readonly Subject[] = [
  {
    id: "bundled",
    model: "substrate-demo",
    prompts: [
      "How does voting work here?",
      "What is a node?",
      "How do I ask a question?",
      "What is a receipt?",
      "How is the queue kept fair?",
      "Who can read my question?",
    ],
    maxTokens: 200,
    target: 0.8,
  },
  {
    id: "smollm2",
    model: "smollm2-135m-instruct-q4_1",
    prompts: ["Write a long story about a lighthouse keeper and the sea."],
    maxTokens: 160,
    target: 0.9,
  },
];

/**
 * Tokens per second through the whole path (from `started` to the last text at the door) against the bare library's
 * own `evaluate` with the same model, sampler settings, prompts and numbers of tokens, in turns within one run.
 * The value is the median of the rounds' ratios.
 */
export async function tokens(modelFile: (model: string) => Promise<string>): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const subject of SUBJECTS) {
    const bare = await bareModel(await modelFile(subject.model));
    const pool = await benchPool();
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
  pool: BenchPool,
  { prompts, maxTokens, model }: Subject,
): Promise<{ tokensPerSecond: number; counts: number[] }> {
  const counts: number[] = [];
  let milliseconds = 0;
  for (const prompt of prompts) {
    const times = await timedAsk(pool.client, prompt, { model, maxTokens });
    counts.push(times.job.answer?.completionTokens ?? 0);
    milliseconds += times.lastTextAt - times.startedAt;
  }
  return { tokensPerSecond: (sum(counts) * 1000) / milliseconds, counts };
}

async function libraryAlone(
  bare: BareModel,
  { prompts }: Subject,
  counts: number[],
): Promise<number> {
  let milliseconds = 0;
  for (const [i, prompt] of prompts.entries()) {
    const before = performance.now();
    await bare.generate(prompt, counts[i] as number);
    milliseconds += performance.now() - before;
  }
  return (sum(counts) * 1000) / milliseconds;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
