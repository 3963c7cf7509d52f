// The local room's journeys, unchanged, in the emulated Discord: real pool, real models, the unmodified client.
import { after, before, describe } from "node:test";
import type { OpenDiscordDoor } from "../../bot/discord/open.ts";
import type { DiscordEmulator } from "../support/discord/emulator.ts";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startRedis } from "../support/services.ts";
import type { DoorDriver } from "./door-driver.ts";
import { registerCommunityJourneys, registerJourneys } from "./journeys.ts";
import { openDiscord } from "./open-discord.ts";

describe("Discord over PGlite and Redis", { timeout: 300_000 }, () => {
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
