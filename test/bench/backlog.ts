import { randomUUID } from "node:crypto";
import pg from "pg";
import { insertJobs, type NewJob } from "../../api/jobs/insert.ts";
import { queueName } from "../../api/jobs/queue-name.ts";
import { LIMITS } from "../../api/limits.ts";
import { openRedisQueue } from "../../api/queue/redis.ts";
import { openRecords } from "../../api/storage/open.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { seedCommitment } from "../../protocol/receipts/commitments.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { cpuMs } from "./cpu.ts";
import { type AskersReport, startLoad } from "./load/drive.ts";
import { atMost, type Measure, reported } from "./measure.ts";
import { type Replica, startReplica } from "./replica.ts";

const FEW = 1_000;
const MANY = 100_000;
const COMMUNITIES = 20;
const ASKED_S = 5;
const ANSWERED = 1_500;
const BATCH = 1_000;
const QUEUE = queueName(ECHO_MODEL.sha256);

/**
 * What a job costs while 1,000 others wait, and while 100,000 do: processor time of api, PostgreSQL and Redis
 * together for a question that is put in line, and for one that is taken out of it, answered and stored.
 */
export async function backlog(): Promise<Measure[]> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres({ durable: true })]);
  const replica = await startReplica(redis, postgres);
  try {
    // The first answers warm the program up and are not measured.
    await fill(redis, postgres, FEW);
    await answering(redis, postgres, replica);
    await fill(redis, postgres, FEW);
    const few = await costs(redis, postgres, replica);
    await fill(redis, postgres, MANY);
    const many = await costs(redis, postgres, replica);
    const growth = (what: "ask" | "answer") => (many[what] / few[what] - 1) * 100;
    return [
      atMost("backlog-ask-growth", growth("ask"), "%", 20),
      atMost("backlog-answer-growth", growth("answer"), "%", 20),
      ...(["ask", "answer"] as const).flatMap((what) => [
        reported(`backlog-${what}-1k`, few[what], "ms/job"),
        reported(`backlog-${what}-100k`, many[what], "ms/job"),
      ]),
    ];
  } finally {
    await replica.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

async function costs(redis: Service, postgres: Service, replica: Replica) {
  return {
    ask: await asking(redis, postgres, replica),
    answer: await answering(redis, postgres, replica),
  };
}

/** Processor milliseconds a question that is only asked. */
async function asking(redis: Service, postgres: Service, replica: Replica): Promise<number> {
  const askers = startLoad("askers.ts");
  const order = {
    urls: [replica.url],
    token: replica.serviceToken,
    prompt: "one two three four five",
    communities: COMMUNITIES,
    atOnce: 50,
    perSecond: null,
    follow: false,
  };
  try {
    await askers.tell<AskersReport>({ ...order, seconds: 2 });
    const before = spent(redis, postgres, replica);
    const { answered } = await askers.tell<AskersReport>({ ...order, seconds: ASKED_S });
    return (spent(redis, postgres, replica) - before) / answered;
  } finally {
    await askers.stop();
  }
}

/** Processor milliseconds an answer, from the queue to the records. */
async function answering(redis: Service, postgres: Service, replica: Replica): Promise<number> {
  const nodes = startLoad("nodes.ts");
  const client = new pg.Client(postgres.url);
  await client.connect();
  const answered = async () =>
    Number((await client.query<{ count: string }>("select count(*) from result")).rows[0]?.count);
  const until = async (count: number) => {
    while ((await answered()) < count) await new Promise((done) => setTimeout(done, 50));
    return answered();
  };
  try {
    const { url, enrolmentToken } = replica;
    const begun = await answered();
    await nodes.tell({ url, enrolmentToken, count: 50, slots: 1, work: "answer" });
    const from = await until(begun + 100);
    const before = spent(redis, postgres, replica);
    const to = await until(from + Math.min(ANSWERED, FEW / 2));
    return (spent(redis, postgres, replica) - before) / (to - from);
  } finally {
    await client.end();
    await nodes.stop();
  }
}

function spent(redis: Service, postgres: Service, replica: Replica): number {
  return cpuMs(replica.pid) + cpuMs(postgres.pid) + cpuMs(redis.pid);
}

/** Lets jobs wait until there are so many, written and queued as the pool does it. */
async function fill(redis: Service, postgres: Service, waiting: number): Promise<void> {
  const fail = (error: Error) => console.error(`bench: ${error.message}`);
  const records = await openRecords(postgres.url, "", fail);
  const queue = await openRedisQueue(redis.url, LIMITS, fail);
  const queued = await records.db
    .selectFrom("job")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("state", "=", "queued")
    .executeTakeFirstOrThrow();
  for (let there = Number(queued.count); there < waiting; there += BATCH) {
    const jobs = Array.from({ length: BATCH }, (_, at) => job(there + at));
    await insertJobs(records.db, jobs);
    await queue.add(
      QUEUE,
      jobs.map(({ id, priority }) => ({ jobId: id, priority })),
    );
  }
  await queue.close();
  await records.close();
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query("vacuum analyze job");
  await client.end();
}

function job(number: number): NewJob {
  const id = randomUUID();
  const now = Date.now();
  const seed = "00".repeat(32);
  return {
    id,
    community: `community ${number % COMMUNITIES}`,
    member: "bench",
    room: "bench",
    request_key: id,
    prompt: "one two three four five",
    continues: null,
    repeats: null,
    model_sha256: ECHO_MODEL.sha256,
    model_name: ECHO_MODEL.name,
    model_chosen: true,
    queue: QUEUE,
    priority: 1 + Math.floor(number / COMMUNITIES),
    state: "queued",
    options: {},
    seed,
    seed_commitment: seedCommitment(id, seed),
    prompt_salt: seed,
    wait: true,
    created_at: now,
    expires_at: now + 3_600_000,
    finished_at: null,
    reply_to: [],
    notice: null,
    private: false,
    privacy: "open",
    system_prompt: null,
  };
}
