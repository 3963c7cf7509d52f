// Which node gets a job, and which model answers when nobody names one.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { byCapability } from "../../api/pool/model-book.ts";
import { modelFacts } from "../../config/model-facts.ts";
import { publicKeyFromRaw } from "../../protocol/keys.ts";
import { readPoolTime } from "../../protocol/pool-time.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import type { ChallengeFrame, OfferedModel } from "../../protocol/wire/gateway.ts";
import { ECHO, FakeNode } from "./support/fake-node.ts";
import { TestPool } from "./support/pool.ts";

const model = (name: string, more: Partial<OfferedModel> = {}): OfferedModel => ({
  ...ECHO,
  sha256: sha256Hex(name),
  name,
  ...more,
});

describe("handing out jobs", () => {
  let pool: TestPool;
  before(async () => {
    pool = await TestPool.start({}, { limits: { pollMs: 100, placeMs: 50 } });
  });
  after(() => pool.close());

  async function online(name: string, models: OfferedModel[], slots = 1): Promise<FakeNode> {
    const node = new FakeNode(name).echo();
    await pool.connect(node);
    node.ready(models, slots);
    await pool.untilOnline(node);
    return node;
  }

  async function away(...nodes: FakeNode[]): Promise<void> {
    for (const node of nodes) node.kill();
    for (const node of nodes) await pool.untilOnline(node, false);
  }

  it("prefers the node that has the model in memory, and uses the other when that is busy", async () => {
    const cold = await online("cold", [model("m1", { loaded: false })]);
    const warm = await online("warm", [model("m1")]);
    for (let i = 0; i < 5; i++) await pool.ended((await pool.ask(`question ${i}`)).id);
    assert.deepEqual([cold.jobs.length, warm.jobs.length], [0, 5]);
    warm.removeAllListeners("job");
    const held = warm.nextJob();
    await pool.ask("held");
    await held;
    const other = await pool.ask("other");
    assert.equal((await pool.ended(other.id)).answer?.nodes[0]?.name, "cold");
    warm.answer(warm.jobs.at(-1)!);
    await away(cold, warm);
  });

  it("lets idle nodes take turns", async () => {
    const nodes = await Promise.all(
      ["one", "two", "three"].map((name) => online(name, [model("m0")])),
    );
    for (let i = 0; i < 6; i++) await pool.ended((await pool.ask(`question ${i}`)).id);
    assert.deepEqual(
      nodes.map((node) => node.jobs.length),
      [2, 2, 2],
    );
    await away(...nodes);
  });

  it("tells a node that asks for it the time its orders are reckoned by, and only such a node", async () => {
    const node = new FakeNode("asks");
    node.timeNonce = "ab".repeat(32);
    const first = once(node, "frame");
    const welcome = await node.connect(pool.api.url, pool.api.enrolmentToken);
    assert(welcome.type === "welcome" && welcome.time !== undefined);
    const [challenge] = (await first) as [ChallengeFrame];
    const key = publicKeyFromRaw(Buffer.from(challenge.pool.publicKey, "base64"));
    assert(Math.abs(readPoolTime(welcome.time, key, node.timeNonce) - Date.now()) < 60_000);
    const before = new FakeNode("from before");
    const plain = await before.connect(pool.api.url, pool.api.enrolmentToken);
    assert.deepEqual(Object.keys(plain), ["type", "node"]);
    for (const each of [node, before]) each.kill();
  });

  it("does not wait where nobody has the model in memory", async () => {
    const cold = await online("cold", [model("m2", { loaded: false })]);
    const handed = once(cold, "job");
    const job = await pool.ask("hello");
    await handed;
    assert.equal((await pool.ended(job.id)).state, "done");
    await away(cold);
  });

  it("never gives a node more than its slots", async () => {
    const node = new FakeNode("two at once");
    await pool.connect(node);
    node.ready([model("m3")], 2);
    await pool.untilOnline(node);
    const asked = [];
    for (let i = 0; i < 5; i++) asked.push(await pool.ask(`question ${i}`));
    await pool.until(async () => (await pool.status()).running === 2);
    assert.equal(node.jobs.length, 2);
    assert.equal((await pool.status()).waiting, 3);
    node.echo();
    for (const work of node.jobs.slice(0, 2)) node.answer(work);
    for (const job of asked) assert.equal((await pool.ended(job.id)).state, "done");
    await away(node);
  });

  it("tells a waiting asker its place as it changes", async () => {
    const node = new FakeNode("slow");
    await pool.connect(node);
    node.ready([model("m4")]);
    await pool.untilOnline(node);
    const [first, second, third] = [await pool.ask("1"), await pool.ask("2"), await pool.ask("3")];
    const places: number[] = [];
    let answered = 0;
    // The place may be told before the next order has reached the node.
    const answerNext = async () => {
      const work = node.jobs[answered] ?? (await node.nextJob());
      answered++;
      node.answer(work);
    };
    for await (const { event, data } of pool.events(third!.id)) {
      // Told again with another estimate it is the same place; none at all is one that is being taken up.
      const moved = event === "queued" && data.ahead > 0 && data.ahead !== places.at(-1);
      if (moved) places.push(data.ahead);
      if (moved || event === "started") await answerNext();
    }
    assert.deepEqual(places, [2, 1]);
    for (const job of [first, second]) assert.equal((await pool.job(job!.id)).state, "done");
    await away(node);
  });

  it("says so when the last node that could answer leaves, and is glad when one returns", async () => {
    const node = new FakeNode("last");
    await pool.connect(node);
    node.ready([model("m5")]);
    await pool.untilOnline(node);
    const handed = node.nextJob();
    const job = await pool.ask("hello", { options: { model: "m5" } });
    await handed;
    const seen: string[] = [];
    for await (const { event, data } of pool.events(job.id)) {
      seen.push(event === "queued" && data.notice !== null ? "nobody" : event);
      if (event === "started" && seen.length <= 2) node.kill();
      if (seen.at(-1) === "nobody") await online("new", [model("m5")]);
    }
    assert.deepEqual(
      seen.filter((event) => event !== "queued" && event !== "text"),
      ["started", "moved", "nobody", "started", "end"],
    );
  });

  it("gives a node that was busy what came meanwhile for any of its models", async () => {
    const names = ["first of several", "second of several", "third of several"];
    const node = new FakeNode("several");
    await pool.connect(node);
    node.ready(names.map((name) => model(name)));
    await pool.untilOnline(node);
    const held = node.nextJob();
    await pool.ask("held", { options: { model: sha256Hex(names[0] as string) } });
    await held;
    const waiting = await pool.ask("waits", { options: { model: sha256Hex(names[2] as string) } });
    node.echo().answer(node.jobs[0]!);
    assert.equal((await pool.ended(waiting.id)).state, "done");
    await away(node);
  });

  it("answers with the most capable model online when none is named", async () => {
    const [weak, strong] = modelFacts()
      .filter((fact) => fact.sha256 !== null)
      .sort((a, b) => a.rank - b.rank);
    assert(weak !== undefined && strong !== undefined);
    const nodes = [
      await online("weak", [model(weak.name, { sha256: weak.sha256!, bytes: 9e9 })]),
      await online("strong", [model(strong.name, { sha256: strong.sha256!, bytes: 1 })]),
    ];
    const job = await pool.ask("hello");
    assert.equal(job.model.name, strong.name);
    assert.equal((await pool.status()).defaultModel?.sha256, strong.sha256);
    assert.equal((await pool.models())[0]?.sha256, strong.sha256);
    await pool.ended(job.id);
    await away(...nodes);
  });

  it("orders models without facts after all others, larger files first", () => {
    const [known] = modelFacts().filter((fact) => fact.sha256 !== null);
    const models = [
      { sha256: "1".repeat(64), bytes: 10 },
      { sha256: "2".repeat(64), bytes: 20 },
      { sha256: known!.sha256!, bytes: 1 },
    ];
    assert.deepEqual(
      models.sort(byCapability).map((each) => each.bytes),
      [1, 20, 10],
    );
  });
});
