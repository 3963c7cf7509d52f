// The local room's journeys, unchanged, in a room of a real homeserver: real pool, real models, raw HTTP clients.
import { rmSync } from "node:fs";
import { after, before, describe } from "node:test";
import { type OpenMatrixDoor, openMatrixDoor } from "../../bot/matrix/open.ts";
import { Human } from "../support/matrix-human.ts";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, scratch, startRedis } from "../support/services.ts";
import { type Homeserver, startSynapse } from "../support/synapse.ts";
import type { DoorDriver } from "./door-driver.ts";
import { registerJourneys } from "./journeys.ts";
import { driveMatrix } from "./matrix-driver.ts";

describe("Matrix over PGlite and Redis", { timeout: 240_000 }, () => {
  let homeserver: Homeserver;
  let redis: Service;
  let pool: PoolProcesses;
  let bot: OpenMatrixDoor;
  let door: DoorDriver;
  const dataDir = scratch("matrix-journey-");
  before(async () => {
    [redis, homeserver] = await Promise.all([startRedis(), startSynapse()]);
    pool = await startPoolProcesses({ REDIS_URL: redis.url });
    await Promise.all([
      pool.worker("willow", { WORKER_MODELS: "substrate-demo" }),
      pool.worker("rowan", { WORKER_MODELS: SMOLLM2 }),
    ]);
    const account = await homeserver.user("substrate");
    bot = await openMatrixDoor({
      pool: pool.client,
      homeserverUrl: homeserver.url,
      credentials: { user: account.userId, password: account.password },
      dataDir,
      inviteFrom: ["@first:localhost"],
      eventsPerSecond: 0,
      eventsBurst: 10,
      encryption: null,
      log: { info() {}, warn: console.warn, error: console.error },
    });
    const first = await Human.enter(homeserver, "first");
    const second = await Human.enter(homeserver, "second");
    const room = await first.room({ invite: [bot.userId, second.userId] });
    await second.join(room);
    await first.sees((message) => message.room === room && message.sender === bot.userId);
    door = driveMatrix(room, bot.userId, [first, second]);
  });
  after(async () => {
    await door?.close();
    await bot?.close();
    await pool?.close();
    await Promise.all([redis?.stop(), homeserver?.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  });
  registerJourneys(() => ({ door, pool }));
});
