// Rooms, restarts, limits and homeservers that fail: what the Matrix door does about them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openMatrixDoor } from "../../../bot/matrix/open.ts";
import type { Human } from "../../support/matrix-human.ts";
import type { FakeJob } from "../fake-pool.ts";
import { isFinal, kindOf, type MatrixHouse, openMatrixHouse } from "./room.ts";

function finish(job: FakeJob): void {
  job.start("maple");
  job.text("So it is.");
  job.done();
}

describe("the Matrix door in its rooms", { timeout: 300_000 }, () => {
  let house: MatrixHouse;
  let alice: Human;
  let room: string;
  before(async () => {
    house = await openMatrixHouse({ host: "alice" });
    alice = await house.person("alice");
    room = await house.room(alice);
  });
  after(() => house?.close());

  const answersTo = (question: string) =>
    alice.messages().filter((one) => one.thread === question && kindOf(one) === "answer");
  const finalTo = (question: string) => alice.until(() => answersTo(question).find(isFinal));

  test("follows invitations of those who may invite, declines others, leaves empty rooms", async () => {
    const mallory = await house.person("mallory");
    const trap = await mallory.room({ invite: [house.bot.userId] });
    await mallory.until(() =>
      mallory.events
        .get(trap)
        ?.some((one) => one.state_key === house.bot.userId && one.content.membership === "leave"),
    );
    await house.logs(/declined an invitation.*MATRIX_INVITE_FROM/);
    // A second account of the same person stays to see the bot go.
    const lonely = await house.room(alice);
    await alice.invite(lonely, mallory.userId);
    await mallory.join(lonely);
    await alice.call("POST", `/rooms/${encodeURIComponent(lonely)}/leave`, {});
    await mallory.call("POST", `/rooms/${encodeURIComponent(lonely)}/leave`, {});
    await house.logs(/nobody else is left/);
  });

  test("says nothing more in a room it was put out of, and comes back when it is let in", async () => {
    const here = await house.room(alice);
    const question = await alice.say(here, "!ask Long?");
    await alice.sees((one) => one.thread === question);
    house.pool.last().start();
    await alice.call("POST", `/rooms/${encodeURIComponent(here)}/kick`, {
      user_id: house.bot.userId,
    });
    finish(house.pool.last());
    const count = alice.messages(here).length;
    // It still serves elsewhere.
    const other = await alice.say(room, "!ask Here?");
    await alice.until(() => answersTo(other).length > 0);
    finish(house.pool.last());
    await finalTo(other);
    assert.equal(alice.messages(here).length, count);
    await alice.invite(here, house.bot.userId);
    await alice.until(() =>
      alice.events
        .get(here)
        ?.filter((one) => one.state_key === house.bot.userId && one.content.membership === "join")
        .at(1),
    );
    const back = await alice.say(here, "!ask And now?");
    await alice.until(() => answersTo(back).length > 0);
    finish(house.pool.last());
    await finalTo(back);
  });

  test("a restart loses no command, answers none twice, and goes on with what was being written", async () => {
    const running = await alice.say(room, "!ask Under way?");
    await alice.until(() => answersTo(running).length > 0);
    const job = house.pool.last();
    job.start();
    job.text("Half of ");
    const done = await alice.say(room, "!ask Already answered?");
    await alice.until(() => answersTo(done).length > 0);
    finish(house.pool.last());
    const old = await finalTo(done);
    const jobs = house.pool.jobs().length;
    await house.shut();
    job.text("it.");
    job.done();
    const missed: string[] = [];
    for (let at = 0; at < 3; at++) missed.push(await alice.say(room, `!ask Missed ${at}?`));
    const pressed = await alice.react(room, old.id, "🔁");
    assert.ok(pressed);
    for (let at = 0; at < 5; at++) await alice.say(room, `talk ${at}`);
    house.pool.onJob = finish;
    await house.open();
    assert.match((await finalTo(running)).body, /Half of it\./);
    for (const question of missed) await finalTo(question);
    await alice.until(() => answersTo(done).length === 2);
    assert.equal(house.pool.jobs().length, jobs + 4);
    // Once more, with nothing new: nobody is answered again.
    await house.shut();
    await house.open();
    const last = await alice.say(room, "!ask Last one?");
    await finalTo(last);
    assert.equal(house.pool.jobs().length, jobs + 5);
    for (const question of [running, ...missed]) assert.equal(answersTo(question).length, 1);
    // Signs below messages from before the restart go on.
    await alice.react(room, old.id, "🔎");
    await alice.sees((one) => kindOf(one) === "provenance");
    house.pool.onJob = () => {};
  });

  test("50 questions at once in two rooms: every one is answered, each once", async () => {
    house.pool.onJob = finish;
    const second = await house.room(alice);
    const asked = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        alice.say(at % 2 ? room : second, `!ask Question ${at}?`),
      ),
    );
    for (const question of asked) await finalTo(question);
    for (const question of asked) assert.equal(answersTo(question).length, 1);
    house.pool.onJob = () => {};
  });

  test("polls go on after a restart; those of the stable names are read, and end by their sender", async () => {
    const wanted = {
      question: "Tea or coffee?",
      answers: [
        { id: "A", text: "Tea" },
        { id: "B", text: "Coffee" },
      ],
      maxSelections: 1,
      disclosed: true,
    };
    const ours = await house.door().polls.start(room, wanted, { key: "tea over a restart" });
    const theirs = await alice.send(room, "m.poll.start", {
      "m.poll": {
        question: { "m.text": [{ body: "Rain?" }] },
        kind: "m.disclosed",
        answers: [
          { "m.id": "yes", "m.text": [{ body: "Yes" }] },
          { "m.id": "no", "m.text": [{ body: "No" }] },
        ],
      },
    });
    const about = (event: string) => ({
      "m.relates_to": { rel_type: "m.reference", event_id: event },
    });
    const vote = (poll: string, chosen: string) =>
      alice.send(room, "m.poll.response", { ...about(poll), "m.selections": [chosen] });
    await vote(theirs, "yes");
    await house.shut();
    await vote(theirs, "no");
    await vote(ours.event, "B");
    await alice.send(room, "m.poll.end", about(theirs));
    await house.open();
    // Votes leave no trace in the room: a command behind them tells that they were taken.
    const help = await alice.say(room, "!help");
    await alice.sees((one) => one.replyTo === help);
    const { polls } = house.door();
    assert.deepEqual(
      polls.votes(ours.event).map((one) => one.chosen),
      [["B"]],
    );
    assert.deepEqual(
      polls.votes(theirs).map((one) => one.chosen),
      [["no"]],
    );
    await vote(theirs, "yes");
    const after = await alice.say(room, "!help");
    await alice.sees((one) => one.replyTo === after);
    assert.deepEqual(
      polls.votes(theirs).map((one) => one.chosen),
      [["no"]],
      "it has ended",
    );
  });

  test("malformed events are nobody's business, and the next question is answered", async () => {
    const cycle = await alice.say(room, "!ask-");
    const odd: [string, object][] = [
      ["org.matrix.msc3381.poll.start", { "org.matrix.msc3381.poll.start": { answers: "none" } }],
      ["m.poll.response", { "m.relates_to": { event_id: 7 }, "m.selections": {} }],
      [
        "org.matrix.msc3381.poll.end",
        { "m.relates_to": { rel_type: "m.reference", event_id: cycle } },
      ],
      [
        "m.reaction",
        { "m.relates_to": { rel_type: "m.annotation", event_id: cycle, key: "x".repeat(5000) } },
      ],
      ["m.reaction", { "m.relates_to": [] }],
      ["m.room.message", { msgtype: "m.text", body: 5 }],
      [
        "m.room.message",
        {
          msgtype: "m.text",
          body: "!ask \u202e\u0000",
          "m.mentions": { user_ids: "all" },
          "m.relates_to": {
            rel_type: "m.replace",
            event_id: cycle,
            "m.in_reply_to": { event_id: null },
          },
        },
      ],
      [
        "m.room.message",
        {
          msgtype: "m.text",
          body: "* * edit",
          "m.new_content": 3,
          "m.relates_to": { rel_type: "m.replace", event_id: cycle },
        },
      ],
      [
        "m.room.message",
        {
          msgtype: "m.text",
          body: "!ask in a thread of itself",
          "m.relates_to": { rel_type: "m.thread", event_id: "$nowhere" },
        },
      ],
      ["m.room.message", { msgtype: "m.text", body: `${"x".repeat(62_000)}` }],
    ];
    for (const [type, content] of odd) {
      // What Synapse itself refuses never reaches the door.
      await alice.send(room, type, content).catch(() => {});
    }
    const path = `/rooms/${encodeURIComponent(room)}/state/org.substrate.settings/`;
    await alice.call("PUT", path, { settings: "all mine" });
    house.pool.onJob = finish;
    const question = await alice.say(room, "!ask Still there?");
    await finalTo(question);
    assert.ok(
      !house.logged.some((line) => /could not be dealt with/.test(line)),
      house.logged.join("\n"),
    );
  });

  test("power in the room is not standing in the pool: what somebody writes into the state changes nothing", async () => {
    const plain = await house.room(alice);
    const stateOf = (id: string) =>
      `/rooms/${encodeURIComponent(id)}/state/org.substrate.settings/`;
    await alice.call("PUT", stateOf(plain), { settings: { quota_per_day: 1000 } });
    const told = await alice.sees((one) => one.room === plain && /only a copy/.test(one.body));
    assert.doesNotMatch(told.body, /put the copy right/, "the bot has no power here");
    const set = await alice.say(plain, "!pool settings quota_per_day 7");
    const replies = () => alice.messages(plain).filter((one) => one.replyTo === set);
    await alice.until(() => replies().some((one) => /needs a power level of 50/.test(one.body)));
    assert.ok(
      replies().some((one) => /7 questions/.test(one.body)),
      "what holds is in the pool",
    );

    // With power for it, the bot keeps the state as the pool has it.
    const ruled = await house.room(alice, {
      power_level_content_override: { users: { [house.bot.userId]: 50 } },
    });
    const inState = () =>
      alice.events
        .get(ruled)
        ?.filter((one) => one.type === "org.substrate.settings")
        .at(-1);
    await alice.say(ruled, "!pool settings quota_per_day 9");
    await alice.until(() => inState()?.content.settings.quota_per_day === 9);
    await alice.call("PUT", stateOf(ruled), { settings: { quota_per_day: 1000 } });
    await alice.sees((one) => one.room === ruled && /put the copy right/.test(one.body));
    await alice.until(() => inState()?.content.settings.quota_per_day === 9);

    // The pool refuses somebody whom the room made powerful: the two are told apart.
    house.pool.refuseOnce(
      "PUT ",
      403,
      "not_moderator",
      "Only moderators of this community may do that.",
    );
    const refused = await alice.say(ruled, "!pool settings quota_per_day 3");
    await alice.sees(
      (one) =>
        one.replyTo === refused && /power in this room \(∞\), and none in the pool/.test(one.body),
    );
  });

  test("banned, it is quiet; let in again, it serves again", async () => {
    const here = await house.room(alice);
    const ban = (what: "ban" | "unban") =>
      alice.call("POST", `/rooms/${encodeURIComponent(here)}/${what}`, {
        user_id: house.bot.userId,
      });
    const question = await alice.say(here, "!ask Long?");
    await alice.sees((one) => one.thread === question);
    await ban("ban");
    finish(house.pool.last());
    const count = alice.messages(here).length;
    house.pool.onJob = finish;
    await finalTo(await alice.say(room, "!ask Elsewhere?"));
    assert.equal(alice.messages(here).length, count);
    await ban("unban");
    await alice.invite(here, house.bot.userId);
    await alice.until(() =>
      alice.events
        .get(here)
        ?.filter((one) => one.state_key === house.bot.userId && one.content.membership === "join")
        .at(1),
    );
    await finalTo(await alice.say(here, "!ask Again?"));
    house.pool.onJob = () => {};
  });

  test("a question that was taken away while the bot was away is not asked", async () => {
    house.pool.onJob = finish;
    await house.shut();
    const regretted = await alice.say(room, "!ask Something I regret?");
    await alice.redact(room, regretted);
    const kept = await alice.say(room, "!ask Something I do not?");
    await house.open();
    await finalTo(kept);
    assert.ok(!house.pool.asked.some((one) => one.requestKey === `matrix:${regretted}`));
    house.pool.onJob = () => {};
  });

  test("speaks the language that the room chose", async () => {
    const reply = async (line: string) => {
      const said = await alice.say(room, line);
      return (await alice.sees((one) => one.replyTo === said)).body;
    };
    await reply("!pool settings language de");
    assert.match(await reply("!help"), /Frage/);
    await reply("!pool settings language en");
    assert.doesNotMatch(await reply("!help"), /Frage/);
  });

  test("says what to mend when it may not enter", async () => {
    const open = (change: object) =>
      openMatrixDoor({
        pool: {} as never,
        homeserverUrl: house.homeserver.url,
        credentials: { token: "wrong" },
        dataDir: `${house.dataDir}/other`,
        inviteFrom: [],
        eventsPerSecond: 0,
        eventsBurst: 1,
        encryption: null,
        log: { info() {}, warn() {}, error() {} },
        ...change,
      });
    await assert.rejects(open({}), /does not accept MATRIX_TOKEN/);
    await assert.rejects(
      open({ credentials: { user: "substrate", password: "wrong" } }),
      /does not accept the password of substrate/,
    );
    await assert.rejects(open({ homeserverUrl: "http://127.0.0.1:9" }), /MATRIX_HOMESERVER_URL/);
    await assert.rejects(
      open({ homeserverUrl: house.pool.url }),
      /MATRIX_HOMESERVER_URL|MATRIX_TOKEN/,
    );
  });
});

describe("the Matrix door at a homeserver with its default limits", { timeout: 300_000 }, () => {
  let house: MatrixHouse;
  let alice: Human;
  let room: string;
  before(async () => {
    house = await openMatrixHouse({ limits: "default", eventsPerSecond: 0.2, eventsBurst: 10 });
    alice = await house.person("alice");
    room = await house.room(alice);
  });
  after(() => house?.close());

  test("answers within them: the last words always come, running edits make way", async () => {
    const jobs: FakeJob[] = [];
    house.pool.onJob = (job) => jobs.push(job);
    const asked: string[] = [];
    for (let at = 0; at < 4; at++) asked.push(await alice.say(room, `!ask Question ${at}?`));
    const answers = () =>
      asked.map((question) => alice.messages(room).find((one) => one.thread === question));
    await alice.until(() => answers().every(Boolean));
    for (const job of jobs) job.start();
    for (let piece = 0; piece < 20; piece++) {
      for (const job of jobs) job.text(`piece ${piece} `);
      await new Promise(setImmediate);
    }
    for (const job of jobs) job.done();
    await alice.until(() => answers().every((one) => one && isFinal(one)));
    assert.ok(
      !house.logged.some((line) => /could not be (shown|answered|dealt with)/.test(line)),
      house.logged.join("\n"),
    );
    const sent = alice.events.get(room)?.filter((one) => one.sender === house.bot.userId) ?? [];
    assert.ok(sent.length <= 14, `${sent.length} events`);
  });

  test("with config/synapse/bot-rate-limit.sh run for the bot it is refused nothing", async () => {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message`;
    const send = async (at: number) => {
      const answer = await fetch(`${house.homeserver.url}${path}/burst-${at}`, {
        method: "PUT",
        headers: { authorization: `Bearer ${house.bot.token}` },
        body: JSON.stringify({ msgtype: "m.notice", body: `${at}` }),
      });
      return answer.status;
    };
    const burst = (from: number) =>
      Promise.all(Array.from({ length: 30 }, (_, at) => send(from + at)));
    assert.ok((await burst(0)).includes(429), "so it is before the script has run");
    await house.homeserver.liftLimits(house.bot);
    assert.deepEqual(new Set(await burst(30)), new Set([200]));
  });
});
