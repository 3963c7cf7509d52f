import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { Redis } from "ioredis";
import type { OfferedModel } from "../../protocol/wire/gateway.ts";
import { ECHO } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import {
  freePort,
  redisServer,
  type Service,
  scratch,
  startPostgres,
} from "../support/services.ts";

const SLOTS = 16_384;
/** Models enough that their queues fall on every server. */
const MODELS: OfferedModel[] = "0123456789abcdef".split("").map((digit) => ({
  ...ECHO,
  sha256: digit.repeat(64),
  name: `model ${digit}`,
}));

suite("on a Redis Cluster of three servers", () => {
  const dir = scratch("cluster-");
  const servers: { child: ChildProcess; client: Redis; port: number }[] = [];
  let postgres: Service;
  let pool: TestPool;
  let second: TestPool;

  before(async () => {
    [postgres] = await Promise.all([startPostgres(), startCluster()]);
    const redisUrl = `redis://127.0.0.1:${servers[0]?.port}`;
    pool = await TestPool.start({ redisUrl, databaseUrl: postgres.url, rateAsksPerMember: 100 });
    second = await TestPool.start({ redisUrl, databaseUrl: postgres.url }, {}, pool);
  });
  after(async () => {
    await second.api.close();
    await pool.close();
    for (const { client, child } of servers) {
      client.disconnect();
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function startCluster(): Promise<void> {
    const binary = redisServer();
    for (let i = 0; i < 3; i++) {
      const port = await freePort();
      // The servers talk to each other on a second port, which would be 10,000 higher: perhaps above 65,535.
      const bus = await freePort();
      const args = ["--port", `${port}`, "--cluster-port", `${bus}`, "--bind", "127.0.0.1"];
      args.push("--cluster-enabled", "yes", "--cluster-config-file", `${dir}/${port}.conf`);
      const child = spawn(binary, [...args, "--save", "", "--dir", dir], { stdio: "ignore" });
      process.on("exit", () => child.kill("SIGKILL"));
      servers.push({
        child,
        port,
        client: new Redis(port, "127.0.0.1", { enableReadyCheck: false }),
      });
      servers.at(-1)?.client.on("error", () => {});
      await servers.at(-1)?.client.call("cluster", "addslotsrange", (SLOTS / 4) * i, lastSlot(i));
      const first = servers[0] as (typeof servers)[0];
      if (i === 0) continue;
      const meet = ["meet", "127.0.0.1", `${port}`, `${bus}`];
      await first.client.call("cluster", ...meet);
    }
    // The servers tell nobody when they agree.
    for (const { client } of servers) {
      while (!String(await client.call("cluster", "info")).includes("cluster_state:ok")) {}
    }
  }

  /** A quarter, a quarter and a half of the slots. */
  const lastSlot = (i: number) => (i === 2 ? SLOTS - 1 : (SLOTS / 4) * (i + 1) - 1);

  test("questions for many models are answered; each queue lies whole on one server, all on several", async () => {
    const node = await pool.node("node");
    node.ready(MODELS, 4);
    node.echo();
    await second.until(async () => (await second.models()).length >= MODELS.length);
    const jobs = await Promise.all(
      MODELS.map((model) => second.ask("hello", { options: { model: model.sha256, wait: true } })),
    );
    const done = await Promise.all(jobs.map((job) => second.ended(job.id)));
    assert.deepEqual(new Set(done.map((job) => job.state)), new Set(["done"]));

    const keys = await Promise.all(servers.map(({ client }) => client.keys("{sub:*")));
    const queues = keys.map((some) => new Set(some.map((key) => /^\{(.*?)\}/.exec(key)?.[1])));
    assert.ok(queues.filter((each) => each.size > 0).length >= 2, "queues lie on several servers");
    const everywhere = queues.flatMap((each) => [...each]);
    assert.equal(new Set(everywhere).size, everywhere.length, "no queue lies on two servers");
    assert.ok(everywhere.length >= MODELS.length);
    // Every key there is belongs to a queue, or is a count of a limit.
    const all = (await Promise.all(servers.map(({ client }) => client.keys("*")))).flat();
    assert.deepEqual(
      all.filter((key) => !/^(\{sub:|substrate:rate:)/.test(key)),
      [],
    );
  });

  test("limits are counted for both replicas together there too", async () => {
    const strict = await TestPool.start(
      {
        redisUrl: `redis://127.0.0.1:${servers[1]?.port}`,
        databaseUrl: postgres.url,
        rateAsksPerMember: 2,
      },
      {},
      pool,
    );
    const asks = ["ann", "bob", "cat", "dan"].flatMap((member) => [member, member, member]);
    const statuses: number[] = [];
    for (const member of asks) {
      const body = { community: "c", member, room: "r", requestKey: crypto.randomUUID() };
      statuses.push((await strict.post("/v1/jobs", { ...body, prompt: "x" })).status);
    }
    await strict.api.close();
    assert.deepEqual(statuses, [201, 201, 429, 201, 201, 429, 201, 201, 429, 201, 201, 429]);
  });
});
