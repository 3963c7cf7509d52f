// One script in every door of one pool: members read the same everywhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startRedis } from "../support/services.ts";
import { driveLocalRoom } from "./local-driver.ts";
import { openDiscord } from "./open-discord.ts";
import { openMatrix } from "./open-matrix.ts";
import { transcript } from "./transcript.ts";

describe("the doors of one pool", { timeout: 300_000 }, () => {
  let redis: Service;
  let pool: PoolProcesses;
  let told: string[];
  before(async () => {
    redis = await startRedis();
    pool = await startPoolProcesses({ REDIS_URL: redis.url });
    await pool.worker("willow", { WORKER_ENGINE: "echo" });
    const local = await driveLocalRoom(await pool.room());
    told = await transcript(local);
    await local.close();
  });
  after(async () => {
    await pool?.close();
    await redis?.stop();
  });

  test("the script is answered in the local room", () => {
    assert.match(told.join("\n"), /Echo: And what then\?/);
  });

  test("Discord tells the same story as the local room", async () => {
    const { discord, bot, door } = await openDiscord(pool);
    try {
      assert.deepEqual(await transcript(door), told);
    } finally {
      await door.close();
      await bot.close();
      // Throws when the judge found a request that Discord would not take.
      await discord.close();
    }
  });

  test("Matrix tells the same story as the local room", async () => {
    const matrix = await openMatrix(pool);
    try {
      assert.deepEqual(await transcript(matrix.door), told);
    } finally {
      await matrix.close();
    }
  });
});
