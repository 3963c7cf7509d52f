import pg from "pg";
import { readPoolSecrets } from "../../config/secrets.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { cpuMs } from "./cpu.ts";
import { type AskersReport, startLoad } from "./load/drive.ts";

const NODES = 50;
const AT_ONCE = 100;
const COMMUNITIES = 20;
const PROMPT = "one two three four five";

/** A pool on production services with 50 echo nodes and askers, each part in processes of its own. */
export interface PoolUnderLoad {
  readonly redis: Service;
  readonly postgres: Service;
  readonly pool: PoolProcesses;
  /** Asks for so long: `perSecond` questions a second, or (null) 100 at once, each after its answer anew. */
  ask(seconds: number, perSecond: number | null): Promise<AskersReport>;
  /** Processor time so far, milliseconds, by part. */
  cpu(): Record<string, number>;
  close(): Promise<void>;
}

/** Starts it. `prepare` may look at the services before the pool opens; `settings` go to the api. */
export async function startPoolUnderLoad(
  settings: Record<string, string> = {},
  prepare: (redis: Service, postgres: Service) => Promise<void> = async () => {},
): Promise<PoolUnderLoad> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres({ durable: true })]);
  const nodes = startLoad("nodes.ts");
  const askers = startLoad("askers.ts");
  let pool: PoolProcesses | null = null;
  const close = async () => {
    await pool?.close();
    await Promise.all([nodes.stop(), askers.stop()]);
    await Promise.all([redis.stop(), postgres.stop()]);
  };
  try {
    await prepare(redis, postgres);
    pool = await startPoolProcesses({
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      // As operators run it: every request leaves a line.
      LOG_LEVEL: "info",
      ...settings,
    });
    const api = pool.api.child.pid as number;
    const { url } = pool.client;
    const { serviceToken: token, enrolmentToken } = readPoolSecrets(pool.dataDir) as {
      serviceToken: string;
      enrolmentToken: string;
    };
    await nodes.tell({ url, enrolmentToken, count: NODES, slots: 1, work: "answer" });
    const load = { urls: [url], token, prompt: PROMPT, communities: COMMUNITIES, atOnce: AT_ONCE };
    return {
      redis,
      postgres,
      pool,
      ask: (seconds, perSecond) => askers.tell<AskersReport>({ ...load, seconds, perSecond }),
      cpu: () => ({
        api: cpuMs(api),
        postgres: cpuMs(postgres.pid),
        redis: cpuMs(redis.pid),
        nodes: cpuMs(nodes.pid),
        askers: cpuMs(askers.pid),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** By how much any of the records' counts differs from the number of questions asked: each has one of everything. */
export async function unaccounted(url: string, asked: number): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(`
    select (select count(*) from job where state = 'done') as jobs, (select count(*) from result) as results,
      (select count(*) from receipt) as receipts, (select count(*) from credit) as credits,
      (select count(*) from log_leaf) as leaves`);
  await client.end();
  return Math.max(...Object.values(rows[0] ?? {}).map((count) => Math.abs(Number(count) - asked)));
}
