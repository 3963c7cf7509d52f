// Who may stop an answer.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";
import { watch } from "./watch.ts";

let room: DiscordRoom;
before(async () => {
  room = await openDiscordRoom();
});
after(() => room.close());
const { finalAnswer, nextJob, sees } = watch(() => room);

describe("stopping an answer in Discord", () => {
  test("lets the asker and moderators stop an answer, and nobody else", async () => {
    const { discord, asker, other, moderator, channel } = room;
    for (const allowed of [asker, moderator]) {
      const job = await nextJob(() => discord.slash(asker, channel, "ask", { question: "long" }));
      job.start();
      job.text("Once upon a time");
      const running = await sees(asker, (m) => buttonsOf(m).includes(`stop:${job.job.id}`));
      discord.press(other, channel, running, `stop:${job.job.id}`);
      await sees(other, (m) => /Only the person who asked/.test(textOf(m)));
      discord.slash(other, channel, "stop", { answer: running.id });
      discord.say(other, channel, `<@${discord.world.bot.id}> /stop`, { replyTo: running.id });
      await discord.until(() => {
        const refusals = room
          .seenBy(other)
          .filter((m) => BigInt(m.id) > BigInt(running.id) && /Only the person/.test(textOf(m)));
        return refusals.length === 3 ? true : undefined;
      });
      assert.equal(job.ended, false);
      discord.press(allowed, channel, running, `stop:${job.job.id}`);
      const stopped = await finalAnswer(job.job.id);
      assert.match(textOf(stopped), /Once upon a time[\s\S]*Stopped/);
    }
  });
});
