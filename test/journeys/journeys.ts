import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import type { AnswerView } from "../../bot/views/view.ts";
import { unzipPack } from "../../protocol/export/zip.ts";
import { verifyPack } from "../../protocol/verify/verify.ts";
import { joinByInvite } from "../support/join-by-invite.ts";
import { SMOLLM2 } from "../support/models.ts";
import type { PoolProcesses } from "../support/pool-processes.ts";
import type { DoorDriver, PersonDriver, Saying, Seen } from "./door-driver.ts";

/** A message that shows an answer. */
interface SeenAnswer extends Seen {
  readonly view: AnswerView;
}

/**
 * What people do in a room, the same words for every door. The pool runs two workers: "willow" with the bundled
 * model and "rowan" with SmolLM2. Registers tests in order; each builds on a working room, none on another's text.
 */
export function registerJourneys(room: () => { door: DoorDriver; pool: PoolProcesses }): void {
  const people = () => room().door.people;

  it("answers a question in the room with who made it and from what", async () => {
    const [asker, other] = people();
    const answer = await finalAnswer(asker, "How does voting work here?", {
      model: "substrate-demo",
    });
    assert.equal(answer.view.phase, "done");
    assert.match(answer.view.text, /vote|proposal/i);
    assert.match(
      answer.view.footer ?? "",
      /willow.*Substrate demo.*tokens\/s.*CC0-1\.0.*receipt \w{10}/,
    );
    const same = await other.sees((m) => m.id === answer.id && isFinal(m));
    assert.deepEqual(same, answer, "both people see the same");
  });

  it("answers with Paris and another lineage once the larger model is there", async () => {
    const [asker] = people();
    const answer = await finalAnswer(asker, "What is the capital of France?");
    assert.match(answer.view.text, /Paris/);
    assert.match(
      answer.view.footer ?? "",
      /rowan.*SmolLM2-135M-Instruct.*Apache-2\.0.*training data open/,
    );
  });

  it("tells privately where an answer came from: checks that ran, and those that did not", async () => {
    const [asker, other] = people();
    const answer = await finalAnswer(asker, "What is a node?", { model: "substrate-demo" });
    await other.press(answer, "where");
    const where = await other.sees(
      (m) => m.view?.kind === "provenance" && m.view.jobId === answer.view.jobId,
    );
    assert(where.view?.kind === "provenance");
    assert.equal(where.private, true);
    assert(where.view.checks.some((check) => check.state === "passed"));
    assert(where.view.checks.some((check) => check.state === "not run"));
    const words = JSON.stringify(where.view);
    for (const expected of [/sha256|SHA-256/, /CC0-1\.0/, /temperature/i, /npm run verify/]) {
      assert.match(words, expected);
    }
  });

  it("saves an answer that verifies line by line", async () => {
    const [asker] = people();
    const answer = await finalAnswer(asker, "What is a receipt?", { model: "substrate-demo" });
    const lines = verifyPack(unzipPack(await asker.saveAnswer(answer)));
    assert.deepEqual(
      lines.filter((line) => line.state === "fails"),
      [],
    );
    assert(lines.some((line) => line.state === "holds"));
    assert(lines.some((line) => line.state === "not checked"));
  });

  it("asks again with a new seed and a new receipt", async () => {
    const [asker] = people();
    const answer = await finalAnswer(asker, "What is the queue?", { model: "substrate-demo" });
    await asker.press(answer, "again");
    const again = await asker.sees(
      (m) => isFinal(m) && m.id !== answer.id && m.replyTo === answer.replyTo,
    );
    assert(isAnswer(again));
    assert.notEqual(again.view.jobId, answer.view.jobId);
    assert.notEqual(receiptOf(again.view), receiptOf(answer.view));
  });

  it("continues a conversation by reply, from the newest answer or from an older one", async () => {
    const [asker, other] = people();
    const { client } = room().pool;
    const root = await finalAnswer(asker, "What is a model?", { model: "substrate-demo" });
    const next = await finalAnswer(other, "Tell me more.", {
      replyTo: root.id,
      model: "substrate-demo",
    });
    const branch = await finalAnswer(asker, "Go on.", {
      replyTo: root.id,
      model: "substrate-demo",
    });
    for (const reply of [next, branch]) {
      assert.equal((await client.job(reply.view.jobId)).continues, root.view.jobId);
    }
  });

  it("stops an answer in the middle, keeps its signed part, and takes a second press in its stride", async () => {
    const [asker] = people();
    const begun = await asker.say("Write a very long story about the sea.", { model: SMOLLM2 });
    assert("id" in begun && isAnswer(begun));
    const { id } = begun;
    const writing = await asker.sees((m) => m.id === id && isAnswer(m) && m.view.text.length > 0);
    await Promise.all([asker.press(writing, "stop"), asker.press(writing, "stop")]);
    const stopped = await asker.sees((m) => m.id === id && isFinal(m));
    assert(isAnswer(stopped));
    assert.equal(stopped.view.phase, "stopped");
    assert.ok(receiptOf(stopped.view), "the part that was written is signed");
  });

  it("shows pool, models and help", async () => {
    const [asker] = people();
    const pool = await asker.say("/pool");
    assert("id" in pool && pool.view?.kind === "pool");
    assert.equal(pool.view.nodesOnline, 2);
    const models = await asker.say("/models");
    assert("id" in models && models.view?.kind === "models");
    assert(models.view.models.some((m) => /SmolLM2/.test(m.name) && m.isDefault));
    const help = await asker.say("/help");
    assert("id" in help && help.view?.kind === "help");
    assert.deepEqual(
      ["ask", "where", "stop", "again", "pool", "models", "help"].filter(
        (name) => !JSON.stringify(help.view).includes(`/${name}`),
      ),
      [],
    );
  });

  it("refuses what cannot be asked, in words, and asks nothing", async () => {
    const [asker] = people();
    const refused: [string, Saying, RegExp][] = [
      ["   ", {}, /question/i],
      ["x".repeat(50_000), {}, /50[,.]?000.*8[,.]?000/],
      ["Anything?", { model: "no-such-model" }, /no-such-model/],
      ["/aks something", {}, /\/ask/],
    ];
    for (const [text, saying, expected] of refused) {
      const reply = await asker.say(text, saying);
      const told = "refusal" in reply ? reply.refusal : JSON.stringify(reply.view);
      assert.match(told, expected);
    }
  });

  it("takes mentions, markup and HTML as plain text", async () => {
    const [asker] = people();
    const hostile = "@everyone <img src=x onerror=alert(1)> **[free](http://evil.example)** <@1>";
    const answer = await finalAnswer(asker, hostile, { model: "substrate-demo" });
    assert.equal(answer.view.phase, "done");
  });

  it("starts again on another node when one is killed in mid-answer, and says so", async () => {
    const [asker] = people();
    const { pool } = room();
    const second = await pool.worker("birch", { WORKER_MODELS: SMOLLM2 });
    const begun = await asker.say("Write a very long story about a mountain.", { model: SMOLLM2 });
    assert("id" in begun && isAnswer(begun));
    const { id } = begun;
    const writing = await asker.sees((m) => m.id === id && isAnswer(m) && m.view.text.length > 0);
    assert(isAnswer(writing));
    const { node } = await pool.client.job(writing.view.jobId);
    const victim = node?.name === "birch" ? second : pool.programs.get("rowan");
    const gone = once(victim!.child, "exit");
    victim!.child.kill("SIGKILL");
    await gone;
    const answer = await asker.sees((m) => m.id === id && isFinal(m));
    assert(isAnswer(answer));
    assert.equal(answer.view.phase, "done");
    assert.match(answer.view.notices.join(" "), new RegExp(`${node?.name}.*left`));
    assert.doesNotMatch(answer.view.footer ?? "", new RegExp(`"${node?.name}"`));
  });
}

/**
 * What members and moderators do beside asking. The first person moderates the place (a server's right, or
 * whoever runs the local room), the second does not.
 */
export function registerCommunityJourneys(
  room: () => { door: DoorDriver; pool: PoolProcesses },
): void {
  const people = () => room().door.people;

  it("tells members what they have asked and have left, alone", async () => {
    const [, member] = people();
    const told = await member.say("/me");
    assert("id" in told && told.view?.kind === "card");
    assert.equal(told.private, true);
    assert.match(JSON.stringify(told.view), /Asked, all accounts together/);
  });

  it("lets the moderator change a setting, which holds at once, and nobody else", async () => {
    const [moderator, member] = people();
    assert.match(await told(moderator, "/pool settings quota_per_day 400"), /400 questions/);
    assert.match(await told(member, "/pool settings quota_per_day 1"), /Only moderators/);
    const card = await member.say("/me");
    assert.match(JSON.stringify("id" in card && card.view), /400/);
    assert.match(await told(moderator, "/pool settings quota_per_day 0"), /will not do/);
    assert.match(await told(moderator, "/pool settings quota_per_day none"), /no limit/);
  });

  it("answers only in the rooms that moderators chose", async () => {
    const [moderator, member] = people();
    assert.match(
      await told(moderator, "/pool settings channels_allowed 100000000000000000"),
      /Rooms/,
    );
    assert.match(await told(member, "Is anybody here?"), /not answered in this room/);
    assert.match(await told(moderator, "/pool settings channels_allowed all"), /every room/);
  });

  it("takes a report of an answer", async () => {
    const [, member] = people();
    const answer = await finalAnswer(member, "What is a vote?", { model: "substrate-demo" });
    assert.match(await told(member, "/report It is wrong.", { replyTo: answer.id }), /report/i);
    assert.match(await told(member, "/report", { replyTo: answer.id }), /Write what is wrong/);
  });

  it("shows members whose machines serve here, and lets the moderator hold one back", async () => {
    const [moderator, member] = people();
    const all = await told(member, "/pool nodes");
    for (const name of [/willow/, /rowan/]) assert.match(all, name);
    assert.match(await told(member, "/pool nodes pause willow for fun"), /Only moderators/);
    assert.match(
      await told(moderator, "/pool nodes pause willow too warm today"),
      /willow gets no new questions/,
    );
    assert.match(await told(member, "/pool nodes"), /too warm today/);
    const none = await finalAnswer(member, "What is a seed?", { model: "substrate-demo" });
    assert.equal(none.view.phase, "failed");
    assert.match(none.view.notices.join(" "), /No volunteer machine with Substrate demo/);
    assert.match(
      await told(moderator, "/pool waiting"),
      /No volunteer machine with Substrate demo/,
    );
    assert.match(await told(member, "/pool waiting"), /Only moderators/);
    assert.match(await told(moderator, "/pool nodes resume willow"), /serves this community again/);
    const again = await finalAnswer(member, "What is a seed?", { model: "substrate-demo" });
    assert.equal(again.view.phase, "done");
  });

  it("gives the moderator an invite that brings a machine in", async () => {
    const [moderator, member] = people();
    const { pool } = room();
    assert.match(await told(member, "/pool invite"), /Inviting machines is for/);
    const invite = /join (substrate1\.[\w-]+)/.exec(await told(moderator, "/pool invite"))?.[1];
    assert(invite, "the whole command can be copied");
    const hazel = await joinByInvite("hazel", invite, pool);
    assert.match(await told(member, "/pool nodes"), /hazel/);
    await hazel.leave();
  });

  it("lets only the asker and the moderator stop an answer", async () => {
    const [moderator, member] = people();
    const begun = await moderator.say("Write a very long story about a river.", { model: SMOLLM2 });
    assert("id" in begun && isAnswer(begun));
    const { id } = begun;
    const writing = await member.sees((m) => m.id === id && isAnswer(m) && m.view.text.length > 0);
    assert.match(await told(member, "/stop", { replyTo: writing.id }), /Only the person who asked/);
    await moderator.press(writing, "stop");
    const stopped = await moderator.sees((m) => m.id === id && isFinal(m));
    assert(isAnswer(stopped));
    assert.equal(stopped.view.phase, "stopped");
  });
}

/** What a person is told on a line, be it a reply or a refusal. */
async function told(person: PersonDriver, line: string, saying: Saying = {}): Promise<string> {
  const reply = await person.say(line, saying);
  return "refusal" in reply ? reply.refusal : JSON.stringify(reply.view);
}

/** Asks and waits for the end of the answer. */
async function finalAnswer(
  asker: PersonDriver,
  text: string,
  saying: Saying = {},
): Promise<SeenAnswer> {
  const first = await asker.say(text, saying);
  assert("id" in first, `refused: ${JSON.stringify(first)}`);
  const last = await asker.sees((m) => m.id === first.id && isFinal(m));
  assert(isAnswer(last));
  return last;
}

function isAnswer(message: Seen): message is SeenAnswer {
  return message.view?.kind === "answer";
}

function isFinal(message: Seen): boolean {
  return isAnswer(message) && message.view.final;
}

function receiptOf(view: AnswerView): string | undefined {
  return /receipt (\w{10})/.exec(view.footer ?? "")?.[1];
}
