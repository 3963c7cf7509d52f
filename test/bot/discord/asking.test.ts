// What members do to ask, and what they are told.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { APIMessage } from "discord-api-types/v10";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";
import { shows, watch } from "./watch.ts";

let room: DiscordRoom;
before(async () => {
  room = await openDiscordRoom();
});
after(() => room.close());
const { finalAnswer, nextJob, sees } = watch(() => room);

describe("asking in Discord", () => {
  test("registers its commands once, and again only when they change", async () => {
    assert.equal(room.discord.commands.puts, 1);
    const names = room.discord.commands.list.map(({ name }) => name);
    assert.deepEqual(names, [
      "ask",
      "where",
      "again",
      "stop",
      "report",
      "me",
      "data",
      "pool",
      "models",
      "propose",
      "proposals",
      "proposal",
      "vote",
      "poll",
      "rules",
      "link",
      "unlink",
      "vouch",
      "remind",
      "emergency",
      "help",
      "Where did this answer come from?",
    ]);
    await room.restart();
    assert.equal(room.discord.commands.puts, 1);
  });

  test("prints the invitation with exactly the permissions it needs", () => {
    const line = room.logged.find((one) => one.includes("door is open")) ?? "";
    assert.match(line, /scope=bot\+applications\.commands/);
    assert.match(line, /permissions=309237746688/);
  });

  test("answers /ask in place: queue, text by edits, footer, buttons", async () => {
    const job = await nextJob(() =>
      room.discord.slash(room.asker, room.channel, "ask", { question: "Why is the sea salty?" }),
    );
    job.queued(2, 12_000);
    const first = await sees(room.other, shows(job.job.id));
    assert.match(textOf(first), /2 answers ahead · about 12 s|Next in line/);
    job.start();
    job.text("Rivers carry ");
    job.text("salt.");
    job.done();
    const last = await finalAnswer(job.job.id);
    assert.match(textOf(last), /Rivers carry salt\./);
    assert.match(textOf(last), /node "maple".*Apache-2\.0.*receipt k3xq7v2mfa/);
    assert.equal(last.id, first.id);
    assert.equal(room.pool.asked.at(-1)?.member, `discord:${room.asker.id}`);
    assert.equal(room.pool.asked.at(-1)?.community, `discord:${room.guild.id}`);
  });

  test("acknowledges before anything else", async () => {
    const before = room.discord.exchanges.length;
    const job = await nextJob(() =>
      room.discord.slash(room.asker, room.channel, "ask", { question: "a" }),
    );
    assert.match(room.discord.exchanges[before]?.path ?? "", /callback$/);
    job.end({ state: "failed", notice: { code: "x", message: "No." } });
    await sees(room.other, (message) => /No\./.test(textOf(message)));
  });

  test("shows a private answer to its asker only", async () => {
    const job = await nextJob(() =>
      room.discord.slash(room.asker, room.channel, "ask", { question: "a", private: true }),
    );
    job.start();
    job.text("Only for you.");
    job.done();
    await finalAnswer(job.job.id);
    assert.ok(!room.seenBy(room.other).some((m) => textOf(m).includes("Only for you.")));
  });

  test("tells a refusal privately and leaves nothing behind", async () => {
    const before = room.seenBy(room.other).length;
    room.discord.slash(room.asker, room.channel, "ask", { question: "   " });
    await sees(room.asker, (m) => /no question yet/.test(textOf(m)));
    assert.equal(room.seenBy(room.other).length, before);
  });

  test("answers a mention with a reply, and a reply goes on with that answer", async () => {
    const { discord, asker, other, channel, pool } = room;
    const bot = discord.world.bot.id;
    let asked: APIMessage | undefined;
    const job = await nextJob(() => {
      asked = discord.say(asker, channel, `<@${bot}> What is salt?`);
    });
    job.start();
    job.text("A mineral.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    assert.equal(answer.message_reference?.message_id, asked?.id);
    assert.equal(pool.asked.at(-1)?.prompt, "What is salt?");
    const next = await nextJob(() =>
      discord.say(other, channel, "And pepper?", { replyTo: answer.id }),
    );
    assert.equal(pool.asked.at(-1)?.continues, job.job.id);
    next.done();
    // A person's own reply in between does not break the chain.
    const between = discord.say(other, channel, "(interesting)", { replyTo: answer.id });
    await nextJob(() => discord.say(asker, channel, `<@${bot}> go on`, { replyTo: between.id }));
    assert.equal(pool.asked.at(-1)?.continues, job.job.id);
    for (const one of pool.jobs()) if (!one.ended) one.done();
    await finalAnswer(pool.last().job.id);
  });

  test("goes on from an answer whose message was deleted", async () => {
    const { discord, asker, channel, pool } = room;
    const bot = discord.world.bot.id;
    const job = await nextJob(() => discord.say(asker, channel, `<@${bot}> one`));
    // The bot knows its message's id when it edits it; a message that is deleted sooner was never shown.
    await sees(asker, (message) => buttonsOf(message).includes(`stop:${job.job.id}`));
    job.start();
    job.text("First.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    discord.erase(answer);
    const next = await nextJob(() =>
      discord.say(asker, channel, `<@${bot}> two`, { replyTo: answer.id }),
    );
    assert.equal(pool.asked.at(-1)?.continues, job.job.id);
    next.done();
    await finalAnswer(next.job.id);
  });

  test("says nothing to messages that are not for it", async () => {
    const { discord, asker, channel } = room;
    const known = room.pool.jobs().length;
    discord.say(asker, channel, "just talking");
    const job = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> a question`),
    );
    assert.equal(room.pool.jobs().length, known + 1);
    job.done();
    await finalAnswer(job.job.id);
  });

  test("reads a long question from the file that Discord makes of it", async () => {
    const { discord, asker, channel, pool } = room;
    const bytes = new TextEncoder().encode("word ".repeat(1500));
    const file = { name: "message.txt", bytes, type: "text/plain; charset=utf-8" };
    const job = await nextJob(() =>
      discord.say(asker, channel, `<@${discord.world.bot.id}> Sum up:`, { file }),
    );
    assert.match(pool.asked.at(-1)?.prompt ?? "", /^Sum up:\n\nword word/);
    job.done();
    await finalAnswer(job.job.id);
  });

  test("asks again below the answer", async () => {
    const { discord, asker, other, channel } = room;
    const job = await nextJob(() => discord.slash(asker, channel, "ask", { question: "dice" }));
    job.start();
    job.text("One.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    const second = await nextJob(() =>
      discord.press(other, channel, answer, `again:${job.job.id}`),
    );
    second.start();
    second.text("Two.");
    second.done();
    const again = await finalAnswer(second.job.id);
    assert.notEqual(again.id, answer.id);
    assert.equal(room.pool.askedAgain.at(-1)?.member, `discord:${other.id}`);
  });

  test("offers the pool's models while one types", async () => {
    const { discord, asker, channel } = room;
    const typed = discord.autocomplete(asker, channel, "ask", "model", "demo");
    const answered = await discord.until(() => typed.answered ?? undefined);
    const choices = answered.data.choices as { name: string; value: string }[];
    assert.equal(choices.length, 1);
    assert.match(choices[0]!.name, /^Substrate demo · CC0-1\.0/);
  });

  test("offers nodes by name and what a setting can be, in the reader's own tongue", async () => {
    const { discord, moderator, channel } = room;
    const offered = async (command: string, option: string, typed: string, setting = "") => {
      const given: Record<string, string> = setting === "" ? {} : { setting };
      const typing = discord.autocomplete(moderator, channel, command, option, typed, given);
      const { data } = await discord.until(() => typing.answered ?? undefined);
      return (data.choices as { name: string; value: string }[]).map(({ value }) => value);
    };
    assert.deepEqual(await offered("pool nodes", "node", "map"), ["maple"]);
    const value = (setting: string, typed = "") =>
      offered("pool settings", "value", typed, setting);
    assert.deepEqual(await value("privacy"), ["own", "trusted", "open", "default"]);
    assert.deepEqual(await value("language", "deu"), ["de"]);
    assert.equal((await value("default_model", "demo")).length, 1);
    assert.deepEqual(await value("quota_per_day"), ["default"]);
  });

  test("speaks the member's language where it speaks for itself", async () => {
    const { discord, asker, moderator, channel } = room;
    const job = await nextJob(() =>
      discord.slash(moderator, channel, "ask", { question: "x" }, "de"),
    );
    job.start();
    job.text("Hallo.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    // What everybody reads is in the server's language.
    assert.match(JSON.stringify(answer.components), /Where did this answer come from\?/);
    discord.press(moderator, channel, answer, `where:${job.job.id}`, "de");
    const told = await sees(moderator, (m) => buttonsOf(m).includes(`export:${job.job.id}`));
    assert.match(textOf(told), /Prüfungen, die nicht liefen|So prüfst du es selbst/);
    discord.slash(asker, channel, "help", {}, "fr");
    await sees(asker, (m) => /Posez une question/.test(textOf(m)));
    discord.slash(asker, channel, "help", {}, "en-GB");
    await sees(asker, (m) => /Ask a question and a volunteer/.test(textOf(m)));
  });
});
