// Nodes that break the rules: refused, logged, and the asker is served by another.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { generateSigningKey } from "../../protocol/keys.ts";
import type { Job } from "../../protocol/wire/http.ts";
import { ECHO, type FakeJob, FakeNode } from "./support/fake-node.ts";
import { TestPool } from "./support/pool.ts";

/** Lets a bad node misbehave with a job while a good one stands by; the job as it ended, and its log lines. */
async function served(
  pool: TestPool,
  misbehave: (bad: FakeNode, job: FakeJob) => void,
  text = "Echo: hello",
) {
  const bad = await pool.node("bad");
  // It is there from the beginning, so that little time passes between the order and what is done with it.
  const good = new FakeNode("good").echo();
  await pool.connect(good);
  good.ready([ECHO], 0);
  const asked = await pool.ask("hello");
  if (bad.jobs.length === 0) await once(bad, "job");
  good.ready();
  await pool.untilOnline(good);
  const from = pool.log.length;
  const ended = pool.ended(asked.id);
  misbehave(bad, bad.jobs[0]!);
  const job = await ended;
  const log = pool.log.slice(from).join("");
  assert.equal(job.state, "done");
  assert.equal(job.answer?.text, text);
  assert.equal(job.answer?.nodes[0]?.name, "good");
  const [credited] = (await pool.status()).nodes.filter((n) => n.keyId === bad.key.keyId);
  assert.equal(credited?.lastHour.tokens, 0);
  for (const node of [bad, good]) node.kill();
  for (const node of [bad, good]) await pool.untilOnline(node, false);
  return { job, log, bad };
}

const lost = (job: Job) => job.lostAttempts.map(({ attempt, code }) => `${attempt} ${code}`);

describe("misbehaving nodes", () => {
  let pool: TestPool;
  before(async () => {
    pool = await TestPool.start(
      {},
      { limits: { pollMs: 100, stopMs: 300, pingMs: 100, silentMs: 600 } },
    );
  });
  after(() => pool.close());

  it("repeats a seq", async () => {
    const { job, log, bad } = await served(pool, (node, work) => {
      node.say(work, "one ");
      work.seq--;
      node.say(work, "one ");
    });
    assert.deepEqual(lost(job), ["1 bad_frames"]);
    assert.match(log, /seq 0 where 1 was due/);
    assert.deepEqual(await bad.whenClosed(), { code: 1008, reason: "seq 0 where 1 was due" });
  });

  it("skips a seq", async () => {
    const { job, log } = await served(pool, (node, work) => {
      node.say(work, "one ");
      work.seq++;
      node.say(work, "three ");
    });
    assert.deepEqual(lost(job), ["1 bad_frames"]);
    assert.match(log, /seq 2 where 1 was due/);
  });

  it("says in its finish that it sent more than it did", async () => {
    const { job } = await served(pool, (node, work) => {
      node.say(work, "one ");
      work.seq++;
      node.finish(work);
    });
    assert.deepEqual(lost(job), ["1 bad_frames"]);
  });

  it("sends a frame of 10 MB", async () => {
    const { job, bad } = await served(pool, (node, work) => {
      node.say(work, "x".repeat(10 * 1_048_576));
    });
    assert.equal((await bad.whenClosed()).code, 1009);
    assert.deepEqual(lost(job), ["1 bad_frames"]);
  });

  it("sends more than 1 MB of answer in small frames", async () => {
    const { job, log } = await served(pool, (node, work) => {
      for (let i = 0; i < 20; i++) node.say(work, "x".repeat(60_000));
    });
    assert.deepEqual(lost(job), ["1 bad_frames"]);
    assert.match(log, /more than 1048576 bytes/);
  });

  it("sends half a character", async () => {
    const { job } = await served(pool, (node, work) => node.say(work, "\ud83d"));
    assert.deepEqual(lost(job), ["1 bad_frames"]);
  });

  it("sends a receipt for another text", async () => {
    const { job, log } = await served(pool, (node, work) => {
      node.say(work, "what it said");
      node.finish(work, "stop", node.receipt(work, { text: "what it signed" }));
    });
    assert.deepEqual(lost(job), ["1 receipt_refused"]);
    assert.match(log, /wrong_text/);
  });

  it("signs with another key", async () => {
    const { job, log } = await served(pool, (node, work) => {
      node.say(work, "one");
      node.finish(work, "stop", node.receipt(work, { key: generateSigningKey() }));
    });
    assert.deepEqual(lost(job), ["1 receipt_refused"]);
    assert.match(log, /wrong_key/);
  });

  it("claims to have been stopped when nobody asked", async () => {
    const { job } = await served(pool, (node, work) => {
      node.say(work, "one");
      node.finish(work, "stopped");
    });
    assert.deepEqual(lost(job), ["1 bad_frames"]);
  });

  it("sends what is not JSON", async () => {
    const { job } = await served(pool, (node) => node.socket.send("{]"));
    assert.deepEqual(lost(job), ["1 bad_frames"]);
  });

  it("gives the job back", async () => {
    const { job } = await served(pool, (node, work) =>
      node.send({ type: "fail", lease: work.lease, code: "model_failed", message: "no memory" }),
    );
    assert.deepEqual(lost(job), ["1 node_refused"]);
  });

  it("streams for another's lease: that answer goes on undisturbed", async () => {
    const good = await pool.node("good");
    const job = await pool.ask("hello");
    if (good.jobs.length === 0) await once(good, "job");
    const bad = await pool.node("bad");
    const [work] = good.jobs;
    good.say(work!, "Echo: ");
    const forged: FakeJob = { ...work!, seq: work!.seq };
    for (let i = 0; i < 3; i++) bad.say(forged, "lies ");
    bad.finish(forged);
    assert.equal((await bad.whenClosed()).code, 1008);
    good.say(work!, "hello");
    good.finish(work!);
    const ended = await pool.ended(job.id);
    assert.equal(ended.answer?.text, "Echo: hello");
    assert.deepEqual(ended.lostAttempts, []);
    assert(pool.log.some((line) => line.includes("a lease this node does not hold")));
    good.kill();
    await pool.untilOnline(good, false);
  });

  it("does not stop when asked: the job ends without its answer", async () => {
    const node = await pool.node("deaf");
    const job = await pool.ask("hello");
    if (node.jobs.length === 0) await once(node, "job");
    node.say(node.jobs[0]!, "Echo: ");
    const asked = node.nextFrame("stop");
    await pool.cancel(job.id);
    await asked;
    const ended = await pool.ended(job.id);
    assert.equal(ended.state, "cancelled");
    assert.equal(ended.answer, null);
    assert.equal(ended.notice?.code, "stopped");
    // What it sends now is late: not kept, and no offence either.
    node.say(node.jobs[0]!, "hello");
    node.finish(node.jobs[0]!);
    const handed = node.nextJob();
    const next = await pool.ask("next");
    await handed;
    node.answer(node.jobs[1]!);
    assert.equal((await pool.ended(next.id)).state, "done");
    assert.equal((await pool.job(job.id)).answer, null);
    node.kill();
    await pool.untilOnline(node, false);
  });

  it("no longer answers pings: it is cut off and its job moves", async () => {
    const { job } = await served(pool, (node) => {
      // The socket stays open, but nothing is read from it any more.
      node.socket.pause();
    });
    assert.equal(job.lostAttempts.length, 1);
    assert.equal(job.lostAttempts[0]?.code, "node_silent");
  });

  it("finishes twice: counted once", async () => {
    const node = await pool.node("twice");
    const job = await pool.ask("hello");
    if (node.jobs.length === 0) await once(node, "job");
    const [work] = node.jobs;
    node.say(work!, "Echo: hello");
    node.finish(work!);
    node.finish(work!);
    const ended = await pool.ended(job.id);
    assert.equal(ended.state, "done");
    const known = (await pool.status()).nodes.find((each) => each.keyId === node.key.keyId);
    assert.deepEqual(known?.lastHour, { answers: 1, tokens: 2 });
    node.kill();
    await pool.untilOnline(node, false);
  });

  it("fails every time: the job ends in words after five attempts", async () => {
    const node = new FakeNode("broken");
    node.on("job", (work) =>
      node.send({ type: "fail", lease: work.lease, code: "engine_error", message: "no" }),
    );
    await pool.node("broken", node);
    const job = await pool.ask("hello");
    const ended = await pool.ended(job.id);
    assert.equal(ended.state, "failed");
    assert.equal(ended.notice?.code, "too_many_attempts");
    assert.equal(ended.lostAttempts.length, 5);
    node.kill();
    await pool.untilOnline(node, false);
  });
});

// By themselves: the others may take their time before they misbehave.
describe("nodes that write nothing", () => {
  let pool: TestPool;
  before(async () => {
    pool = await TestPool.start(
      {},
      { limits: { pollMs: 100, firstTextMs: 1500, nextTextMs: 500 } },
    );
  });
  after(() => pool.close());

  it("falls silent before the first text", async () => {
    const { job, log } = await served(pool, () => {});
    assert.deepEqual(lost(job), ["1 node_silent"]);
    assert.match(log, /no first text/);
  });

  it("falls silent after some text", async () => {
    const { job, log } = await served(pool, (node, work) => node.say(work, "one "));
    assert.deepEqual(lost(job), ["1 node_silent"]);
    assert.match(log, /no more text/);
  });
});

describe("a node's door", () => {
  let pool: TestPool;
  before(async () => {
    pool = await TestPool.start();
  });
  after(() => pool.close());

  it("takes a new key with the enrolment token, and a known one without", async () => {
    const node = new FakeNode("willow");
    const stranger = await node.connect(pool.api.url);
    assert(stranger.type === "refused");
    assert.equal(stranger.code, "enrolment_needed");
    assert.match(stranger.message, /ENROLMENT_TOKEN/);
    await node.whenClosed();
    const wrong = await node.connect(pool.api.url, "wrong");
    assert.equal(wrong.type, "refused");
    assert.equal((await node.connect(pool.api.url, pool.api.enrolmentToken)).type, "welcome");
    node.kill();
    assert.equal((await node.connect(pool.api.url)).type, "welcome");
    node.kill();
  });

  it("refuses a signature by another key", async () => {
    const node = new FakeNode("liar");
    const answer = await node.connect(pool.api.url, pool.api.enrolmentToken, generateSigningKey());
    assert(answer.type === "refused");
    assert.equal(answer.code, "bad_signature");
  });

  it("keeps the newest of two connections with one key", async () => {
    const key = generateSigningKey();
    const [older, newer] = [new FakeNode("one", key), new FakeNode("one", key)];
    await pool.connect(older);
    await pool.connect(newer);
    assert.match((await older.whenClosed()).reason, /connected again/);
    newer.ready();
    await pool.untilOnline(newer);
    newer.echo();
    const job = await pool.ask("hello");
    assert.equal((await pool.ended(job.id)).state, "done");
    newer.kill();
  });

  it("closes a connection that says nothing", async () => {
    const strict = await TestPool.start({}, { limits: { helloMs: 200 } });
    const node = new FakeNode("mute");
    node.send = () => {};
    void node.connect(strict.api.url);
    assert.deepEqual(await node.whenClosed(), { code: 1008, reason: "no hello in time" });
    await strict.close();
  });
});
