import { Queue, Worker } from "bullmq";
import pg from "pg";
import { quantile } from "./measure.ts";

/** What this machine can do without a pool around it, in the run whose figures stand beside it. */

const SLOTS = 50;
const RAW_JOBS = 20_000;

/** Rounds of the yardstick: the first is slower, because the library is compiled while it runs. */
const ROUNDS = 3;

/**
 * Jobs a second that BullMQ alone leases by hand and completes, `SLOTS` at once over one connection: the median of
 * the rounds. The entries are as the pool's: no data, and a priority.
 */
export async function rawQueue(redisUrl: string): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await leaseAndComplete(redisUrl));
  return quantile(rounds, 0.5);
}

async function leaseAndComplete(redisUrl: string): Promise<number> {
  const connection = { url: redisUrl, maxRetriesPerRequest: null };
  const options = { connection, prefix: "{yardstick}" };
  const queue = new Queue("raw", { ...options, streams: { events: { maxLen: 0 } } });
  const worker = new Worker("raw", null, { ...options, autorun: false });
  const jobs = Array.from({ length: RAW_JOBS }, (_, at) => ({
    name: "job",
    data: {},
    opts: { jobId: `yardstick-${at}`, priority: 1, removeOnComplete: true },
  }));
  for (let at = 0; at < RAW_JOBS; at += 1000) await queue.addBulk(jobs.slice(at, at + 1000));
  const slot = async (number: number) => {
    const token = `slot-${number}`;
    for (;;) {
      const job = await worker.getNextJob(token, { block: false });
      if (job === undefined) return;
      await job.moveToCompleted(null, token, false);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: SLOTS }, (_, number) => slot(number)));
  const seconds = (performance.now() - begun) / 1000;
  await queue.obliterate({ force: true });
  await Promise.all([worker.close(), queue.close()]);
  return RAW_JOBS / seconds;
}

const BATCH = 200;
const BATCHES = 100;

/** Rows a second that PostgreSQL stores durably, `BATCH` a statement (one JSON parameter), one statement at a time. */
export async function rawInserts(databaseUrl: string): Promise<number> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query("create table yardstick (id bigint primary key, body text not null)");
  await client.query("set synchronous_commit = on");
  const body = "x".repeat(200);
  const begun = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    const rows = Array.from({ length: BATCH }, (_, at) => ({ id: batch * BATCH + at, body }));
    await client.query(
      "insert into yardstick select * from jsonb_to_recordset($1::jsonb) as x(id bigint, body text)",
      [JSON.stringify(rows)],
    );
  }
  const seconds = (performance.now() - begun) / 1000;
  await client.query("drop table yardstick");
  await client.end();
  return (BATCH * BATCHES) / seconds;
}
