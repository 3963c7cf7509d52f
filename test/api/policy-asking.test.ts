// What the settings of a place do to questions: who may ask, where, which model, how many, and what the model is told.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import type { AskRequest, Job } from "../../protocol/wire/http.ts";
import type { Member } from "../../protocol/wire/members.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { ECHO, FakeNode } from "./support/fake-node.ts";
import { clockFromNoon, question, TestPool } from "./support/pool.ts";

const CHIEF = { account: "chief", moderator: true, roles: [] };
const ROOT = { account: "root", moderator: false, roles: [] };
const limits = { pollMs: 100, reconcileMs: 300, placeMs: 100 };
const clock = clockFromNoon();

describe("asking under a community's settings", () => {
  let pool: TestPool;
  let node: FakeNode;
  before(async () => {
    pool = await TestPool.start({ poolModerators: ["root"] }, { limits, clock });
    node = await pool.node("echo", new FakeNode("echo").echo());
  });
  after(() => pool.close());

  const settle = async (community: string, changes: object, room?: string) => {
    const { status } = await pool.send("PUT", `/v1/communities/${community}/policy`, {
      ...{ actor: CHIEF, changes },
      ...(room === undefined ? {} : { room }),
    });
    assert.equal(status, 200);
  };
  const poolWide = async (changes: object) => {
    const { status } = await pool.send("PUT", "/v1/policy", { actor: ROOT, changes });
    assert.equal(status, 200);
  };
  const ask = (more: Partial<AskRequest>) =>
    pool.send<Job>("POST", "/v1/jobs", question("hi", more));

  it("answers only in the rooms the moderators chose, and in their threads", async () => {
    await settle("c1", { channels_allowed: ["ai"] });
    const refused = await ask({ community: "c1", room: "general" });
    assert.deepEqual([refused.status, refused.code], [403, "room_not_allowed"]);
    assert.equal((await ask({ community: "c1", room: "ai" })).status, 201);
    assert.equal((await ask({ community: "c1", room: "thread", parentRoom: "ai" })).status, 201);
    assert.equal((await ask({ community: "c2", room: "general" })).status, 201);
  });

  it("lets those with the role ask, and moderators", async () => {
    await settle("c3", { may_ask: { roles: ["friends"] } });
    const refused = await ask({ community: "c3" });
    assert.deepEqual([refused.status, refused.code], [403, "may_not_ask"]);
    assert.equal((await ask({ community: "c3", roles: ["x", "friends"] })).status, 201);
    assert.equal((await ask({ community: "c3", moderator: true })).status, 201);
  });

  it("gives a retry the same job, though the settings have changed", async () => {
    const first = await ask({ community: "c4", requestKey: "k" });
    await settle("c4", { channels_allowed: ["elsewhere"] });
    const again = await ask({ community: "c4", requestKey: "k" });
    assert.deepEqual([again.status, again.body.id], [200, first.body.id]);
    const repeated = await pool.send("POST", `/v1/jobs/${first.body.id}/again`, {
      member: "m",
      requestKey: "k2",
    });
    assert.equal(repeated.code, "room_not_allowed");
  });

  it("takes the place's default model, unless another is named or it is away", async () => {
    const other = { ...ECHO, sha256: sha256Hex("small"), name: "small", bytes: 1 };
    const big = { ...ECHO, sha256: sha256Hex("big"), name: "big", bytes: 9e9 };
    const both = new FakeNode("both").echo();
    await pool.connect(both);
    both.ready([other, big]);
    await pool.untilOnline(both);
    assert.equal((await ask({ community: "c5" })).body.model.name, "big");
    await settle("c5", { default_model: "small" });
    assert.equal((await ask({ community: "c5" })).body.model.name, "small");
    assert.equal(
      (await ask({ community: "c5", options: { model: "big" } })).body.model.name,
      "big",
    );
    both.kill();
    await pool.untilOnline(both, false);
    assert.equal((await ask({ community: "c5" })).body.model.name, ECHO_MODEL.name);
  });

  it("serves no model that was removed, neither to new questions nor to waiting ones", async () => {
    const away = { ...ECHO, sha256: sha256Hex("removed"), name: "removed" };
    const slow = new FakeNode("slow");
    await pool.connect(slow);
    slow.ready([away]);
    await pool.untilOnline(slow);
    const named = { model: "removed", wait: true };
    const running = await pool.ask("first", { options: named });
    await pool.until(async () => (await pool.job(running.id)).state === "running");
    const waiting = await pool.ask("second", { options: named });
    await poolWide({ models_allowed: [ECHO.sha256] });
    const ended = await pool.ended(waiting.id);
    assert.deepEqual([ended.state, ended.notice?.code], ["failed", "model_removed"]);
    const refused = await ask({ options: { model: "removed" } });
    assert.deepEqual([refused.status, refused.code], [403, "model_not_served"]);
    assert.equal((await ask({})).body.model.sha256, ECHO.sha256);
    assert.equal(slow.jobs.length, 1);
    slow.kill();
    await poolWide({ models_allowed: null });
  });

  it("tells the model what the place asks for, and names it in the receipt", async () => {
    const text = "Answer like a pirate.\n\nBe brief.";
    await settle("c6", { system_prompt: text });
    await settle("c6", { system_prompt: "Answer in verse." }, "poets");
    const job = await pool.ask("ahoy", { community: "c6" });
    assert.equal((await pool.ended(job.id)).state, "done");
    const order = node.jobs.at(-1)!.manifest;
    assert.deepEqual(order.messages[0], { role: "system", content: text });
    assert.equal(order.systemPromptDigest, sha256Hex(text));
    const { instructions, receipt, checks } = await pool.provenance(job.id);
    assert.deepEqual(instructions, { sha256: sha256Hex(text), text });
    assert.equal(receipt.statement.predicate.systemPromptDigest, sha256Hex(text));
    assert.equal(checks.find((check) => check.id === "instructions")?.state, "passed");
    const verse = await pool.ask("ahoy", { community: "c6", room: "poets" });
    await pool.ended(verse.id);
    assert.equal(node.jobs.at(-1)?.manifest.messages[0]?.content, "Answer in verse.");
    // Elsewhere nothing is said, and nothing is named.
    await pool.ended((await pool.ask("ahoy")).id);
    assert.equal(node.jobs.at(-1)?.manifest.systemPromptDigest, undefined);
    assert.equal(node.jobs.at(-1)?.manifest.messages.length, 1);
  });

  it("refuses in words beyond the day's quota, with when it ends", async () => {
    await settle("c7", { quota_per_day: 2 });
    for (let i = 0; i < 2; i++) assert.equal((await ask({ community: "c7" })).status, 201);
    const refused = await ask({ community: "c7", requestKey: "third" });
    assert.deepEqual([refused.status, refused.code], [429, "quota_reached"]);
    assert.match(refused.message!, /2 questions a day.*UTC/);
    const { resetsAt } = (refused.body as unknown as { error: { resetsAt: number } }).error;
    assert.equal(resetsAt % 86_400_000, 0);
    const seconds = Number(refused.headers.get("retry-after"));
    assert(Math.abs(resetsAt - clock() - seconds * 1000) < 5000);
    assert.equal((await ask({ community: "c7", member: "other" })).status, 201);
    const { quota } = await pool.get<Member>("/v1/members/m?community=c7");
    assert.deepEqual(
      { ...quota, resetsAt: 0 },
      { limit: 2, bonus: 0, used: 2, left: 0, resetsAt: 0 },
    );
    assert.equal((await pool.get<Member>("/v1/members/m?community=c8")).quota.limit, null);
  });

  it("does not count what failed, and a retry only once", async () => {
    await settle("c9", { quota_per_day: 1 });
    await settle("c9", { default_model: null });
    const failed = await ask({ community: "c9", privacy: "own" });
    assert.equal(failed.body.state, "failed");
    assert.match(failed.body.notice!.message, /of this community's own/);
    const keys = ["same", "same", "same"];
    const asked = await Promise.all(keys.map((requestKey) => ask({ community: "c9", requestKey })));
    assert.deepEqual(asked.map((each) => each.status).sort(), [200, 200, 201]);
    assert.equal((await ask({ community: "c9" })).status, 429);
  });
});

describe("quotas over two replicas", () => {
  let redis: Service;
  let postgres: Service;
  let a: TestPool;
  let b: TestPool;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const settings = {
      ...{ redisUrl: redis.url, databaseUrl: postgres.url, poolModerators: ["root"] },
    };
    a = await TestPool.start(settings, { limits, clock });
    b = await TestPool.start(settings, { limits, clock }, a);
    await a.node("echo", new FakeNode("echo").echo());
  });
  after(async () => {
    await a.close();
    await b.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  it("let exactly as many of many at once pass as are left, and a change holds at both", async () => {
    const set = (quota_per_day: number) =>
      a.send("PUT", "/v1/policy", { actor: ROOT, changes: { quota_per_day } });
    await set(3);
    const at = (pool: TestPool) =>
      pool.send("POST", "/v1/jobs", question("hi", { options: { wait: true } }));
    await b.until(async () => (await b.get<Member>("/v1/members/m")).quota.limit === 3);
    const asked = await Promise.all([a, b, a, b, a, b, a, b].map(at));
    assert.deepEqual(
      asked.map((each) => each.status).sort(),
      [201, 201, 201, 429, 429, 429, 429, 429],
    );
    await set(4);
    await b.until(async () => (await b.get<Member>("/v1/members/m")).quota.limit === 4);
    assert.deepEqual([(await at(b)).status, (await at(a)).status], [201, 429]);
  });
});
