// A homeserver that refuses, talks nonsense, hangs, or is away for a while: what members notice of it.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, mock, test } from "node:test";
import type { Human } from "../../support/matrix-human.ts";
import { type Refusal, type Trouble, TroubledProxy } from "./proxy.ts";
import { isFinal, kindOf, type MatrixHouse, openMatrixHouse } from "./room.ts";

// The door's clock: it follows the wall's, and in `quickly` a second passes every few milliseconds, but while the
// homeserver is at work on something: its time is not the door's to spend.
const TICK_MS = 5;
mock.timers.enable({ apis: ["setTimeout"] });
let passedMs = 0;
let paceMs = TICK_MS;
let isWaitedFor = () => false;
const ticking = setInterval(() => {
  const ms = isWaitedFor() ? TICK_MS : paceMs;
  passedMs += ms;
  mock.timers.tick(ms);
}, TICK_MS);
after(() => clearInterval(ticking));

async function quickly(work: (passed: () => number) => Promise<void>): Promise<void> {
  const begun = passedMs;
  paceMs = 1000;
  try {
    await work(() => passedMs - begun);
  } finally {
    paceMs = TICK_MS;
  }
}

describe("the Matrix door at a homeserver in trouble", { timeout: 300_000 }, () => {
  let house: MatrixHouse;
  let proxy: TroubledProxy;
  let alice: Human;
  let room: string;
  before(async () => {
    house = await openMatrixHouse();
    house.pool.onJob = (job) => {
      job.start("maple");
      job.text("So it is.");
      job.done();
    };
    proxy = await TroubledProxy.start(house.homeserver.url);
    isWaitedFor = () => proxy.working > 0;
    alice = await house.person("alice");
    room = await house.room(alice);
    await house.shut();
    await house.open({ homeserverUrl: proxy.url });
  });
  afterEach(() => {
    proxy.trouble = () => undefined;
  });
  after(async () => {
    await house?.close();
    proxy?.close();
  });

  const answersTo = (question: string) =>
    alice.messages().filter((one) => one.thread === question && kindOf(one) === "answer");
  const finalTo = (question: string) => alice.until(() => answersTo(question).find(isFinal));

  test("goes on through 429, 502, a page in place of an answer, and a broken connection", async () => {
    const troubles: ReturnType<Trouble>[] = [
      { status: 429, body: '{"errcode":"M_LIMIT_EXCEEDED","error":"slow","retry_after_ms":300}' },
      { status: 502, body: "<html>bad gateway</html>", headers: { "content-type": "text/html" } },
      "drop",
      { status: 200, body: "no json" },
    ];
    proxy.trouble = (method, path) =>
      method === "PUT" && path.includes("/send/") ? troubles.shift() : undefined;
    await quickly(async () => {
      const question = await alice.say(room, "!ask Through all that?");
      const answer = await finalTo(question);
      assert.equal(troubles.length, 0);
      assert.equal(answersTo(question).length, 1, "one message, however often it was sent");
      assert.match(answer.body, /So it is\./);
    });
  });

  test("greets a room that it sees itself in before its request to join is answered", async () => {
    const seen = Promise.withResolvers<void>();
    let entering: string | null = null;
    let reading = false;
    proxy.trouble = (method, path) => {
      // A homeserver's cached first sync may show the bot as still invited to the room from before.
      if (path.includes(room)) return undefined;
      if (method === "POST" && path.endsWith("/join")) {
        entering = path.replace("/join", "/messages");
        return seen.promise;
      }
      // On seeing itself in a room the door reads back; the next sync begins when all of this one was dealt with.
      reading ||= entering !== null && path.startsWith(entering);
      if (reading && path.includes("/sync")) seen.resolve();
      return undefined;
    };
    // Resolves when the greeting is there.
    await house.room(alice);
    assert.ok(reading);
  });

  test("joins a room in the end, however often its homeserver refuses, fails or says nothing", async () => {
    const refusal = (status: number, errcode: string): Refusal => ({
      status,
      body: JSON.stringify({ errcode, error: "not now", retry_after_ms: 3000 }),
    });
    const troubles: ReturnType<Trouble>[] = [
      refusal(404, "M_UNKNOWN"),
      refusal(403, "M_FORBIDDEN"),
      refusal(429, "M_LIMIT_EXCEEDED"),
      "hang",
      "drop",
      ...Array.from({ length: 6 }, () => refusal(502, "M_UNKNOWN")),
    ];
    proxy.trouble = (method, path) =>
      method === "POST" && path.endsWith("/join") ? troubles.shift() : undefined;
    await quickly(async (passed) => {
      const there = await house.room(alice);
      assert.equal(troubles.length, 0);
      assert.ok(passed() >= 30_000, "30 seconds of patience for the one that hung");
      await finalTo(await alice.say(there, "!ask Are you in?"));
    });
  });

  test("loses no reply, thread or sign because the homeserver could not look up what it stands below", async () => {
    const first = await finalTo(await alice.say(room, "!ask First?"));
    // Without its journal the door knows its own messages from the homeserver only.
    await house.shut();
    rmSync(join(house.dataDir, "matrix/answers.jsonl"));
    await house.open({ homeserverUrl: proxy.url });
    const refused = { status: 502, body: "<html>bad gateway</html>" };
    const troubles: ReturnType<Trouble>[] = [refused, "drop", refused];
    proxy.trouble = (method, path) =>
      method === "GET" && /\/(event|relations)\//.test(path) ? troubles.shift() : undefined;
    await quickly(async () => {
      const reply = await alice.reply(room, first.id, "And then?");
      await alice.until(() =>
        alice.messages(room).find((one) => one.replyTo === reply && isFinal(one)),
      );
      assert.equal(house.pool.asked.at(-1)?.continues, first.content["org.substrate.shown"].job);
      assert.equal(troubles.length, 0);
    });
  });

  test("stops an answer whose question a moderator takes away while its first message is being sent", async () => {
    const sent = Promise.withResolvers<void>();
    const troubles: ReturnType<Trouble>[] = [sent.promise];
    proxy.trouble = (method, path) =>
      method === "PUT" && path.includes("/send/") ? troubles.shift() : undefined;
    const finish = house.pool.onJob;
    house.pool.onJob = () => {};
    const bob = await house.person("bob");
    await alice.invite(room, bob.userId);
    await bob.join(room);
    const question = await bob.say(room, "!ask Something rude?");
    // It is in the room, and the door has not heard of that.
    await alice.until(() => answersTo(question).length > 0);
    await alice.redact(room, question);
    const help = await alice.say(room, "!help");
    await alice.sees((one) => one.replyTo === help);
    sent.resolve();
    assert.match((await finalTo(question)).body, /Stopped/);
    assert.equal(house.pool.cancelled.at(-1)?.moderator, true);
    house.pool.onJob = finish;
  });

  test("finishes a message that was sent when the program ended, before it heard that it was", async () => {
    const never = Promise.withResolvers<void>();
    const troubles: ReturnType<Trouble>[] = [never.promise];
    proxy.trouble = (method, path) =>
      method === "PUT" && path.includes("/send/") ? troubles.shift() : undefined;
    const finish = house.pool.onJob;
    house.pool.onJob = () => {};
    const question = await alice.say(room, "!ask Is it there?");
    await alice.until(() => answersTo(question).length > 0);
    await house.shut();
    never.resolve();
    finish(house.pool.last());
    house.pool.onJob = finish;
    await house.open({ homeserverUrl: proxy.url });
    assert.match((await finalTo(question)).body, /So it is\./);
    assert.equal(answersTo(question).length, 1);
  });

  test("gives up on requests that hang and sends them again, as one message", async () => {
    let hung = 0;
    proxy.trouble = (method, path) => {
      if (!(method === "PUT" && path.includes("/send/")) || hung === 2) return undefined;
      hung++;
      return "hang";
    };
    await quickly(async (passed) => {
      const question = await alice.say(room, "!ask Does it hang?");
      await finalTo(question);
      assert.equal(answersTo(question).length, 1);
      assert.ok(passed() >= 60_000, "30 seconds of patience for each");
    });
  });

  test("hears again after a sync that was accepted and never answered", async () => {
    const held = Promise.withResolvers<void>();
    let holding = true;
    proxy.trouble = (_method, path) => {
      if (!holding || !path.includes("/sync")) return undefined;
      held.resolve();
      return "hang";
    };
    await quickly(async () => {
      // Ends the sync under way; the next one hangs.
      await alice.say(room, "talk");
      await held.promise;
      const question = await alice.say(room, "!ask Do you hear?");
      holding = false;
      await finalTo(question);
      assert.equal(answersTo(question).length, 1);
    });
  });

  test("ten minutes without a homeserver: all that was said meanwhile is read back and answered once", async () => {
    let tries = 0;
    proxy.trouble = () => {
      tries++;
      return "drop";
    };
    proxy.cut();
    const early = await alice.say(room, "!ask While you could not hear?");
    for (let at = 0; at < 70; at++) await alice.say(room, `talk ${at}`);
    const late = await alice.say(room, "!ask And later?");
    await quickly(async (passed) => {
      while (passed() < 600_000) await new Promise(setImmediate);
      assert.ok(tries >= 30 && tries <= 300, `${tries} tries in ten minutes`);
      proxy.trouble = () => undefined;
      await finalTo(early);
      await finalTo(late);
    });
    for (const question of [early, late]) assert.equal(answersTo(question).length, 1);
  });
});
