// The journeys in the local room: api, bot and workers as processes of their own, a real model in each worker.
import { after, before, describe } from "node:test";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import type { DoorDriver } from "./door-driver.ts";
import { registerCommunityJourneys, registerJourneys } from "./journeys.ts";
import { driveLocalRoom } from "./local-driver.ts";

let redis: Service;
let postgres: Service;
before(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
after(() => Promise.all([redis.stop(), postgres.stop()]));

const SERVICES: [string, () => Record<string, string>][] = [
  // Where PATH holds no redis-server, queue and bus run in process.
  ["PGlite and the in-process floor", () => ({ PATH: "" })],
  ["PGlite and Redis", () => ({ REDIS_URL: redis.url })],
  ["PostgreSQL and Redis", () => ({ REDIS_URL: redis.url, DATABASE_URL: postgres.url })],
];

for (const [name, settings] of SERVICES) {
  describe(`the local room over ${name}`, { timeout: 300_000 }, () => {
    let pool: PoolProcesses;
    let door: DoorDriver;
    before(async () => {
      pool = await startPoolProcesses(settings());
      await Promise.all([
        pool.worker("willow", { WORKER_MODELS: "substrate-demo" }),
        pool.worker("rowan", { WORKER_MODELS: SMOLLM2 }),
      ]);
      door = await driveLocalRoom(await pool.room());
    });
    after(async () => {
      await door?.close();
      await pool?.close();
    });
    registerCommunityJourneys(() => ({ door, pool }));
    registerJourneys(() => ({ door, pool }));
  });
}
