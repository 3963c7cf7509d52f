import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, suite, test } from "node:test";
import pg from "pg";
import { readPoolSecrets } from "../../config/secrets.ts";
import type { Program } from "../../launch/programs.ts";
import { FakeNode } from "../api/support/fake-node.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

/** Asks a program to end, as systemd does, and tells how and how fast it did. */
async function terminate({ child }: Program): Promise<{ code: number | null; ms: number }> {
  const begun = performance.now();
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = (await ended) as [number | null];
  return { code, ms: performance.now() - begun };
}

suite("each program ends when it is asked to", () => {
  let redis: Service;
  let postgres: Service;
  const pools: PoolProcesses[] = [];

  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  });
  after(async () => {
    for (const pool of pools) await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  async function open(): Promise<PoolProcesses> {
    const pool = await startPoolProcesses({ REDIS_URL: redis.url, DATABASE_URL: postgres.url });
    pools.push(pool);
    return pool;
  }

  test("bot and worker with 0; the api gives the job its node was writing back to the queue", async () => {
    const pool = await open();
    await pool.room();
    const worker = await pool.worker("willow", { WORKER_ENGINE: "echo" });
    const bot = pool.programs.get("bot") as Program;
    assert.equal((await terminate(worker)).code, 0);
    assert.equal((await terminate(bot)).code, 0);

    const { enrolmentToken } = readPoolSecrets(pool.dataDir) as { enrolmentToken: string };
    const node = new FakeNode("slow");
    assert.equal((await node.connect(pool.client.url, enrolmentToken)).type, "welcome");
    node.ready();
    const given = node.nextJob();
    const asked = await pool.client.ask({
      ...{ community: "c", member: "m", room: "r", requestKey: "held" },
      prompt: "held while the pool stops",
      options: { wait: true },
    });
    node.say(await given, "Echo: ");
    const { code, ms } = await terminate(pool.api);
    assert.equal(code, 0);
    assert.ok(ms < 10_000, `it took ${ms} ms`);
    assert.equal((await node.whenClosed()).code, 1012, "the node is told that the pool restarts");
    assert.equal(await stateOf(asked.id), "queued");
  });

  test("the api within its limit though Redis and PostgreSQL are away", async () => {
    const pool = await open();
    process.kill(redis.pid, "SIGKILL");
    process.kill(postgres.pid, "SIGKILL");
    const { code, ms } = await terminate(pool.api);
    assert.equal(code, 0);
    assert.ok(ms < 15_000, `it took ${ms} ms`);
  });

  async function stateOf(id: string): Promise<string> {
    const client = new pg.Client(postgres.url);
    await client.connect();
    const { rows } = await client.query("select state from job where id = $1", [id]);
    await client.end();
    return rows[0].state;
  }
});
