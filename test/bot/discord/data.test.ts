// What is kept of a member: seen, handed out as a file, erased once they said so twice; to nobody but them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { acts } from "./acts.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";

describe("/data", () => {
  let room: DiscordRoom;
  before(async () => {
    room = await openDiscordRoom();
  });
  after(() => room.close());
  const { answerTo } = acts(() => room);

  test("tells what is kept, and nobody but the member", async () => {
    const { discord, asker, other, channel } = room;
    const told = await answerTo(asker, () => discord.slash(asker, channel, "data"));
    assert.match(textOf(told), /Questions and their answers: 1\n/);
    assert.match(textOf(told), /Messages in this chat are not the pool's/);
    assert.doesNotMatch(textOf(told), /What to type/, "the buttons say it");
    assert.ok(!room.seenBy(other).some(({ id }) => id === told.id));
  });

  test("hands it out as a file, by the command and by its button", async () => {
    const { discord, asker, other, channel } = room;
    const holdsFile = () =>
      room
        .seenBy(asker)
        .filter(({ attachments }) =>
          attachments.some(({ filename }) => filename === "my-data.json"),
        );
    discord.slash(asker, channel, "data", { act: "save" });
    await discord.until(() => holdsFile().length === 1 || undefined);
    const card = await answerTo(asker, () => discord.slash(asker, channel, "data"));
    discord.press(asker, channel, card, "data:save");
    await discord.until(() => holdsFile().length === 2 || undefined);
    assert.ok(!room.seenBy(other).some(({ attachments }) => attachments.length > 0));
  });

  test("erases after asking once more", async () => {
    const { discord, asker, channel, pool } = room;
    const card = await answerTo(asker, () => discord.slash(asker, channel, "data"));
    const sure = await answerTo(asker, () => discord.press(asker, channel, card, "data:erase"));
    assert.match(textOf(sure), /Nobody can bring it back/);
    assert.deepEqual(pool.community.erasures, []);
    assert.deepEqual(buttonsOf(sure), ["data:erase:yes"]);
    const done = await answerTo(asker, () => discord.press(asker, channel, sure, "data:erase:yes"));
    assert.match(
      textOf(done),
      /2 questions and their answers are erased.*\n[\s\S]*1 more was stopped/,
    );
    assert.deepEqual(pool.community.erasures, [`discord:${asker.id}`]);
  });
});
