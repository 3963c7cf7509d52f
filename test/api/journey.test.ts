// The whole way of a question through the pool, over every pair of records and queue that is supported.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { Compile } from "typebox/compile";
import { unzipPack } from "../../protocol/export/zip.ts";
import { verifyPack } from "../../protocol/verify/verify.ts";
import {
  Job,
  type JobEvent,
  PoolModels,
  PoolStatus,
  Provenance,
} from "../../protocol/wire/http.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { FakeNode } from "./support/fake-node.ts";
import { question, shownText, TestPool } from "./support/pool.ts";

let redis: Service;
let postgres: Service;
before(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
after(() => Promise.all([redis.stop(), postgres.stop()]));

const COMBINATIONS: [string, () => Promise<TestPool>][] = [
  ["PGlite and the in-process floor", startFloor],
  ["PGlite and a private Redis", () => TestPool.start()],
  ["PGlite and Redis", () => TestPool.start({ redisUrl: redis.url })],
  [
    "PostgreSQL and Redis",
    () => TestPool.start({ redisUrl: redis.url, databaseUrl: postgres.url }),
  ],
];

/** The floor is what remains where PATH holds no redis-server. */
async function startFloor(): Promise<TestPool> {
  const { PATH } = process.env;
  process.env.PATH = "";
  try {
    return await TestPool.start();
  } finally {
    process.env.PATH = PATH;
  }
}

for (const [name, start] of COMBINATIONS) {
  describe(`over ${name}`, () => {
    let pool: TestPool;
    before(async () => {
      pool = await start();
    });
    after(() => pool.close());

    it("says that it is ready, and which parts it stands on", async () => {
      assert.equal((await fetch(`${pool.api.url}/healthz`)).status, 200);
      assert.equal((await fetch(`${pool.api.url}/readyz`)).status, 200);
      const floor = pool.log.some((line) => line.includes("No redis-server"));
      assert.equal(floor, name.includes("floor"));
    });

    it("answers a question with text, node, lineage and a receipt that verifies", async () => {
      const node = await pool.node("willow");
      const job = await pool.ask("How does voting work here?");
      const events: JobEvent[] = [];
      for await (const event of pool.events(job.id)) {
        events.push(event);
        if (event.event === "started") node.answer(node.jobs[0] ?? (await node.nextJob()));
      }
      assert.equal(events.find((each) => each.event === "started")?.data.node.name, "willow");
      assert.equal(shownText(events), "Echo: How does voting work here?");
      const end = events.at(-1)!;
      assert(end.event === "end" && end.data.answer);
      assert.equal(end.data.state, "done");
      assert.equal(end.data.answer.text, "Echo: How does voting work here?");
      assert.equal(end.data.answer.nodes[0]?.keyId, node.key.keyId);
      assert(Compile(Job).Check(end.data));
      assert.deepEqual(await pool.job(job.id), end.data);

      const provenance = await pool.provenance(job.id);
      assert(Compile(Provenance).Check(provenance));
      assert.equal(provenance.receipt.id, end.data.answer.receiptId);
      assert(provenance.checks.some((check) => check.state === "passed"));
      assert(provenance.checks.some((check) => check.state === "not run"));
      assert.deepEqual(await pool.get(`/v1/receipts/${provenance.receipt.id}`), provenance);

      const zip = await pool.request(`/v1/jobs/${job.id}/export`);
      assert.equal(zip.headers.get("content-type"), "application/zip");
      const lines = verifyPack(unzipPack(new Uint8Array(await zip.arrayBuffer())));
      assert.deepEqual(
        lines.filter((line) => line.state === "fails"),
        [],
      );
      assert(lines.some((line) => line.state === "holds"));
      node.kill();
      await pool.untilOnline(node, false);
    });

    it("gives the node the conversation that an answer continues", async () => {
      const node = await pool.node("rowan", new FakeNode("rowan").echo());
      const first = await pool.ask("one");
      await pool.ended(first.id);
      const second = await pool.ask("two", { continues: first.id });
      await pool.ended(second.id);
      const third = await pool.ask("three", { continues: second.id });
      await pool.ended(third.id);
      assert.deepEqual(
        node.jobs.at(-1)?.manifest.messages.map(({ role, content }) => `${role}: ${content}`),
        ["user: one", "assistant: Echo: one", "user: two", "assistant: Echo: two", "user: three"],
      );
      const again = await pool.post(`/v1/jobs/${third.id}/again`, {
        member: "m2",
        requestKey: "again-1",
      });
      assert.equal(again.status, 201);
      const repeated = again.body as Job;
      await pool.ended(repeated.id);
      assert.notEqual(repeated.seedCommitment, third.seedCommitment);
      assert.deepEqual(node.jobs.at(-1)?.manifest.messages, node.jobs.at(-2)?.manifest.messages);
      node.kill();
      await pool.untilOnline(node, false);
    });

    it("moves a job whose node is killed in mid-answer to another node, and says so", async () => {
      const first = await pool.node("ash");
      const job = await pool.ask("a long question");
      if (first.jobs.length === 0) await once(first, "job");
      first.say(first.jobs[0]!, "half an ans");
      const second = new FakeNode("birch");
      const events: JobEvent[] = [];
      for await (const event of pool.events(job.id)) {
        events.push(event);
        if (event.event === "text" && event.data.text.includes("half")) {
          await pool.node("birch", second);
          first.kill();
        }
        if (event.event === "started" && event.data.attempt === 2)
          second.answer(second.jobs[0] ?? (await second.nextJob()));
      }
      const moved = events.find((each) => each.event === "moved");
      assert.equal(moved?.data.code, "node_left");
      assert.match(moved?.data.message ?? "", /“ash” left; the answer starts again/);
      assert.equal(shownText(events), "Echo: a long question");
      const end = (await pool.job(job.id))!;
      assert.equal(end.state, "done");
      assert.deepEqual(
        end.lostAttempts.map(({ attempt, code }) => [attempt, code]),
        [[1, "node_left"]],
      );
      second.kill();
      await pool.untilOnline(second, false);
    });

    it("stops a waiting job and a running one, twice with the same result", async () => {
      const node = await pool.node("oak");
      const running = await pool.ask("first");
      if (node.jobs.length === 0) await once(node, "job");
      const waiting = await pool.ask("second");
      assert.equal((await pool.job(waiting.id)).state, "queued");
      assert.equal((await pool.job(waiting.id)).ahead, 1);

      assert.equal((await pool.cancel(waiting.id)).state, "cancelled");
      assert.deepEqual(await pool.cancel(waiting.id), await pool.job(waiting.id));

      const [work] = node.jobs;
      node.say(work!, "Echo: fi");
      node.on("frame", (frame) => {
        if (frame.type === "stop") node.finish(work!, "stopped");
      });
      await pool.cancel(running.id);
      const stopped = await pool.ended(running.id);
      assert.equal(stopped.state, "cancelled");
      assert.equal(stopped.answer?.text, "Echo: fi");
      assert.equal(stopped.answer?.finishReason, "stopped");
      assert.deepEqual(await pool.cancel(running.id), stopped);
      node.kill();
      await pool.untilOnline(node, false);
    });

    it("serves many questions at once, each exactly once", async () => {
      const node = new FakeNode("elm").echo();
      await pool.connect(node);
      node.ready(undefined, 4);
      await pool.untilOnline(node);
      const before = (await pool.status()).lastHour;
      const asked = await Promise.all(
        Array.from({ length: 40 }, (_, i) => pool.ask(`question ${i}`, { community: `c${i % 3}` })),
      );
      const ended = await Promise.all(asked.map((job) => pool.ended(job.id)));
      assert.deepEqual(
        ended.map((job) => job.answer?.text),
        ended.map((_, i) => `Echo: question ${i}`),
      );
      assert.equal(node.jobs.length, 40);
      const status = await pool.status();
      assert(Compile(PoolStatus).Check(status));
      assert.equal(status.lastHour.answers - before.answers, 40);
      assert.equal(status.waiting + status.running, 0);
      assert(Compile(PoolModels).Check({ models: await pool.models() }));
      node.kill();
      await pool.untilOnline(node, false);
    });

    it("keeps a job for a node that comes later, when asked to wait", async () => {
      const job = await pool.ask("wait for it", { options: { wait: true } });
      assert.equal(job.state, "queued");
      assert.match(job.notice?.message ?? "", /kept for 10 minutes/);
      const ended = pool.ended(job.id);
      await pool.node("yew", new FakeNode("yew").echo());
      assert.equal((await ended).answer?.text, "Echo: wait for it");
    });

    it("gives the same job for a request key that was used before", async () => {
      const request = question("only once");
      const first = await pool.post("/v1/jobs", request);
      const [second, third] = await Promise.all([
        pool.post("/v1/jobs", request),
        pool.post("/v1/jobs", request),
      ]);
      assert.deepEqual([first.status, second.status, third.status], [201, 200, 200]);
      assert.equal((second.body as Job).id, (first.body as Job).id);
      assert.equal((third.body as Job).id, (first.body as Job).id);
    });
  });
}
