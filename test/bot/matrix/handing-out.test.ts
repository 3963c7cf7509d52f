// What answers come with: pictures, files and reports, by signs and by words, and threads that outlive our memory.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Human, ReadMessage } from "../../support/matrix-human.ts";
import { isFinal, kindOf, type MatrixHouse, openMatrixHouse } from "./room.ts";

describe("what the Matrix door hands out", { timeout: 300_000 }, () => {
  let house: MatrixHouse;
  let alice: Human;
  let bob: Human;
  let room: string;
  before(async () => {
    house = await openMatrixHouse();
    [alice, bob] = await Promise.all([house.person("alice"), house.person("bob")]);
    room = await house.room(alice, { invite: [house.bot.userId, bob.userId] });
    await bob.join(room);
    house.pool.onJob = (job) => {
      job.start("maple");
      job.text("So it is.");
      job.done();
    };
  });
  after(() => house?.close());

  async function answered(who: Human, line: string): Promise<ReadMessage> {
    const question = await who.say(room, line);
    return who.sees((one) => one.thread === question && isFinal(one));
  }
  const signs = (event: string) =>
    (alice.events.get(room) ?? []).filter(
      (one) => one.sender === house.bot.userId && one.content["m.relates_to"]?.event_id === event,
    );

  test("🔎 tells in private with a picture that says in words what it shows; a command is seen to be heard", async () => {
    const answer = await answered(bob, "!ask What grows here?");
    await bob.react(room, answer.id, "🔎");
    const told = await bob.sees((one) => kindOf(one) === "provenance");
    assert.notEqual(told.room, room);
    const picture = await bob.sees((one) => one.content.msgtype === "m.image");
    assert.equal(picture.room, told.room);
    const { body, info, url, filename } = picture.content;
    assert.ok(told.body.includes(body.slice(0, 40)), "its caption is the text's own sentence");
    assert.match(filename, /^where-from-\w+\.png$/);
    const png = await bob.download(url);
    assert.equal(Buffer.from(png.subarray(1, 4)).toString(), "PNG");
    assert.deepEqual([info.mimetype, info.size], ["image/png", png.length]);
    const header = Buffer.from(png);
    assert.deepEqual([info.w, info.h], [header.readUInt32BE(16), header.readUInt32BE(20)]);
    // Notices make no sound: below a command that is answered elsewhere stands a sign.
    const asked = await bob.inThread(room, answer.thread ?? "", "!where");
    await alice.until(() => signs(asked).some((one) => one.content["m.relates_to"].key === "✉️"));
  });

  test("a report is dealt with by a moderator's sign, and its message says by whom", async () => {
    const office = await house.room(alice, { invite: [house.bot.userId, bob.userId] });
    await bob.join(office);
    house.pool.community.set("report_room", `matrix:${office}`);
    const answer = await answered(bob, "!ask Something odd?");
    await bob.reply(room, answer.id, "!report It is made up");
    const card = await alice.sees((one) => one.room === office && /It is made up/.test(one.body));
    const { signs: shown } = card.content["org.substrate.shown"];
    assert.deepEqual(Object.keys(shown).sort(), ["✅", "🔎"]);
    assert.match(card.body, /`!pool nodes bar SHA256:\S+ …`/);
    // Bob has no power there, and is told so.
    await bob.react(office, card.id, "✅");
    await bob.sees((one) => one.replyTo === card.id && kindOf(one) === "error");
    await alice.react(office, card.id, "✅");
    const done = await alice.sees((one) => one.id === card.id && one.edits > 0);
    assert.ok(done.body.includes(alice.userId), done.body);
    assert.deepEqual(Object.keys(done.content["org.substrate.shown"].signs), ["🔎"]);
  });

  test("a thread goes on, and signs work, when what the door had written down is lost", async () => {
    const answer = await answered(bob, "!ask Who remembers?");
    await house.shut();
    rmSync(join(house.dataDir, "matrix", "answers.jsonl"));
    await house.open();
    const more = await bob.inThread(room, answer.thread ?? "", "And who else?");
    await bob.sees((one) => one.thread === answer.thread && one.replyTo === more && isFinal(one));
    assert.equal(house.pool.asked.at(-1)?.prompt, "And who else?");
    const file = await answered(bob, "!ask One more?");
    await bob.react(room, file.id, "💾");
    await bob.sees((one) => one.thread === file.thread && one.content.msgtype === "m.file");
  });
});
