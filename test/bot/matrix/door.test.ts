import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Human } from "../../support/matrix-human.ts";
import { isFinal, kindOf, type MatrixHouse, openMatrixHouse } from "./room.ts";

describe("the Matrix door", { timeout: 120_000 }, () => {
  let house: MatrixHouse;
  let alice: Human;
  let room: string;
  before(async () => {
    house = await openMatrixHouse();
    alice = await house.person("alice");
    room = await house.room(alice);
  });
  after(() => house?.close());

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
    const question = await alice.say(room, "!ask Where from?");
    const first = await alice.sees((one) => one.thread === question);
    house.pool.last().start();
    house.pool.last().text("From maple.");
    house.pool.last().done();
    await alice.sees((one) => one.id === first.id && isFinal(one));
    await alice.react(room, first.id, "🔎");
    const where = await alice.sees((one) => kindOf(one) === "provenance");
    assert.notEqual(where.room, room);
    assert.match(where.body, /SHA-256/);
    await alice.inThread(room, question, "!where");
    await alice.until(
      () => alice.messages(where.room).filter((one) => kindOf(one) === "provenance").length >= 2,
    );
  });
});
