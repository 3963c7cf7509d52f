// Servers, threads, direct messages, places that only a member installed, and places without cards.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fakeClock } from "../fake-clock.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";
import { watch } from "./watch.ts";

let room: DiscordRoom;
before(async () => {
  room = await openDiscordRoom();
});
after(() => room.close());
const { finalAnswer, nextJob, sees } = watch(() => room);

describe("the places of Discord", () => {
  test("writes directly to a member whom it may not answer in the channel", async () => {
    const { discord, asker, guild } = room;
    const quiet = discord.world.channels.get(guild.channelIds[1] as string)!;
    quiet.botMaySend = false;
    discord.say(asker, quiet, `<@${discord.world.bot.id}> hello?`);
    const direct = discord.world.direct(asker);
    await sees(asker, (m) => /may not write in #other/.test(textOf(m)), direct);
  });

  test("answers in direct messages without a mention, with whatever is asked in private", async () => {
    const { discord, asker } = room;
    const direct = discord.world.direct(asker);
    const job = await nextJob(() => discord.say(asker, direct, "just us"));
    job.start();
    job.text("Yes.");
    job.done();
    await sees(asker, (m) => buttonsOf(m).includes(`where:${job.job.id}`), direct);
    assert.equal(room.pool.asked.at(-1)?.community, `discord:direct:${asker.id}`);
    discord.say(asker, direct, "/pool");
    await sees(asker, (m) => /maple/.test(textOf(m)) && /places? busy/.test(textOf(m)), direct);
  });

  test("welcomes a server that invites it, and answers there too", async () => {
    const { discord, other } = room;
    const guild = discord.world.guild("Neighbours", ["lobby"], false);
    discord.invite(guild);
    const lobby = discord.world.channels.get(guild.channelIds[0] as string)!;
    const hello = await sees(other, (m) => /I am The Substrate/.test(textOf(m)), lobby);
    assert.match(textOf(hello), /sees your question/);
    const job = await nextJob(() => discord.slash(other, lobby, "ask", { question: "here?" }));
    job.start();
    job.text("Here.");
    job.done();
    await sees(other, (m) => buttonsOf(m).includes(`where:${job.job.id}`), lobby);
    assert.equal(room.pool.asked.at(-1)?.community, `discord:${guild.id}`);
  });

  test("works where only the member installed it", async () => {
    const { discord, other } = room;
    const guild = discord.world.guild("Elsewhere", ["far"], false);
    const far = discord.world.channels.get(guild.channelIds[0] as string)!;
    const job = await nextJob(() => discord.slash(other, far, "ask", { question: "far?" }));
    job.start();
    job.text("Far.");
    job.done();
    const answer = await sees(other, (m) => buttonsOf(m).includes(`where:${job.job.id}`), far);
    discord.press(other, far, answer, `where:${job.job.id}`);
    await sees(other, (m) => buttonsOf(m).includes(`export:${job.job.id}`), far);
  });

  test("starts a thread from an answer, where a mention goes on with it", async () => {
    const { discord, asker, channel, pool } = room;
    const job = await nextJob(() => discord.slash(asker, channel, "ask", { question: "deep" }));
    job.start();
    job.text("A *deep* answer.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    discord.press(asker, channel, answer, `thread:${job.job.id}`);
    await sees(asker, (m) => /Go on in the thread/.test(textOf(m)));
    const thread = discord.world.channels.get(answer.id)!;
    assert.equal(thread.name, "A deep answer.");
    const next = await nextJob(() =>
      discord.say(asker, thread, `<@${discord.world.bot.id}> deeper`),
    );
    assert.equal(pool.asked.at(-1)?.continues, job.job.id);
    next.done();
  });
});

test("falls back to plain messages where cards are refused", async () => {
  const plain = await openDiscordRoom({ cards: false });
  const { discord, pool, asker, channel } = plain;
  const made = new Promise<void>((resolve) => {
    pool.onJob = () => resolve();
  });
  discord.say(asker, channel, `<@${discord.world.bot.id}> plain?`);
  await made;
  const job = pool.last();
  job.start();
  job.text("Plain @everyone [text](https://evil.example).");
  job.done();
  const last = await discord.until(() =>
    plain.seenBy(asker).find((m) => buttonsOf(m).includes(`where:${job.job.id}`)),
  );
  assert.match(textOf(last), /Plain @everyone/);
  assert.ok(last.content.length <= 2000 && !last.content.includes("]("));
  assert.ok(plain.logged.some((line) => /a card was refused.*IS_COMPONENTS_V2/.test(line)));
  // One refusal is no rule: the next answer is a card again where cards are taken.
  discord.cards = true;
  const again = new Promise<void>((resolve) => {
    pool.onJob = () => resolve();
  });
  discord.say(asker, channel, `<@${discord.world.bot.id}> card?`);
  await again;
  const next = pool.last();
  next.start();
  next.text("A card.");
  next.done();
  const card = await discord.until(() =>
    plain.seenBy(asker).find((m) => buttonsOf(m).includes(`where:${next.job.id}`)),
  );
  assert.equal(card.content, "");
  // The judge refused nothing but what this test switched off.
  await plain.close();
});

test("says when the time is over where only the member installed it, and goes on at a press", async () => {
  const clock = fakeClock();
  const far = await openDiscordRoom({ clock });
  const { discord, pool, other } = far;
  const guild = discord.world.guild("Elsewhere", ["far"], false);
  const channel = discord.world.channels.get(guild.channelIds[0] as string)!;
  const made = new Promise<void>((resolve) => {
    pool.onJob = () => resolve();
  });
  discord.slash(other, channel, "ask", { question: "a long one" });
  await made;
  const job = pool.last();
  job.start();
  job.text("Begun");
  const has = (part: string) => () =>
    far.seenBy(other, channel).find((m) => buttonsOf(m).includes(`${part}:${job.job.id}`));
  await discord.until(has("stop"));
  await clock.advance(14 * 60_000);
  const paused = await discord.until(has("show"));
  assert.match(textOf(paused), /fifteen minutes only/);
  discord.skip(15 * 60_000);
  discord.press(other, channel, paused, `show:${job.job.id}`);
  job.text(" and ended.");
  job.done();
  const last = await discord.until(has("where"));
  assert.match(textOf(last), /Begun and ended\./);
  assert.notEqual(last.id, paused.id);
  await far.close();
});

test("follows up at most five times where only the member installed it", async () => {
  const far = await openDiscordRoom();
  const { discord, pool, other } = far;
  const guild = discord.world.guild("Elsewhere", ["far"], false);
  const channel = discord.world.channels.get(guild.channelIds[0] as string)!;
  const made = new Promise<void>((resolve) => {
    pool.onJob = () => resolve();
  });
  discord.slash(other, channel, "ask", { question: "a book" });
  await made;
  const job = pool.last();
  job.start();
  job.text("A sentence of a long story. ".repeat(900));
  job.done();
  await discord.until(() =>
    far.seenBy(other, channel).find((m) => buttonsOf(m).includes(`where:${job.job.id}`)),
  );
  const [asked] = [...discord.interactions.values()];
  assert.ok((asked?.followUps ?? 9) <= 5);
  await far.close();
});

test("in its own threads needs no mention where the operator lets it read", async () => {
  const open = await openDiscordRoom({ messageContent: true });
  const { discord, pool, asker, channel } = open;
  const next = () =>
    new Promise<void>((resolve) => {
      pool.onJob = () => resolve();
    });
  const first = next();
  discord.slash(asker, channel, "ask", { question: "deep" });
  await first;
  const job = pool.last();
  job.start();
  job.text("Deep.");
  job.done();
  const answer = await discord.until(() =>
    open.seenBy(asker).find((m) => buttonsOf(m).includes(`thread:${job.job.id}`)),
  );
  discord.press(asker, channel, answer, `thread:${job.job.id}`);
  const thread = await discord.until(() => discord.world.channels.get(answer.id));
  const second = next();
  discord.say(asker, thread, "and deeper");
  await second;
  assert.equal(pool.asked.at(-1)?.prompt, "and deeper");
  assert.equal(pool.asked.at(-1)?.continues, job.job.id);
  pool.last().done();
  await open.close();
});
