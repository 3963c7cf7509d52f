// Questions that wait in the records while the queue has lost them, behind many that it still has.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Redis } from "ioredis";
import { FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

/** More than one page of what the reconciler looks at. */
const WAITING = 620;

describe("what the queue has forgotten", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  let client: Redis;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    pool = await TestPool.start(
      { redisUrl: redis.url, databaseUrl: postgres.url },
      { limits: { reconcileMs: 100 } },
    );
    client = new Redis(redis.url);
  });
  after(async () => {
    client?.disconnect();
    await pool?.close();
    await Promise.all([redis?.stop(), postgres?.stop()]);
  });

  it("is put back, however many known ones wait before it", async () => {
    const node = await pool.node("away soon", new FakeNode("away soon"));
    node.kill();
    await pool.untilOnline(node, false);
    const asked = [];
    for (let i = 0; i < WAITING; i += 20) {
      const twenty = Array.from({ length: 20 }, (_, j) =>
        pool.ask(`question ${i + j}`, { options: { wait: true } }),
      );
      asked.push(...(await Promise.all(twenty)));
    }
    const [prioritized] = (await client.keys("*:prioritized")) as [string];
    const key = (name: string) => prioritized.replace(/prioritized$/, name);
    const order = await client.zrange(key("prioritized"), 0, "-1");
    assert.equal(order.length, WAITING);
    // The far one alone first: nothing before it tells that the queue has forgotten anything.
    for (const rank of [WAITING - 10, 10]) {
      const id = order[rank] as string;
      assert.equal(await client.zrem(key("prioritized"), id), 1);
      assert.equal(await client.del(key(id)), 1);
      await pool.until(async () => (await client.zrank(key("prioritized"), id)) === rank);
    }
    assert.equal(await client.zcard(key("prioritized")), WAITING);
  });
});
