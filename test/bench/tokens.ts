import { findModelFact } from "../../config/model-facts.ts";
import type { SamplerSettings } from "../../protocol/wire/primitives.ts";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { startPostgres, startRedis } from "../support/services.ts";
import { type BareModel, bareModel } from "./bare-llama.ts";
import { atLeast, type Measure, quantile, reported, residentMegabytes } from "./measure.ts";
import { timedAsk } from "./timed-ask.ts";

const ROUNDS = 9;

interface Subject {
  readonly id: string;
  readonly model: string;
  readonly sampler: SamplerSettings;
  readonly prompts: readonly string[];
  readonly maxTokens: number;
  readonly target: number;
}

const HANDBOOK_QUESTIONS = [
  "How does voting work here?",
  "What is a node?",
  "What is a receipt?",
  "How do I ask a question?",
  "Who can read my question?",
  "What is the queue?",
];
const SUBJECTS: readonly Subject[] = [
  {
    id: "bundled",
    model: "substrate-demo",
    sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 0 },
    prompts: [...HANDBOOK_QUESTIONS, ...HANDBOOK_QUESTIONS],
    maxTokens: 200,
    target: 0.8,
  },
  {
    id: "smollm2",
    model: SMOLLM2,
    sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 0 },
    prompts: ["Write a long story about a lighthouse keeper and the sea.", "Tell me about rivers."],
    maxTokens: 160,
    target: 0.9,
  },
];

/**
 * Tokens per second through the whole path against the bare library's own `evaluate` with the same model, sampler
 * settings, prompts and numbers of tokens, in turns within one run, the pool on PostgreSQL and Redis. Answers are
 * written one at a time and measured at the door, from "a node is at work" to the last text: order, signature check,
 * prompt, sampler, frames, relay and events. What comes before is in the added latency. The value is the median of
 * the rounds' ratios. `busy-…`: all questions asked at once, from the first accepted to the last text, so with the
 * hand-over from answer to answer; the shorter an answer, the more that weighs.
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
  const { id, model, target } = subject;
  const bare = await bareModel(
    await modelFile(model),
    findModelFact(model)?.answering?.systemPrompt ?? null,
  );
  const pool = await startPoolProcesses(services);
  try {
    const worker = await pool.worker("llama", { WORKER_MODELS: model });
    const ratios: number[] = [];
    const busyRatios: number[] = [];
    const speeds: number[] = [];
    const bareSpeeds: number[] = [];
    // The first round only warms both sides up.
    for (let round = 0; round <= ROUNDS; round++) {
      const through = await oneByOne(pool, subject);
      const alone = await libraryAlone(bare, subject, through.counts);
      const busy = await allAtOnce(pool, subject);
      if (round === 0) continue;
      speeds.push(through.tokensPerSecond);
      bareSpeeds.push(alone);
      ratios.push(through.tokensPerSecond / alone);
      busyRatios.push(busy / alone);
    }
    return [
      atLeast(`tokens-ratio-${id}`, quantile(ratios, 0.5), "of bare", target),
      reported(`busy-ratio-${id}`, quantile(busyRatios, 0.5), "of bare"),
      reported(`tokens-per-second-${id}`, quantile(speeds, 0.5), "tokens/s"),
      reported(`tokens-per-second-${id}-bare`, quantile(bareSpeeds, 0.5), "tokens/s"),
      reported(`memory-worker-${id}`, residentMegabytes(worker.child.pid as number), "MB"),
    ];
  } finally {
    await pool.close();
    await bare.dispose();
  }
}

async function oneByOne(
  pool: PoolProcesses,
  { prompts, maxTokens, model, sampler }: Subject,
): Promise<{ tokensPerSecond: number; counts: number[] }> {
  const counts: number[] = [];
  let milliseconds = 0;
  for (const prompt of prompts) {
    const times = await timedAsk(pool.client, prompt, { model, maxTokens, sampler });
    counts.push(times.job.answer?.completionTokens ?? 0);
    milliseconds += times.lastTextAt - times.startedAt;
  }
  return { tokensPerSecond: (sum(counts) * 1000) / milliseconds, counts };
}

async function allAtOnce(
  pool: PoolProcesses,
  { prompts, maxTokens, model, sampler }: Subject,
): Promise<number> {
  const asked = prompts.map((prompt) =>
    timedAsk(pool.client, prompt, { model, maxTokens, sampler }),
  );
  const times = await Promise.all(asked);
  const tokens = sum(times.map(({ job }) => job.answer?.completionTokens ?? 0));
  const from = Math.min(...times.map(({ acceptedAt }) => acceptedAt));
  const to = Math.max(...times.map(({ lastTextAt }) => lastTextAt));
  return (tokens * 1000) / (to - from);
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
