import type { SamplerSettings } from "../../protocol/wire/primitives.ts";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { startPostgres, startRedis } from "../support/services.ts";
import { type BareModel, bareModel } from "./bare-llama.ts";
import { atLeast, type Measure, quantile, reported, residentMegabytes } from "./measure.ts";
import { timedAsk } from "./timed-ask.ts";

const ROUNDS = 7;

interface Subject {
  readonly id: string;
  readonly model: string;
  readonly sampler: SamplerSettings;
  /** Asked all at once: the node always has work, as in a busy room. */
  readonly prompts: readonly string[];
  readonly maxTokens: number;
  readonly slots: number;
  readonly target: number | null;
}

const HANDBOOK_QUESTIONS = [
  "How does voting work here?",
  "What is a node?",
  "What is a receipt?",
  "How do I ask a question?",
  "Who can read my question?",
  "What is the queue?",
];
const BUNDLED = {
  model: "substrate-demo",
  sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 0 },
  prompts: [...HANDBOOK_QUESTIONS, ...HANDBOOK_QUESTIONS],
  maxTokens: 200,
};

const SUBJECTS: readonly Subject[] = [
  // An answer of this model takes 40 ms; with two at once the node writes while the pool hands out the next.
  { ...BUNDLED, id: "bundled", slots: 2, target: 0.8 },
  { ...BUNDLED, id: "bundled-one-at-once", slots: 1, target: null },
  {
    id: "smollm2",
    model: SMOLLM2,
    sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 0 },
    prompts: ["Write a long story about a lighthouse keeper and the sea.", "Tell me about rivers."],
    maxTokens: 160,
    slots: 1,
    target: 0.9,
  },
];

/**
 * Tokens per second through the whole path (from the first accepted question to the last text at the door, all
 * questions asked at once) against the bare library's own `evaluate` with the same model, sampler settings, prompts and
 * numbers of tokens, one after the other, in turns within one run. The pool stands on PostgreSQL and Redis, as in
 * production. The value is the median of the rounds' ratios.
 */
export async function tokens(modelFile: (model: string) => Promise<string>): Promise<Measure[]> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  try {
    const services = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
    const measures: Measure[] = [];
    for (const subject of SUBJECTS) {
      measures.push(...(await compare(subject, services, modelFile)));
    }
    return measures;
  } finally {
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

async function compare(
  subject: Subject,
  services: Record<string, string>,
  modelFile: (model: string) => Promise<string>,
): Promise<Measure[]> {
  const { id, model, slots, target } = subject;
  const bare = await bareModel(await modelFile(model));
  const pool = await startPoolProcesses(services);
  try {
    const settings = { WORKER_MODELS: model, WORKER_SLOTS: `${slots}` };
    const worker = await pool.worker("llama", settings);
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
    const ratio = quantile(ratios, 0.5);
    return [
      target === null
        ? reported(`tokens-ratio-${id}`, ratio, "of bare")
        : atLeast(`tokens-ratio-${id}`, ratio, "of bare", target),
      reported(`tokens-per-second-${id}`, quantile(speeds, 0.5), "tokens/s"),
      reported(`tokens-per-second-${id}-bare`, quantile(bareSpeeds, 0.5), "tokens/s"),
      reported(`memory-worker-${id}`, residentMegabytes(worker.child.pid as number), "MB"),
    ];
  } finally {
    await pool.close();
    await bare.dispose();
  }
}

async function wholePath(
  pool: PoolProcesses,
  { prompts, maxTokens, model, sampler }: Subject,
): Promise<{ tokensPerSecond: number; counts: number[] }> {
  const asked = prompts.map((prompt) =>
    timedAsk(pool.client, prompt, { model, maxTokens, sampler }),
  );
  const times = await Promise.all(asked);
  const counts = times.map(({ job }) => job.answer?.completionTokens ?? 0);
  const from = Math.min(...times.map(({ acceptedAt }) => acceptedAt));
  const to = Math.max(...times.map(({ lastTextAt }) => lastTextAt));
  return { tokensPerSecond: (sum(counts) * 1000) / (to - from), counts };
}

async function libraryAlone(
  bare: BareModel,
  { prompts, sampler }: Subject,
  counts: number[],
): Promise<number> {
  const before = performance.now();
  for (const [i, prompt] of prompts.entries()) {
    await bare.generate(prompt, counts[i] as number, sampler);
  }
  return (sum(counts) * 1000) / (performance.now() - before);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
