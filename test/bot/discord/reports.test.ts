// What members report, and how moderators deal with it, in Discord.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { APIMessage } from "discord-api-types/v10";
import type { Channel } from "../../support/discord/world.ts";
import { SHA } from "../pool-fixtures.ts";
import { acts } from "./acts.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";

let room: DiscordRoom;
let modsRoom: Channel;
before(async () => {
  room = await openDiscordRoom();
  modsRoom = room.discord.world.channels.get(room.guild.channelIds[1] as string) as Channel;
});
after(() => room.close());
const { answerTo, formOf } = acts(() => room);

describe("reports", () => {
  test("go to the moderators' channel with receipt and buttons, and are dealt with there", async () => {
    const { discord, pool, asker, other, moderator, channel } = room;
    pool.community.set("report_room", `discord:${modsRoom.id}`);
    const made = new Promise<void>((resolve) => {
      pool.onJob = () => resolve();
    });
    discord.slash(asker, channel, "ask", { question: "x" });
    await made;
    const job = pool.last();
    job.start();
    job.text("Nonsense.");
    job.done();
    const answer = await discord.until(() =>
      room.seenBy(asker).find((m) => buttonsOf(m).includes(`report:${job.job.id}`)),
    );
    const pressed = discord.press(other, channel, answer, `report:${job.job.id}`);
    await formOf(pressed);
    const known = new Set(room.seenBy(moderator, modsRoom).map(({ id }) => id));
    const thanks = await answerTo(other, () => discord.submit(pressed, "It is wrong. @everyone"));
    assert.match(textOf(thanks), /Thank you/);
    const report = await discord.until(() =>
      room.seenBy(moderator, modsRoom).find(({ id }) => !known.has(id)),
    );
    for (const expected of [/It is wrong\./, /Second member/, /k3xq7v2mfa/, /maple/]) {
      assert.match(textOf(report), expected);
    }
    const [filed] = pool.community.reports;
    assert.deepEqual(buttonsOf(report), [
      `where:${job.job.id}`,
      `node:bar:${SHA.key}`,
      `handled:${filed?.id}`,
    ]);
    const refused = await answerTo(
      other,
      () => discord.press(other, modsRoom, report, `handled:${filed?.id}`),
      modsRoom,
    );
    assert.match(textOf(refused), /Only moderators/);
    discord.press(moderator, modsRoom, report, `handled:${filed?.id}`);
    const done = await discord.until(() =>
      room
        .seenBy(moderator, modsRoom)
        .find((m) => m.id === report.id && /Dealt with by Moderator/.test(textOf(m))),
    );
    assert.ok(!buttonsOf(done).includes(`handled:${filed?.id}`));
  });

  test("are kept where no room is named or may be written to, and say so", async () => {
    const { discord, pool, other, channel } = room;
    const answer = room
      .seenBy(other)
      .find((m) => buttonsOf(m).some((id) => id.startsWith("report:"))) as APIMessage;
    const jobId = pool.last().job.id;
    pool.community.entries.delete("report_room");
    const pressed = discord.press(other, channel, answer, `report:${jobId}`);
    await formOf(pressed);
    const told = await answerTo(other, () => discord.submit(pressed, "Wrong."));
    assert.match(textOf(told), /no room for reports/);
    pool.community.set("report_room", `discord:${modsRoom.id}`);
    modsRoom.botMaySend = false;
    const second = await answerTo(other, () =>
      discord.slash(other, channel, "report", { answer: answer.id, reason: "Wrong again." }),
    );
    modsRoom.botMaySend = true;
    assert.match(textOf(second), /Thank you/);
    assert.ok(room.logged.some((line) => line.includes("may not write in the room")));
    const empty = await answerTo(other, () =>
      discord.slash(other, channel, "report", { answer: answer.id }),
    );
    assert.match(textOf(empty), /Write what is wrong/);
  });
});
