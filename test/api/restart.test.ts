// A pool that is stopped, killed or loses its Redis keeps every question.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Redis } from "ioredis";
import type { JobEvent } from "../../protocol/wire/http.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { type Service, startRedis } from "../support/services.ts";
import { FakeNode } from "./support/fake-node.ts";
import { question, TestPool } from "./support/pool.ts";

const limits = {
  ...{ lockMs: 1500, renewMs: 400, stalledCheckMs: 300, pollMs: 100 },
  ...{ reconcileMs: 200, placeMs: 100 },
};

describe("a pool on this machine alone", () => {
  it("gives a running job back when it is stopped, and finishes it after the next start", async () => {
    const first = await TestPool.start({}, { limits });
    const card = join(first.dataDir, "pool.json");
    assert.equal(JSON.parse(readFileSync(card, "utf8")).apiUrl, first.api.url);
    const node = await first.node("willow");
    const running = await first.ask("running");
    if (node.jobs.length === 0) await once(node, "job");
    node.say(node.jobs[0]!, "half");
    const waiting = await first.ask("waiting");
    const shown = Promise.withResolvers<void>();
    const following = (async () => {
      const events: JobEvent[] = [];
      for await (const event of first.events(running.id)) {
        events.push(event);
        if (event.event === "text") shown.resolve();
      }
      return events;
    })();
    await shown.promise;
    await first.api.close();
    // The stream ends without an `end`: the reader is to come again.
    const told = (await following).map((each) => each.event);
    assert(told.includes("moved") && !told.includes("end"), told.join());
    assert.equal((await node.whenClosed()).code, 1012);
    assert(!existsSync(card));

    const second = await TestPool.start({}, { limits }, first);
    await second.node("willow", new FakeNode("willow", node.key).echo());
    const [again, other] = await Promise.all([second.ended(running.id), second.ended(waiting.id)]);
    assert.equal(again.answer?.text, "Echo: running");
    assert.deepEqual(
      again.lostAttempts.map((lost) => lost.code),
      ["pool_restarted"],
    );
    assert.equal(other.answer?.text, "Echo: waiting");
    await second.close();
  });

  it("recovers after it was killed, with the Redis it left behind", async () => {
    const made = await TestPool.start({}, { limits });
    await made.api.close();
    const { dataDir } = made;
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "support/replica-process.ts")],
      {
        env: {
          ...BARE_ENVIRONMENT,
          ...{ DATA_DIR: dataDir, API_PORT: "0" },
          LIMITS: JSON.stringify(limits),
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    // Leaving the loop closes the pipe: from here on nobody reads its log, which must not end it.
    for await (const line of child.stdout) if (String(line).includes("the pool is open")) break;
    const { apiUrl } = JSON.parse(readFileSync(join(dataDir, "pool.json"), "utf8"));
    const node = new FakeNode("willow");
    await node.connect(apiUrl, made.api.enrolmentToken);
    node.ready();
    const ask = async (prompt: string) => {
      const options = { model: "echo (no model)", wait: true };
      const response = await fetch(`${apiUrl}/v1/jobs`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${made.api.serviceToken}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(question(prompt, { options })),
      });
      return ((await response.json()) as { id: string }).id;
    };
    await made.until(async () => {
      const response = await fetch(`${apiUrl}/v1/models`, {
        headers: { authorization: `Bearer ${made.api.serviceToken}` },
      });
      return ((await response.json()) as { models: unknown[] }).models.length > 0;
    });
    const running = await ask("running");
    if (node.jobs.length === 0) await once(node, "job");
    const waiting = await ask("waiting");
    child.kill("SIGKILL");
    await once(child, "exit");
    const redis = readFileSync(join(dataDir, "redis", "address"), "utf8");

    const second = await TestPool.start({}, { limits }, made);
    assert.equal(readFileSync(join(dataDir, "redis", "address"), "utf8"), redis);
    await second.node("willow", new FakeNode("willow", node.key).echo());
    const [again, other] = await Promise.all([second.ended(running), second.ended(waiting)]);
    assert.equal(again.answer?.text, "Echo: running");
    assert.equal(again.lostAttempts[0]?.code, "pool_restarted");
    assert.equal(other.answer?.text, "Echo: waiting");
    await second.close();
    assert(!existsSync(join(dataDir, "redis", "address")), "its Redis was not ended");
  });

  it("refuses to start on records another pool has open, and says which process has them", async () => {
    const pool = await TestPool.start();
    await assert.rejects(
      TestPool.start({}, {}, pool),
      new RegExp(`in use by process ${process.pid}`),
    );
    assert.equal((await fetch(`${pool.api.url}/readyz`)).status, 200);
    await pool.close();
  });
});

describe("a pool whose Redis goes away", () => {
  let redis: Service;
  let pool: TestPool;
  before(async () => {
    redis = await startRedis();
    pool = await TestPool.start({ redisUrl: redis.url }, { limits });
  });
  after(async () => {
    await pool.close();
    await redis.stop();
  });

  it("answers what was asked before and after it came back", async () => {
    const node = await pool.node("willow");
    const running = await pool.ask("running");
    if (node.jobs.length === 0) await once(node, "job");
    const waiting = await pool.ask("waiting");
    await redis.restart();
    node.answer(node.jobs[0]!);
    node.echo();
    const ended = await Promise.all([running, waiting].map((job) => pool.ended(job.id)));
    assert.deepEqual(
      ended.map((job) => job.answer?.text),
      ["Echo: running", "Echo: waiting"],
    );
    const later = await pool.ask("later");
    assert.equal((await pool.ended(later.id)).state, "done");
  });

  it("is not ready while Redis does not answer", async () => {
    const client = new Redis(redis.url);
    // Not even a PING is answered during a pause.
    await client.client("PAUSE", 10_000, "ALL");
    const response = await fetch(`${pool.api.url}/readyz`);
    assert.equal(response.status, 503);
    assert.match(await response.text(), /the queue cannot be reached/);
    client.disconnect();
    await redis.restart();
    await pool.until(async () => (await fetch(`${pool.api.url}/readyz`)).status === 200);
  });

  it("says in words that a Redis cannot be reached at the start", async () => {
    await assert.rejects(
      TestPool.start({ redisUrl: "redis://:secret@127.0.0.1:1" }),
      (error: Error) => {
        assert.match(error.message, /Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached/);
        assert(!error.message.includes("secret"));
        return true;
      },
    );
  });
});
