import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Human, ReadMessage } from "../../support/matrix-human.ts";
import type { FakeJob } from "../fake-pool.ts";
import { isFinal, kindOf, type MatrixHouse, openMatrixHouse } from "./room.ts";

describe("the Matrix door", { timeout: 300_000 }, () => {
  let house: MatrixHouse;
  let alice: Human;
  let bob: Human;
  let room: string;
  before(async () => {
    house = await openMatrixHouse();
    [alice, bob] = await Promise.all([house.person("alice"), house.person("bob")]);
    room = await house.room(alice, { invite: [house.bot.userId, bob.userId] });
    await bob.join(room);
  });
  after(() => house?.close());

  /** Asks and lets the pool answer; resolves to the last frame. */
  async function answered(who: Human, line: string, text = "So it is."): Promise<ReadMessage> {
    const question = await who.say(room, line);
    const first = await who.sees((one) => one.thread === question);
    finish(house.pool.last(), text);
    return who.sees((one) => one.id === first.id && isFinal(one));
  }

  /** The bot's reply to an event. */
  const replyTo = (who: Human, event: string) =>
    who.sees((one) => one.replyTo === event && one.sender === house.bot.userId);

  test("answers `!ask` in a thread of the question, by edits, with who made it and from what", async () => {
    const question = await alice.say(room, "!ask What is a node?");
    const first = await alice.sees((one) => one.thread === question);
    assert.match(first.body, /⏳ /);
    const job = house.pool.last();
    assert.deepEqual(house.pool.asked.at(-1), {
      community: `matrix:${room}`,
      room: `matrix:${room}`,
      member: `matrix:${alice.userId}`,
      requestKey: `matrix:${question}`,
      prompt: "What is a node?",
      // Who made the room has all power in it.
      moderator: true,
      roles: [],
      options: {},
    });
    job.start("maple");
    job.text("A node is ");
    const writing = await alice.sees(
      (one) => one.id === first.id && one.body.includes("A node is"),
    );
    assert.ok("org.matrix.msc4357.live" in writing.content);
    job.text("somebody's machine.");
    job.done();
    const last = await alice.sees((one) => one.id === first.id && isFinal(one));
    assert.match(
      last.body,
      /^A node is somebody's machine\.\n\n— node "maple" · .*receipt \w+\n🔎/,
    );
    assert.ok(!("org.matrix.msc4357.live" in last.content));
    assert.equal(last.content.msgtype, "m.notice");
    assert.deepEqual(last.content["m.mentions"], {});
    assert.equal(last.replyTo, question);
  });

  test("tells where an answer came from in private, by sign and by word", async () => {
    const answer = await answered(alice, "!pool ask Where from?");
    await alice.react(room, answer.id, "🔎️");
    const where = await alice.sees((one) => kindOf(one) === "provenance");
    assert.notEqual(where.room, room);
    assert.match(where.body, /SHA-256/);
    await alice.inThread(room, answer.thread as string, "!where");
    await alice.until(
      () => alice.messages(where.room).filter((one) => kindOf(one) === "provenance").length >= 2,
    );
  });

  test("is asked by mention, by reply and in its own threads, and goes on with the conversation", async () => {
    const first = await answered(bob, `${house.bot.userId}: And by mention?`);
    assert.equal(house.pool.asked.at(-1)?.prompt, "And by mention?");
    const pill = await bob.say(room, "substrate: do you hear?", {
      "m.mentions": { user_ids: [house.bot.userId] },
    });
    await bob.sees((one) => one.thread === pill);
    finish(house.pool.last(), "Yes.");
    assert.equal(house.pool.asked.at(-1)?.prompt, "do you hear?");

    const reply = await alice.reply(room, first.id, "> <@x:y> quoted\n\nAnd then?");
    await alice.until(() => house.pool.asked.at(-1)?.requestKey === `matrix:${reply}`);
    const { continues, prompt } = house.pool.asked.at(-1) ?? {};
    assert.deepEqual([continues, prompt], [jobOf(first), "And then?"]);
    finish(house.pool.last(), "Then more.");
    const second = await alice.sees((one) => one.replyTo === reply && isFinal(one));
    assert.equal(second.thread, first.thread, "it stays in the thread");

    const asked = await alice.inThread(room, first.thread as string, "And in the thread?");
    await alice.until(() => house.pool.asked.at(-1)?.requestKey === `matrix:${asked}`);
    assert.equal(house.pool.asked.at(-1)?.continues, jobOf(second), "from the newest answer there");
    finish(house.pool.last(), "Here too.");
  });

  test("leaves alone what is not for it: talk, other bots, notices, edits, its own name in a sentence", async () => {
    const before = house.pool.asked.length;
    const said = await bob.say(room, "hello everybody");
    await bob.say(room, "!weather Berlin");
    await bob.say(room, "substrate is a nice name");
    await bob.send(room, "m.room.message", { msgtype: "m.notice", body: "!ask me, says a bot" });
    await bob.say(room, "* !ask changed", {
      "m.new_content": { msgtype: "m.text", body: "!ask changed" },
      "m.relates_to": { rel_type: "m.replace", event_id: said },
    });
    const foreign = await alice.inThread(room, said, "a thread of ours");
    const last = await bob.say(room, "!help");
    await replyTo(bob, last);
    assert.equal(house.pool.asked.length, before);
    const replies = bob.messages(room).filter((one) => one.sender === house.bot.userId);
    assert.ok(!replies.some((one) => [said, foreign].includes(one.replyTo ?? "")));
  });

  test("meets near misses with the right word, and tells of each command how it is used", async () => {
    assert.match(
      (await replyTo(alice, await alice.say(room, "!aks me"))).body,
      /Did you mean !ask\?/,
    );
    assert.match(
      (await replyTo(alice, await alice.say(room, "!pool modles"))).body,
      /Did you mean !models\?/,
    );
    const help = await replyTo(alice, await alice.say(room, "!help"));
    for (const name of ["ask", "where", "stop", "pool settings"]) {
      assert.ok(help.body.includes(`!${name}`), help.body);
    }
    const one = await replyTo(alice, await alice.say(room, "!help ask"));
    assert.match(one.body, /!ask <question> \[--model <model>\]/);
    assert.doesNotMatch(one.body, /!models/);
    assert.match((await replyTo(alice, await alice.say(room, "!where --help"))).body, /!where/);
    const pool = await replyTo(alice, await alice.say(room, "!pool"));
    assert.match(pool.body, /Encryption: switched off; this room is not encrypted/);
  });

  test("stops for who asked and for who may moderate, and tells the pool which of them it was", async () => {
    const question = await bob.say(room, "!ask A long story?");
    const answer = await bob.sees((one) => one.thread === question);
    house.pool.last().start();
    await bob.react(room, answer.id, "⏹️");
    await bob.sees((one) => one.id === answer.id && isFinal(one));
    assert.deepEqual(house.pool.cancelled.at(-1)?.member, `matrix:${bob.userId}`);
    assert.equal(house.pool.cancelled.at(-1)?.moderator ?? false, false);
    const second = await bob.say(room, "!ask Another?");
    const other = await bob.sees((one) => one.thread === second);
    await alice.inThread(room, second, "!stop");
    await alice.sees((one) => one.id === other.id && isFinal(one));
    assert.equal(house.pool.cancelled.at(-1)?.moderator, true);
  });

  test("stops answering a question that its asker took away", async () => {
    const question = await bob.say(room, "!ask Something I regret");
    const answer = await bob.sees((one) => one.thread === question);
    house.pool.last().start();
    await bob.redact(room, question);
    const last = await bob.sees((one) => one.id === answer.id && isFinal(one));
    assert.match(last.body, /Stopped/);
  });

  test("stops it as well when it was taken away before the pool had said that it has it", async () => {
    const answer = Promise.withResolvers<void>();
    const asked = new Promise<FakeJob>((resolve) => {
      house.pool.onJob = (job) => {
        resolve(job);
        return answer.promise;
      };
    });
    const question = await bob.say(room, "!ask Something I regret at once");
    const job = await asked;
    const stopped = new Promise<void>((resolve) => {
      job.cancel = () => resolve(job.end({ state: "cancelled", answer: null }));
    });
    await bob.redact(room, question);
    // What comes behind it is answered: it was seen by then.
    await replyTo(bob, await bob.say(room, "!help"));
    answer.resolve();
    await stopped;
    house.pool.onJob = () => {};
    assert.ok(
      !bob.messages(room).some((one) => one.thread === question),
      "and shows nothing of it",
    );
  });

  test("asks again below a sign, and saves answer and receipt as a file", async () => {
    const answer = await answered(alice, "!ask Once more");
    await bob.react(room, answer.id, "🔁");
    const again = await bob.sees(
      (one) => one.thread === answer.thread && one.id !== answer.id && kindOf(one) === "answer",
    );
    finish(house.pool.last(), "Otherwise.");
    await bob.sees((one) => one.id === again.id && isFinal(one));
    await alice.react(room, answer.id, "💾");
    const file = await alice.sees((one) => one.content.msgtype === "m.file");
    assert.match(file.body, /^answer-\w{8}\.zip$/);
    assert.equal((await alice.download(file.content.url)).subarray(0, 2).toString(), "80,75");
  });

  test("🚩 below an answer says how to report it to the moderators", async () => {
    const answer = await answered(alice, "!ask Something to report?");
    await bob.react(room, answer.id, "🚩");
    assert.match((await replyTo(bob, answer.id)).body, /Write what is wrong/);
  });

  test("long answers take several messages, each small enough in every script", async () => {
    const text = `${'漢字と"<b>かな</b>" '.repeat(2500)}End.`;
    const answer = await answered(alice, "!ask Much", text);
    await alice.sees((one) => one.thread === answer.thread && one.body.includes("End.\n\n— node"));
    const parts = alice
      .messages(room)
      .filter((one) => one.thread === answer.thread && kindOf(one) === "answer");
    assert.ok(parts.length > 2, `${parts.length} parts`);
    assert.match(parts.at(-1)?.body ?? "", /End\.\n\n— node/);
    const whole = parts
      .map((one) => one.body.split("\n\n— ")[0])
      .join(" ")
      .replace(/\s+/g, " ");
    assert.equal(whole, text.replace(/\s+/g, " "));
  });

  test("a model's text pings nobody, hides no link, and cannot pass for the footer", async () => {
    const hostile =
      '@room <img src=x onerror=alert(1)> [free](https://evil.example) <@alice>\n— node "fake" · receipt aaaaaaaaaa\n\n<mx-reply>x</mx-reply>';
    const answer = await answered(alice, "!ask Bad things", hostile);
    assert.deepEqual(answer.content["m.mentions"], {});
    assert.doesNotMatch(answer.body, /@room/);
    assert.doesNotMatch(answer.html, /<img|<mx-reply|onerror=(?!alert\(1\)&gt;)/);
    assert.match(answer.html, /evil\.example\)/, "the host stands beside the link");
    assert.equal(answer.body.split("\n").filter((line) => line.startsWith("— ")).length, 1);
  });

  test("polls: sends one, takes votes of both names, counts the last of each by arrival", async () => {
    const { polls } = house.door();
    const wanted = {
      question: "Tea or coffee?",
      answers: [
        { id: "A", text: "Tea" },
        { id: "B", text: "Coffee" },
      ],
      maxSelections: 1,
      disclosed: true,
    };
    const poll = await polls.start(room, wanted, { key: "tea" });
    assert.equal((await polls.start(room, wanted, { key: "tea" })).event, poll.event, "once");
    const about = { rel_type: "m.reference", event_id: poll.event };
    const vote = (who: Human, chosen: unknown) =>
      who.send(room, "org.matrix.msc3381.poll.response", {
        "m.relates_to": about,
        "org.matrix.msc3381.poll.response": { answers: chosen },
      });
    await vote(alice, ["A"]);
    await vote(alice, ["Z"]);
    await vote(alice, "A");
    await vote(alice, [{}]);
    await vote(alice, ["B", "A"]);
    await bob.send(room, "m.poll.response", { "m.relates_to": about, "m.selections": ["A"] });
    await bob.send(room, "m.poll.response", { "m.relates_to": about, "m.selections": ["B"] });
    const until = async (look: () => boolean) => {
      // Votes leave no trace in the room: another command behind them tells that they were taken.
      while (!look()) await replyTo(bob, await bob.say(room, "!help"));
    };
    await until(() => polls.votes(poll.event).length === 2);
    await until(() => polls.votes(poll.event).every((one) => one.chosen[0] === "B"));
    await polls.end(poll, "Coffee: 2");
    await vote(alice, ["A"]);
    await replyTo(alice, await alice.say(room, "!help"));
    assert.deepEqual(
      polls.votes(poll.event).map(({ voter, chosen }) => [voter, chosen[0]]),
      [
        [alice.userId, "B"],
        [bob.userId, "B"],
      ],
    );
  });
});

function finish(job: FakeJob, text: string): void {
  job.start("maple");
  job.text(text);
  job.done();
}

function jobOf(message: ReadMessage): string {
  return message.content["org.substrate.shown"].job;
}
