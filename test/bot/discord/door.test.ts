import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { REFUSED } from "../../support/discord/requests.ts";
import type { Channel } from "../../support/discord/world.ts";
import { fakeClock } from "../fake-clock.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";

let room: DiscordRoom;
before(async () => {
  room = await openDiscordRoom();
});
after(() => room.close());

/** The first message this user sees after now that `wanted` accepts. */
function sees(
  user: APIUser,
  wanted: (message: APIMessage) => boolean,
  channel: Channel = room.channel,
): Promise<APIMessage> {
  return room.discord.until(() => room.seenBy(user, channel).find(wanted));
}

function shows(jobId: string) {
  return (message: APIMessage) => buttonsOf(message).some((id) => id.endsWith(jobId));
}

async function finalAnswer(jobId: string, user = room.asker): Promise<APIMessage> {
  return sees(user, (m) => buttonsOf(m).includes(`where:${jobId}`));
}

/** Waits until the pool was asked for one more job. */
async function nextJob(act: () => unknown) {
  const known = room.pool.jobs().length;
  const made = new Promise<void>((resolve) => {
    room.pool.onJob = () => resolve();
  });
  act();
  await made;
  return room.pool.jobs()[known]!;
}

describe("the Discord door", () => {
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

  test("tells where an answer came from, privately, by button, command and message command", async () => {
    const { discord, asker, other, channel } = room;
    const job = await nextJob(() =>
      discord.slash(asker, channel, "ask", { question: "What is it?" }),
    );
    job.start();
    job.text("This.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    const asks = [
      () => discord.press(other, channel, answer, `where:${job.job.id}`),
      () => discord.slash(other, channel, "where"),
      () => discord.slash(other, channel, "where", { answer: answer.id }),
      () => discord.messageCommand(other, channel, "Where did this answer come from?", answer),
    ];
    for (const ask of asks) {
      const known = new Set(room.seenBy(other).map(({ id }) => id));
      ask();
      const told = await sees(
        other,
        (m) => !known.has(m.id) && buttonsOf(m).includes(`export:${job.job.id}`),
      );
      assert.ok(!room.seenBy(asker).some(({ id }) => id === told.id), "private");
      assert.deepEqual(
        told.attachments.map(({ filename }) => filename.split(".").at(-1)),
        ["txt", "svg"],
      );
    }
    const all = room
      .seenBy(other)
      .filter((m) => m.flags! & 64)
      .map(textOf)
      .join("\n");
    for (const expected of [
      /Signature of the node/,
      /not run|did not run/,
      /SHA-256/,
      /Apache-2\.0/,
    ])
      assert.match(all, expected);
  });

  test("hands out the answer and its receipt as a file", async () => {
    const { discord, asker, channel } = room;
    const answer = room
      .seenBy(asker)
      .find((m) => buttonsOf(m).some((id) => id.startsWith("where:")));
    const jobId = buttonsOf(answer)[0]?.split(":")[1] ?? "";
    discord.press(asker, channel, answer!, `where:${jobId}`);
    const told = await sees(asker, (m) => buttonsOf(m).includes(`export:${jobId}`));
    discord.press(asker, channel, told, `export:${jobId}`);
    const saved = await sees(asker, (m) => m.attachments.some((a) => a.filename.endsWith(".zip")));
    assert.match(textOf(saved), /npm run verify -- answer-\w{8}\.zip/);
  });

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

  test("offers the pool's models while one types", async () => {
    const { discord, asker, channel } = room;
    const typed = discord.autocomplete(asker, channel, "ask", "model", "demo");
    const answered = await discord.until(() => typed.answered ?? undefined);
    const choices = answered.data.choices as { name: string; value: string }[];
    assert.equal(choices.length, 1);
    assert.match(choices[0]!.name, /^Substrate demo · CC0-1\.0/);
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
