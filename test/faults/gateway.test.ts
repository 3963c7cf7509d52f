// What the nodes' door does while a part behind it, or this very process, stands still.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

const MEGABYTE = 1_048_576;

describe("the nodes' door", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    pool = await TestPool.start(
      { redisUrl: redis.url, databaseUrl: postgres.url },
      { limits: { pingMs: 100, silentMs: 500, pollMs: 50, firstTextMs: 800, nextTextMs: 800 } },
    );
  });
  after(async () => {
    await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  it("reads no more of a flood than it can deal with while the records are away", async () => {
    const node = new FakeNode("flood");
    stopAll(postgres.pid, "SIGSTOP");
    const challenged = node.nextFrame("challenge");
    const greeted = node.connect(pool.api.url, pool.api.enrolmentToken);
    await challenged;
    let taken = 0;
    const frame = JSON.stringify({ type: "text", lease: "x", seq: 0, text: "x".repeat(900_000) });
    for (let i = 0; i < 60; i++) {
      node.socket.send(frame, () => {
        taken += frame.length;
      });
    }
    try {
      // Reading goes on between requests to the same process; when ten brought nothing more, it has stopped.
      for (let still = 0, before = -1; still < 10; still = taken === before ? still + 1 : 0) {
        before = taken;
        await fetch(`${pool.api.url}/healthz`);
      }
    } finally {
      stopAll(postgres.pid, "SIGCONT");
    }
    assert(taken < 20 * MEGABYTE, `${taken / MEGABYTE} MB were taken from the node`);
    assert.equal((await greeted).type, "welcome");
    await node.whenClosed();
  });

  it("keeps nodes and their answers when the process itself stood still", async () => {
    const node = await pool.node("patient");
    const asked = await pool.ask("hello");
    if (node.jobs.length === 0) await once(node, "job");
    const [work] = node.jobs;
    node.say(work!, "Echo: ");
    await pool.until(async () => (await pool.job(asked.id)).state === "running");
    // Longer than a silent node or an unfinished sentence is waited for: no event of this process happens.
    spawnSync("sleep", ["1.5"]);
    node.say(work!, "hello");
    node.finish(work!);
    const ended = await pool.ended(asked.id);
    assert.deepEqual(ended.lostAttempts, []);
    assert.equal(ended.answer?.text, "Echo: hello");
    assert.equal(node.closed, null);
  });
});

/** PostgreSQL with all its sessions. */
function stopAll(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  spawnSync("pkill", [`-${signal.slice(3)}`, "-P", `${pid}`]);
  process.kill(pid, signal);
}
