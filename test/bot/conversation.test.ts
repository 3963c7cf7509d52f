import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { again } from "../../bot/commands/again.ts";
import { deliverAnswer, runCommand } from "../../bot/conversation.ts";
import { type DoorLimits, LIMITS } from "../../bot/door.ts";
import { poolClient } from "../../bot/pool/client.ts";
import { MessageGone } from "../../bot/stream/pacer.ts";
import { type FakePool, startFakePool } from "./fake-pool.ts";
import { SERVICE_TOKEN } from "./pool-fixtures.ts";
import { RecordingDoor } from "./recording-door.ts";

const quick: DoorLimits = {
  ...LIMITS.local,
  pace: { minGapMs: 1, growth: 1, maxGapMs: 1, maxEdits: null },
};
const log = { info() {}, warn() {}, error() {} };

describe("an answer on its way into a room", () => {
  let fake: FakePool;
  let count = 0;
  let closing: AbortController;
  before(async () => {
    fake = await startFakePool();
  });
  beforeEach(() => {
    closing = new AbortController();
  });
  after(() => fake.close());

  async function deliver(door: RecordingDoor, shown: string[] = []) {
    const pool = poolClient({ url: fake.url, serviceToken: SERVICE_TOKEN });
    const requestKey = `event-${++count}`;
    const ask = { community: "local", member: "first", room: "r", requestKey, prompt: "Hello?" };
    const job = await pool.ask(ask);
    const signal = closing.signal;
    return deliverAnswer({ door, pool, room: "r", job, replyTo: "q1", shown, signal, log });
  }

  /** The job once its follower listens. */
  async function followed() {
    while (fake.jobs().length < count || fake.last().followers.size === 0) {
      await new Promise((done) => setImmediate(done));
    }
    return fake.last();
  }

  test("begins with its place in the queue and ends with its footer and buttons", async () => {
    const door = new RecordingDoor(quick);
    const delivered = deliver(door);
    await door.until(([first]) => first?.view.phase === "waiting");
    assert.equal(door.messages[0]?.replyTo, "q1");
    const job = await followed();
    job.queued(3, 12_300);
    await door.until(([first]) => first?.view.status === "3 answers ahead · about 13 s");
    job.start("maple");
    job.text("Members ");
    await door.until(([first]) => first?.view.status === 'Node "maple" is writing');
    assert.deepEqual(
      door.messages[0]?.view.actions.map(({ id }) => id),
      [`stop:${job.job.id}`],
    );
    job.text("vote.");
    job.done();
    await delivered;
    const view = door.messages[0]?.view;
    assert.equal(view?.text, "Members vote.");
    assert.equal(
      view?.footer,
      'node "maple" · SmolLM2-135M-Instruct Q4_1 · 187 tokens/s · Apache-2.0, training data open · receipt k3xq7v2mfa',
    );
    assert.deepEqual(
      view?.actions.map(({ label }) => label),
      ["Where did this answer come from?", "Ask again", "Report"],
    );
  });

  test("says so when a node leaves, and starts over", async () => {
    const door = new RecordingDoor(quick);
    const delivered = deliver(door);
    const job = await followed();
    job.start("maple");
    job.text("Half an ans");
    await door.until(([first]) => first?.view.text === "Half an ans");
    job.moved();
    await door.until(([first]) => first?.view.text === "" && first.view.notices.length === 1);
    job.start("rowan");
    job.text("A whole answer.");
    job.done();
    await delivered;
    assert.equal(door.messages[0]?.view.text, "A whole answer.");
    assert.match(door.messages[0]?.view.notices[0] ?? "", /"maple" left/);
  });

  test("takes more messages when it outgrows one, and gives them back when it starts over", async () => {
    const door = new RecordingDoor({ ...quick, maxChars: 200 });
    const delivered = deliver(door);
    const job = await followed();
    job.start();
    job.text("A sentence of a long answer.\n\n".repeat(30));
    await door.until((messages) => messages.length > 3);
    job.moved();
    await door.until((messages) => messages.length === 1);
    job.start("rowan");
    job.text("Short.");
    job.done();
    await delivered;
    const all = door.messages.map(({ view }) => view);
    assert.equal(all[0]?.text, "Short.");
    assert.equal(all.filter(({ footer }) => footer !== null).length, 1);
  });

  test("arrives although edits fail", async () => {
    const door = new RecordingDoor(quick);
    let failures = 3;
    door.onEdit = ({ final }) => {
      if (final && failures-- > 0) throw new Error("the platform hiccups");
    };
    const delivered = deliver(door);
    const job = await followed();
    job.start();
    job.text("Done.");
    job.done();
    await delivered;
    assert.equal(door.messages[0]?.view.final, true);
    assert.ok(failures < 0);
  });

  test("ends quietly when somebody deleted its message", async () => {
    const door = new RecordingDoor(quick);
    door.onEdit = () => {
      throw new MessageGone("deleted");
    };
    const delivered = deliver(door);
    const job = await followed();
    job.start();
    job.done();
    await delivered;
  });

  test("tells why a question failed, and offers to ask again", async () => {
    const door = new RecordingDoor(quick);
    const delivered = deliver(door);
    const job = await followed();
    job.end({
      state: "expired",
      notice: { code: "waited_too_long", message: "Nobody could answer in ten minutes." },
    });
    await delivered;
    const view = door.messages[0]?.view;
    assert.equal(view?.phase, "expired");
    assert.deepEqual(view?.notices, ["Nobody could answer in ten minutes."]);
    assert.deepEqual(
      view?.actions.map(({ label }) => label),
      ["Ask again"],
    );
  });

  test("offers to wait when nobody was there to answer", async () => {
    const door = new RecordingDoor(quick);
    const delivered = deliver(door);
    const job = await followed();
    job.end({ state: "failed", notice: { code: "no_node", message: "No machine is online." } });
    await delivered;
    assert.deepEqual(
      door.messages[0]?.view.actions.map(({ label }) => label),
      ["Ask again and wait for a node"],
    );
    const pool = poolClient({ url: fake.url, serviceToken: SERVICE_TOKEN });
    const context = {
      community: "local",
      room: "r",
      member: "first",
      requestKey: "waiting",
      replyTo: null,
      recentJobs: [],
      askOptions: {},
      pool,
    };
    const outcome = await runCommand(again, context, { answer: job.job.id });
    assert.equal(outcome.kind, "job");
    assert.deepEqual(fake.askedAgain.at(-1)?.options, { wait: true });
  });

  test("keeps the part that was written when it is stopped", async () => {
    const door = new RecordingDoor(quick);
    const delivered = deliver(door);
    const job = await followed();
    job.start();
    job.text("The first half");
    job.cancel();
    await delivered;
    const view = door.messages[0]?.view;
    assert.equal(view?.phase, "stopped");
    assert.equal(view?.text, "The first half");
    assert.match(view?.notices.join() ?? "", /Stopped/);
  });

  test("is left as it is when the door closes, and taken up again", async () => {
    const door = new RecordingDoor(quick);
    const delivered = deliver(door);
    const job = await followed();
    job.start();
    job.text("Almost");
    await door.until(([first]) => first?.view.text === "Almost");
    closing.abort();
    await delivered;
    assert.equal(door.messages[0]?.view.final, false);

    job.text(" there.");
    job.done();
    const pool = poolClient({ url: fake.url, serviceToken: SERVICE_TOKEN });
    const shown = ["m1"];
    const signal = new AbortController().signal;
    await deliverAnswer({
      door,
      pool,
      room: "r",
      job: await pool.job(job.job.id),
      replyTo: "q1",
      shown,
      signal,
      log,
    });
    assert.equal(door.messages.length, 1);
    assert.equal(door.messages[0]?.view.text, "Almost there.");
  });
});
