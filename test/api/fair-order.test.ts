// Who is served when more is asked than can be answered.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import type { FakeNode } from "./support/fake-node.ts";
import { TestPool } from "./support/pool.ts";

describe("the order of a queue", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  let node: FakeNode;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const settings = { redisUrl: redis.url, databaseUrl: postgres.url };
    pool = await TestPool.start(settings, { limits: { pollMs: 100 } });
    node = await pool.node("one at a time");
  });
  after(async () => {
    await pool?.close();
    await Promise.all([redis?.stop(), postgres?.stop()]);
  });

  const asked: string[] = [];
  const ask = async (community: string, prompt: string) => {
    const { id } = await pool.ask(prompt, { community });
    asked.push(id);
  };
  const prompts = () => node.jobs.map((work) => work.manifest.messages.at(-1)?.content);

  /** Has the node answer so many more questions, `meanwhile` before each. */
  async function serve(count: number, meanwhile: (i: number) => Promise<void> = async () => {}) {
    for (let i = 0; i < count; i++) {
      if (node.jobs.length === served) await once(node, "job");
      await meanwhile(i);
      node.answer(node.jobs[served++]!);
    }
  }
  let served = 0;

  /** Answers all there is; the prompts in the order in which the node got them. */
  async function drain(): Promise<string[]> {
    await serve(asked.length - served);
    for (const id of asked.splice(0)) assert.equal((await pool.ended(id)).state, "done");
    const order = prompts() as string[];
    node.jobs.length = 0;
    served = 0;
    return order;
  }

  it("is, within a community, that of asking, however many were answered in between", async () => {
    for (let i = 0; i < 6; i++) await ask("c", `${i}`);
    await serve(4);
    for (let i = 6; i < 9; i++) await ask("c", `${i}`);
    await serve(1);
    await ask("c", "9");
    assert.deepEqual(await drain(), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  });

  it("lets nobody wait behind a community that floods", async () => {
    for (let i = 0; i < 30; i++) await ask("flood", `flood ${i}`);
    await serve(5);
    await ask("quiet", "quiet 0");
    await ask("quiet", "quiet 1");
    const order = await drain();
    // One is being answered and one of the same round was there before; then the two take turns.
    assert(order.indexOf("quiet 0") <= 7, order.join());
    assert(order.indexOf("quiet 1") <= 9, order.join());
    assert.deepEqual(
      order.filter((prompt) => prompt.startsWith("flood")),
      Array.from({ length: 30 }, (_, i) => `flood ${i}`),
    );
  });

  it("lets nobody's further questions wait for ever behind first questions of others", async () => {
    for (let i = 0; i < 4; i++) await ask("busy", `busy ${i}`);
    await serve(12, (i) => ask(`newcomer ${i}`, `newcomer ${i}`));
    const early = prompts().slice(0, 12);
    for (let i = 0; i < 4; i++) assert(early.includes(`busy ${i}`), early.join());
    await drain();
  });

  it("begins anew when nobody waits, and goes round in turns with what another replica takes in", async () => {
    const far = await TestPool.start(
      { redisUrl: redis.url, databaseUrl: postgres.url },
      { limits: { pollMs: 100 } },
      pool,
    );
    for (let i = 0; i < 8; i++) await ask("here", `here ${i}`);
    await serve(3);
    asked.push((await far.ask("there 0", { community: "there" })).id);
    asked.push((await far.ask("here 8", { community: "here" })).id);
    const order = await drain();
    await far.api.close();
    assert(order.indexOf("there 0") <= 5, order.join());
    assert.deepEqual(
      order.filter((prompt) => prompt.startsWith("here")),
      Array.from({ length: 9 }, (_, i) => `here ${i}`),
    );
  });
});
