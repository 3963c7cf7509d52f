import pg from "pg";
import { readPoolSecrets } from "../../config/secrets.ts";
import { startPoolProcesses } from "../support/pool-processes.ts";
import { startPostgres, startRedis } from "../support/services.ts";
import { cpuMs } from "./cpu.ts";
import { type AskersReport, startLoad } from "./load/drive.ts";
import { atLeast, atMost, type Measure, quantile, reported } from "./measure.ts";
import { rawInserts, rawQueue } from "./yardsticks.ts";

const NODES = 50;
const AT_ONCE = 100;
const COMMUNITIES = 20;
const WARM_UP_S = 5;
const SECONDS = 10;
const PROMPT = "one two three four five";

/**
 * Answered questions a second through the whole path: HTTP, row, queue, WebSocket, receipt, one transaction in a
 * PostgreSQL that flushes to disk (`synchronous_commit=on`), with every question followed to its end by events. One
 * api process with its usual log, 50 echo nodes in a second process, the askers in a third: all on this machine,
 * which is why the processor time each of them takes for a job is told apart. Then the same pool at half of that
 * rate: how long after "accepted" the first text comes. Afterwards the records are counted: each question has one
 * result, one receipt, one credit and one leaf.
 */
export async function jobs(): Promise<Measure[]> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres({ durable: true })]);
  const nodes = startLoad("nodes.ts");
  const askers = startLoad("askers.ts");
  try {
    const queueYardstick = await rawQueue(redis.url);
    const insertYardstick = await rawInserts(postgres.url);
    const pool = await startPoolProcesses({
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      LOG_LEVEL: "info",
    });
    try {
      const { serviceToken, enrolmentToken } = readPoolSecrets(pool.dataDir) as {
        serviceToken: string;
        enrolmentToken: string;
      };
      const { url } = pool.client;
      await nodes.tell({ url, enrolmentToken, count: NODES, slots: 1, answer: true });
      const load = { urls: [url], token: serviceToken, prompt: PROMPT, communities: COMMUNITIES };
      const run = (seconds: number, perSecond: number | null) =>
        askers.tell<AskersReport>({ ...load, seconds, atOnce: AT_ONCE, perSecond });

      const parts = {
        api: pool.api.child.pid as number,
        nodes: nodes.pid,
        askers: askers.pid,
        postgres: postgres.pid,
        redis: redis.pid,
      };
      const warm = await run(WARM_UP_S, null);
      const before = new Map(Object.entries(parts).map(([name, pid]) => [name, cpuMs(pid)]));
      const full = await run(SECONDS, null);
      const costs = Object.entries(parts).map(([name, pid]) =>
        reported(
          `jobs-cpu-${name}`,
          (cpuMs(pid) - (before.get(name) as number)) / full.answered,
          "ms/job",
        ),
      );
      const perSecond = full.answeredInTime / SECONDS;
      const half = await run(SECONDS, perSecond / 2);
      const asked = warm.asked + full.asked + half.asked;
      return [
        atLeast("jobs-completed", perSecond, "jobs/s", 600),
        atLeast("jobs-ratio", perSecond / queueYardstick, "of raw BullMQ", 0.05),
        reported("raw-bullmq", queueYardstick, "jobs/s"),
        reported("raw-postgres-inserts", insertYardstick, "rows/s"),
        ...costs,
        reported("jobs-full-load-end-p50", quantile(full.endMs, 0.5), "ms"),
        atMost("half-load-added-p50", quantile(half.firstTextMs, 0.5), "ms", 25),
        atMost("half-load-added-p99", quantile(half.firstTextMs, 0.99), "ms", 150),
        reported("half-load-jobs", half.answeredInTime / SECONDS, "jobs/s"),
        atMost("jobs-unaccounted", await unaccounted(postgres.url, asked), "jobs", 0),
      ];
    } finally {
      await pool.close();
    }
  } finally {
    await Promise.all([nodes.stop(), askers.stop()]);
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

/** By how much any of the records' counts differs from the number of questions asked. */
async function unaccounted(url: string, asked: number): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(`
    select (select count(*) from job where state = 'done') as jobs, (select count(*) from result) as results,
      (select count(*) from receipt) as receipts, (select count(*) from credit) as credits,
      (select count(*) from log_leaf) as leaves`);
  await client.end();
  return Math.max(...Object.values(rows[0] ?? {}).map((count) => Math.abs(Number(count) - asked)));
}
