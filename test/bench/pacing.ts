import { openDiscordRoom } from "../bot/discord/room.ts";
import type { FakeJob } from "../bot/fake-pool.ts";
import type { Channel } from "../support/discord/world.ts";
import { atLeast, atMost, type Measure, quantile, reported } from "./measure.ts";

const CHANNELS = 10;
const ANSWERS = 20;
const TOKENS_PER_SECOND = 50;
const SECONDS = 15;
/** Readers look this often. */
const LOOK_MS = 50;

interface Running {
  readonly job: FakeJob;
  readonly channel: Channel;
  /** When each word was written, milliseconds. */
  readonly writtenAt: number[];
}

/**
 * Twenty answers stream in ten channels at once at 50 tokens a second each, under Discord's usual limits:
 * 5 edits in 5 s per channel, 50 requests a second. Staleness: the age of the newest word a reader sees.
 */
export async function pacing(): Promise<Measure[]> {
  const names = Array.from({ length: CHANNELS - 2 }, (_, at) => `channel-${at}`);
  const room = await openDiscordRoom();
  const { discord, pool, asker } = room;
  for (const name of names) discord.world.channel(room.guild, name);
  const channels = room.guild.channelIds.map((id) => discord.world.channels.get(id) as Channel);
  // Channels made after the door opened are news to it.
  discord.invite(room.guild);

  const jobs: FakeJob[] = [];
  const all = new Promise<void>((resolve) => {
    pool.onJob = (job) => {
      jobs.push(job);
      if (jobs.length === ANSWERS) resolve();
    };
  });
  for (let at = 0; at < ANSWERS; at++) {
    discord.say(asker, channels[at % CHANNELS] as Channel, `<@${discord.world.bot.id}> tell ${at}`);
  }
  await all;
  const running = jobs.map((job): Running => {
    const channel = discord.world.channels.get(job.job.room.replace("discord:", "")) as Channel;
    return { job, channel, writtenAt: [] };
  });
  const stalenessMs = await stream(running, (one) => newestWord(one, discord));
  const present = await Promise.all(
    running.map(({ job, channel, writtenAt }) => {
      const last = `w${writtenAt.length - 1}.`;
      return discord
        .until(() =>
          textsIn(discord, channel).includes(`${last} ${job.job.id}`) ? true : undefined,
        )
        .catch(() => false);
    }),
  );
  const exchanges = discord.exchanges;
  const edits = exchanges.filter(({ method }) => method === "PATCH").length;
  await room.close();
  return [
    atMost(
      "pacing.refused_429",
      exchanges.filter(({ status }) => status === 429).length,
      "requests",
      0,
    ),
    atLeast("pacing.final_texts", present.filter(Boolean).length, "answers", ANSWERS),
    atMost("pacing.staleness_median", quantile(stalenessMs, 0.5) / 1000, "s", 2),
    reported("pacing.staleness_p95", quantile(stalenessMs, 0.95) / 1000, "s"),
    reported("pacing.edits_per_answer", edits / ANSWERS, "edits"),
  ];
}

/** Writes all answers word by word in real time, and lets readers look; returns every age they saw. */
async function stream(
  running: readonly Running[],
  newest: (one: Running) => number,
): Promise<number[]> {
  const ages: number[] = [];
  for (const { job } of running) job.start();
  const begun = performance.now();
  const ended = Promise.withResolvers<void>();
  const reading = setInterval(() => {
    const now = performance.now();
    for (const one of running) {
      if (one.writtenAt.length === 0) continue;
      const seen = newest(one);
      ages.push(now - (one.writtenAt[Math.max(0, seen)] ?? now));
    }
  }, LOOK_MS);
  const writing = setInterval(() => {
    const due = Math.min(SECONDS, (performance.now() - begun) / 1000) * TOKENS_PER_SECOND;
    for (const { job, writtenAt } of running) {
      while (writtenAt.length < due) {
        job.text(`w${writtenAt.length}. `);
        writtenAt.push(performance.now());
      }
    }
    if (due >= SECONDS * TOKENS_PER_SECOND) ended.resolve();
  }, 1000 / TOKENS_PER_SECOND);
  await ended.promise;
  clearInterval(writing);
  clearInterval(reading);
  for (const { job } of running) {
    job.text(job.job.id);
    job.done();
  }
  return ages;
}

type Emulator = Awaited<ReturnType<typeof openDiscordRoom>>["discord"];

/** Number of the newest word shown in an answer's messages; −1 when none is. */
function newestWord({ job, channel }: Running, discord: Emulator): number {
  const own = discord.world
    .messagesIn(channel.id)
    .map(({ message }) => JSON.stringify(message.components));
  // The last message of an answer carries its id in the buttons, and its newest words.
  const last = own.find((text) => text.includes(job.job.id)) ?? "";
  const words = last.match(/w\d+\./g);
  return words ? Number(words.at(-1)?.slice(1, -1)) : -1;
}

function textsIn(discord: Emulator, channel: Channel): string {
  return discord.world
    .messagesIn(channel.id)
    .map(({ message }) => JSON.stringify(message.components))
    .join("\n");
}
