// The local room's journeys, unchanged, in the emulated Discord: real pool, real models, the unmodified client.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type OpenDiscordDoor, openDiscordDoor } from "../../bot/discord/open.ts";
import { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel } from "../support/discord/world.ts";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startRedis } from "../support/services.ts";
import { driveDiscord } from "./discord-driver.ts";
import type { DoorDriver, Seen } from "./door-driver.ts";
import { registerCommunityJourneys, registerJourneys } from "./journeys.ts";
import { driveLocalRoom } from "./local-driver.ts";

interface OpenDiscord {
  readonly discord: DiscordEmulator;
  readonly bot: OpenDiscordDoor;
  readonly door: DoorDriver;
}

/** The door to an emulated Discord with one server, one channel and two members. */
async function openDiscord(pool: PoolProcesses): Promise<OpenDiscord> {
  const discord = await DiscordEmulator.start();
  const { world } = discord;
  const guild = world.guild("Members", ["general"]);
  const bot = await openDiscordDoor({
    pool: pool.client,
    token: discord.token,
    apiUrl: discord.apiUrl,
    dataDir: pool.dataDir,
    messageContent: false,
    log: { info() {}, warn: console.warn, error: console.error },
  });
  const channel = world.channels.get(guild.channelIds[0] as string) as Channel;
  const users = [world.user("First member"), world.user("Second member")] as const;
  world.moderators.add(users[0].id);
  return { discord, bot, door: driveDiscord(discord, channel, [users[0], users[1]]) };
}

describe("Discord over PGlite and Redis", { timeout: 240_000 }, () => {
  let redis: Service;
  let pool: PoolProcesses;
  let discord: DiscordEmulator;
  let bot: OpenDiscordDoor;
  let door: DoorDriver;
  before(async () => {
    redis = await startRedis();
    pool = await startPoolProcesses({ REDIS_URL: redis.url });
    await Promise.all([
      pool.worker("willow", { WORKER_MODELS: "substrate-demo" }),
      pool.worker("rowan", { WORKER_MODELS: SMOLLM2 }),
    ]);
    ({ discord, bot, door } = await openDiscord(pool));
  });
  after(async () => {
    await door?.close();
    await bot?.close();
    await pool?.close();
    await redis?.stop();
    // Throws when the judge found a request that Discord would not take.
    await discord?.close();
  });
  registerCommunityJourneys(() => ({ door, pool }));
  registerJourneys(() => ({ door, pool }));
});

describe("two doors of one pool", { timeout: 120_000 }, () => {
  test("tell the same story in the local room and in Discord", async () => {
    const redis = await startRedis();
    const pool = await startPoolProcesses({ REDIS_URL: redis.url });
    await pool.worker("willow", { WORKER_ENGINE: "echo" });
    const local = await driveLocalRoom(await pool.room());
    const { discord, bot, door } = await openDiscord(pool);
    try {
      const told = await transcript(door);
      assert.deepEqual(told, await transcript(local));
      assert.match(told.join("\n"), /Echo: And what then\?/);
    } finally {
      await Promise.all([local.close(), door.close(), bot.close()]);
      await pool.close();
      await redis.stop();
      await discord.close();
    }
  });
});

/** What people read in the course of one script; the engine repeats the question, so that texts can agree. */
async function transcript(door: DoorDriver): Promise<string[]> {
  const [first, second] = door.people;
  const lines: string[] = [];
  const end = async (message: Seen | { readonly refusal: string }) => {
    assert("id" in message, JSON.stringify(message));
    const last = await first.sees(
      (one) => one.id === message.id && one.view?.kind === "answer" && one.view.final,
    );
    assert(last.view?.kind === "answer");
    const { phase, text, notices, footer, actions } = last.view;
    // Speed and receipt differ from one answer to the next.
    const about = footer?.replace(/ · \S+ tokens\/s/, "").replace(/receipt \w+/, "receipt");
    const buttons = actions.map(({ id }) => id.split(":")[0]).filter((id) => id !== "thread");
    // Doors break mentions with characters that nobody sees.
    const read = text.replaceAll("\u200b", "");
    lines.push(JSON.stringify({ phase, text: read, notices, about, buttons }));
    return last;
  };
  const answer = await end(await first.say("What is **bold** and @everyone and [a](http://b.c)?"));
  await end(await second.say("And what then?", { replyTo: answer.id }));
  await end(await first.say("Code:\n```js\nconst a = 1;\n```\nand `code`"));
  await second.press(answer, "where");
  const where = await second.sees((one) => one.view?.kind === "provenance");
  assert(where.view?.kind === "provenance");
  lines.push(where.view.checks.map(({ state }) => state).join(", "));
  for (const command of ["/pool", "/models", "/help", "/aks"]) {
    const reply = await first.say(command);
    lines.push("refusal" in reply ? "refused" : refusedOr(reply));
  }
  return lines;
}

function refusedOr({ view }: Seen): string {
  return view?.kind === "notice" && view.tone === "error" ? "refused" : (view?.kind ?? "nothing");
}
