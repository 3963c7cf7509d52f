// The local room's journeys, unchanged, in the emulated Discord: real pool, real models, the unmodified client.
import { after, before, describe } from "node:test";
import { type OpenDiscordDoor, openDiscordDoor } from "../../bot/discord/open.ts";
import { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel } from "../support/discord/world.ts";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startRedis } from "../support/services.ts";
import { driveDiscord } from "./discord-driver.ts";
import type { DoorDriver } from "./door-driver.ts";
import { registerJourneys } from "./journeys.ts";

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
    discord = await DiscordEmulator.start();
    const { world } = discord;
    const guild = world.guild("Members", ["general"]);
    const users = [world.user("First member"), world.user("Second member")] as const;
    const silent = () => {};
    bot = await openDiscordDoor({
      pool: pool.client,
      token: discord.token,
      apiUrl: discord.apiUrl,
      dataDir: pool.dataDir,
      messageContent: false,
      log: { info: silent, warn: console.warn, error: console.error },
    });
    const channel = world.channels.get(guild.channelIds[0] as string) as Channel;
    door = driveDiscord(discord, channel, [users[0], users[1]]);
  });
  after(async () => {
    await door?.close();
    await bot?.close();
    await pool?.close();
    await redis?.stop();
    // Throws when the judge found a request that Discord would not take.
    await discord?.close();
  });
  registerJourneys(() => ({ door, pool }));
});
