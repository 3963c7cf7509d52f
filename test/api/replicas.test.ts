// Several replicas on one PostgreSQL and one Redis, and what happens when one of the parts goes.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Redis } from "ioredis";
import type { JobEvent } from "../../protocol/wire/http.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { freePort, type Service, startPostgres, startRedis } from "../support/services.ts";
import { FakeNode } from "./support/fake-node.ts";
import { shownText, TestPool } from "./support/pool.ts";

const rounds = { pollMs: 100, reconcileMs: 200, placeMs: 100 };
/** Times of a pool whose parts die more often than they should, for the one that does. */
const mortal = {
  ...rounds,
  ...{ lockMs: 1500, renewMs: 400, stalledCheckMs: 300 },
  // A replica says several times that it lives before the other counts it as dead.
  ...{ presenceMs: 300, replicaDeadMs: 1500 },
};

let redis: Service;
let postgres: Service;
before(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
after(() => Promise.all([redis.stop(), postgres.stop()]));

describe("two replicas", () => {
  let a: TestPool;
  let b: TestPool;
  before(async () => {
    const settings = { redisUrl: redis.url, databaseUrl: postgres.url };
    a = await TestPool.start(settings, { limits: rounds });
    b = await TestPool.start(settings, { limits: rounds }, a);
  });
  after(async () => {
    await a.close();
    await b.close();
  });

  it("serve a question asked at one by a node connected to the other, text by text", async () => {
    const node = await b.node("far");
    await a.untilOnline(node);
    const job = await a.ask("hello there");
    const events: JobEvent[] = [];
    for await (const event of a.events(job.id)) {
      events.push(event);
      // The asker may hear of the start before the node's own order has arrived.
      if (event.event === "started" && node.jobs.length === 0) await once(node, "job");
      const [work] = node.jobs;
      if (event.event === "started") node.say(work!, "Echo: ");
      if (event.event === "text" && event.data.offset === 0) node.say(work!, "hello there");
      if (event.event === "text" && event.data.offset > 0) node.finish(work!);
    }
    assert.deepEqual(
      events.map((each) => each.event).filter((event) => event !== "queued"),
      ["started", "text", "text", "end"],
    );
    assert.equal(shownText(events), "Echo: hello there");
    node.kill();
    await a.untilOnline(node, false);
  });

  it("let somebody join in mid-answer at the replica that does not lead it", async () => {
    const node = await a.node("near");
    const job = await a.ask("hello there");
    if (node.jobs.length === 0) await once(node, "job");
    const [work] = node.jobs;
    node.say(work!, "Echo: hello ");
    await a.until(async () => (await a.job(job.id)).state === "running");
    const events: JobEvent[] = [];
    for await (const event of b.events(job.id)) {
      events.push(event);
      if (event.event === "text" && event.data.text.includes("hello")) {
        node.say(work!, "there");
        node.finish(work!);
      }
    }
    assert.equal(shownText(events), "Echo: hello there");
    assert.equal(events.at(-1)?.event, "end");
    node.kill();
    await a.untilOnline(node, false);
  });

  it("stop a job at one that the other leads", async () => {
    const node = await b.node("far");
    await a.untilOnline(node);
    const job = await a.ask("hello");
    if (node.jobs.length === 0) await once(node, "job");
    node.say(node.jobs[0]!, "Echo: he");
    node.on("frame", (frame) => {
      if (frame.type === "stop") node.finish(node.jobs[0]!, "stopped");
    });
    await a.until(async () => (await a.job(job.id)).state === "running");
    await a.cancel(job.id);
    const ended = await a.ended(job.id);
    assert.equal(ended.state, "cancelled");
    assert.equal(ended.answer?.text, "Echo: he");
    node.kill();
    await a.untilOnline(node, false);
  });

  it("come to exactly one outcome when Stop and the finish cross", async () => {
    const node = new FakeNode("racer");
    await b.node("racer", node);
    await a.untilOnline(node);
    const outcomes = new Set<string>();
    for (let i = 0; i < 30; i++) {
      const handed = node.nextJob();
      const job = await a.ask(`race ${i}`);
      const work = await handed;
      node.say(work, "Echo: race");
      const ended = b.ended(job.id);
      const clicks = [a.cancel(job.id), b.cancel(job.id)];
      node.finish(work);
      await Promise.all(clicks);
      const { state, answer } = await ended;
      outcomes.add(state);
      // The node always finished by itself, so whoever wins, text and state belong together.
      assert(state === "done" ? answer !== null : answer === null, `${state}, ${answer?.text}`);
      assert.equal((await a.job(job.id)).state, state);
    }
    assert(outcomes.size >= 1);
    node.kill();
    await a.untilOnline(node, false);
  });

  it("hand out every job exactly once between them", async () => {
    const nodes = [new FakeNode("one").echo(), new FakeNode("two").echo()];
    await a.node("one", nodes[0]);
    await b.node("two", nodes[1]);
    await a.untilOnline(nodes[1]!);
    const asked = await Promise.all(
      Array.from({ length: 60 }, (_, i) => (i % 2 ? a : b).ask(`question ${i}`)),
    );
    const ended = await Promise.all(asked.map((job, i) => (i % 3 ? a : b).ended(job.id)));
    assert(ended.every((job, i) => job.answer?.text === `Echo: question ${i}`));
    assert.equal(nodes[0]!.jobs.length + nodes[1]!.jobs.length, 60);
    for (const node of nodes) node.kill();
    for (const node of nodes) await a.untilOnline(node, false);
  });

  it("let a small community's questions pass a flooding one's", async () => {
    const node = new FakeNode("slow");
    await a.node("slow", node);
    const flood = [];
    for (let i = 0; i < 20; i++) flood.push(await a.ask(`flood ${i}`, { community: "loud" }));
    const quiet = await a.ask("one question", { community: "quiet" });
    assert((await a.job(quiet.id)).ahead! <= 3);
    if (node.jobs.length === 0) await once(node, "job");
    node.echo();
    node.answer(node.jobs[0]!);
    await Promise.all([...flood, quiet].map((job) => a.ended(job.id)));
    const order = node.jobs.map((job) => job.manifest.jobId);
    assert(order.indexOf(quiet.id) <= 3, `served as number ${order.indexOf(quiet.id) + 1}`);
    node.kill();
    await a.untilOnline(node, false);
  });

  it("lose no job when Redis is wiped: waiting ones come back, a running one goes on", async () => {
    const node = await a.node("steady");
    await b.untilOnline(node);
    const running = await a.ask("running");
    if (node.jobs.length === 0) await once(node, "job");
    const waiting = [await a.ask("waiting 1"), await b.ask("waiting 2")];
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    node.answer(node.jobs[0]!);
    assert.equal((await a.ended(running.id)).state, "done");
    node.echo();
    const ended = await Promise.all(waiting.map((job) => a.ended(job.id)));
    assert.deepEqual(
      ended.map((job) => job.state),
      ["done", "done"],
    );
    assert.equal(node.jobs.length, 3);
    node.kill();
    await a.untilOnline(node, false);
  });
});

describe("a replica beside one that dies", () => {
  let a: TestPool;
  before(async () => {
    a = await TestPool.start(
      { redisUrl: redis.url, databaseUrl: postgres.url },
      { limits: mortal },
    );
  });
  after(() => a.close());

  it("finishes a job of the other on another node, and tells the asker", async () => {
    const victim = await startReplica(a, redis, postgres);
    const first = new FakeNode("with the victim");
    await first.connect(victim.url, a.api.enrolmentToken);
    first.ready();
    await a.untilOnline(first);
    const job = await a.ask("hello");
    if (first.jobs.length === 0) await once(first, "job");
    first.say(first.jobs[0]!, "half");
    const events: JobEvent[] = [];
    const second = new FakeNode("with a").echo();
    for await (const event of a.events(job.id)) {
      events.push(event);
      if (event.event === "text" && event.data.text === "half") {
        victim.child.kill("SIGKILL");
        await a.node("with a", second);
      }
    }
    const moved = events.find((each) => each.event === "moved");
    assert.equal(moved?.data.code, "pool_restarted");
    assert.equal((await a.job(job.id)).answer?.text, "Echo: hello");
    second.kill();
  });
});

/** A replica in its own process, so that it can be killed. */
async function startReplica(
  beside: TestPool,
  redis: Service,
  postgres: Service,
): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, "support/replica-process.ts")], {
    env: {
      ...BARE_ENVIRONMENT,
      DATA_DIR: beside.dataDir,
      LIMITS: JSON.stringify(mortal),
      API_PORT: `${port}`,
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => child.kill("SIGKILL"));
  for await (const line of child.stdout) if (String(line).includes("the pool is open")) break;
  return { child, url: `http://127.0.0.1:${port}` };
}
