// Answers through restarts, dead tokens, cut connections, moves and sheer length.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { REFUSED } from "../../support/discord/requests.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";
import { shows, watch } from "./watch.ts";

let room: DiscordRoom;
before(async () => {
  room = await openDiscordRoom();
});
after(() => room.close());
const { finalAnswer, nextJob, sees } = watch(() => room);

describe("answers that outlast what happens to them", () => {
  test("buttons of old answers work after a restart, and answers under way are finished", async () => {
    const { discord, asker, channel } = room;
    const old = await nextJob(() => discord.slash(asker, channel, "ask", { question: "old" }));
    old.start();
    old.text("Old.");
    old.done();
    const answer = await finalAnswer(old.job.id);
    const running = await nextJob(() => discord.slash(asker, channel, "ask", { question: "new" }));
    running.start();
    running.text("Half");
    await sees(asker, (m) => shows(running.job.id)(m));
    await room.restart();
    discord.press(asker, channel, answer, `where:${old.job.id}`);
    await sees(asker, (m) => buttonsOf(m).includes(`export:${old.job.id}`));
    running.text(" and whole.");
    running.done();
    assert.match(textOf(await finalAnswer(running.job.id)), /Half and whole\./);
  });

  test("an answer goes on when its interaction dies, after 15 minutes or before", async () => {
    const { discord, asker, channel } = room;
    for (const die of ["old age", "early"]) {
      const job = await nextJob(() => discord.slash(asker, channel, "ask", { question: die }));
      job.start();
      job.text("Begun");
      const begun = await sees(asker, (m) => shows(job.job.id)(m));
      const interaction = [...discord.interactions.values()].at(-1)!;
      if (die === "early") interaction.tokenDead = true;
      else discord.skip(15 * 60_000 + 1);
      job.text(" and ended.");
      job.done();
      const last = await finalAnswer(job.job.id);
      assert.match(textOf(last), /Begun and ended\./);
      assert.equal(last.id, begun.id, "the reply is an ordinary message by then");
    }
  });

  test("answers with an ordinary message when Discord took the acknowledgement too late", async () => {
    const { discord, asker, other, channel } = room;
    const late = { method: "POST", path: /callback$/, refusal: REFUSED.unknownInteraction() };
    discord.failures.push(late);
    const job = await nextJob(() => discord.slash(asker, channel, "ask", { question: "late" }));
    job.start();
    job.text("Late, but here.");
    job.done();
    assert.match(textOf(await finalAnswer(job.job.id, other)), /Late, but here\./);
    discord.failures.push(late);
    discord.slash(asker, channel, "ask", { question: "  " });
    const direct = discord.world.direct(asker);
    await sees(asker, (m) => /no question yet/.test(textOf(m)), direct);
  });

  test("a private answer whose interaction died comes as a direct message", async () => {
    const { discord, asker, channel } = room;
    const job = await nextJob(() =>
      discord.slash(asker, channel, "ask", { question: "p", private: true }),
    );
    job.start();
    job.text("Secret");
    await sees(asker, shows(job.job.id));
    [...discord.interactions.values()].at(-1)!.tokenDead = true;
    job.text(" end.");
    job.done();
    const direct = discord.world.direct(asker);
    const last = await sees(asker, (m) => buttonsOf(m).includes(`where:${job.job.id}`), direct);
    assert.match(textOf(last), /Secret end\./);
  });

  test("the last frame arrives through refusals and cut connections", async () => {
    const { discord, asker, channel } = room;
    const job = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> storm`),
    );
    job.start();
    await sees(asker, shows(job.job.id));
    discord.failures.push(
      { method: "PATCH", path: /messages/, refusal: "cut" },
      { method: "PATCH", path: /messages/, refusal: "cut" },
    );
    job.text("Through the storm.");
    job.done();
    assert.match(textOf(await finalAnswer(job.job.id)), /Through the storm\./);
  });

  test("goes on as plain text when Discord refuses a card in mid-answer", async () => {
    const { discord, asker, channel } = room;
    const job = await nextJob(() => discord.say(asker, channel, `<@${discord.world.bot.id}> mid`));
    job.start();
    await sees(asker, shows(job.job.id));
    const refusal = REFUSED.invalidBody("components");
    discord.failures.push({ method: "PATCH", path: /messages/, refusal });
    job.text("Whole.");
    job.done();
    const last = await finalAnswer(job.job.id);
    assert.match(last.content, /Whole\./);
    assert.ok(room.logged.some((line) => line.includes("this answer goes on as plain text")));
  });

  test("leaves an answer alone that a moderator deleted", async () => {
    const { discord, asker, channel } = room;
    const job = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> to be deleted`),
    );
    job.start();
    const begun = await sees(asker, shows(job.job.id));
    discord.erase(begun);
    job.text("Unwanted.");
    job.done();
    const next = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> another`),
    );
    next.start();
    next.text("Fine.");
    next.done();
    await finalAnswer(next.job.id);
    assert.ok(!room.seenBy(asker).some((m) => textOf(m).includes("Unwanted.")));
  });

  test("hears what was asked while its connection was cut", async () => {
    const { discord, asker, channel } = room;
    discord.gateway.drop();
    const job = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> in the dark?`),
    );
    job.start();
    job.text("Heard.");
    job.done();
    await finalAnswer(job.job.id);
  });

  test("sends a very long answer as three messages and a file, with nothing lost", async () => {
    const { discord, asker, channel } = room;
    const job = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> a book`),
    );
    const text = Array.from({ length: 400 }, (_, at) => `Sentence ${at} of a long story.`).join(
      "\n\n",
    );
    job.start();
    job.text(text);
    job.done();
    const last = await finalAnswer(job.job.id);
    const [file] = last.attachments;
    assert.equal(file?.filename, "answer.md");
    assert.equal(await (await fetch(file!.url)).text(), `${text}\n`);
    assert.match(textOf(last), /longer than three messages/);
  });

  test("a moved answer starts over with fewer messages", async () => {
    const { discord, asker, channel } = room;
    const job = await nextJob(() => discord.say(asker, channel, `<@${discord.world.bot.id}> move`));
    job.start("maple");
    job.text("Lost sentence here.\n\n".repeat(250));
    await sees(asker, (m) => textOf(m).includes("Lost sentence"));
    job.moved();
    job.start("birch");
    job.text("Short.");
    job.done();
    const last = await finalAnswer(job.job.id);
    assert.match(textOf(last), /^\s*Short\./);
    assert.match(textOf(last), /maple" left/);
    await discord.until(() =>
      room.seenBy(asker).some((m) => textOf(m).includes("Lost sentence")) ? undefined : true,
    );
  });
});
