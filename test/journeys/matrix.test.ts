// The local room's journeys, unchanged, in a room of a real homeserver: real pool, real models, raw HTTP clients.
import { after, before, describe } from "node:test";
import { SMOLLM2 } from "../support/models.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startRedis } from "../support/services.ts";
import { registerJourneys } from "./journeys.ts";
import { type OpenMatrix, openMatrix } from "./open-matrix.ts";

describe("Matrix over PGlite and Redis", { timeout: 300_000 }, () => {
  let redis: Service;
  let pool: PoolProcesses;
  let matrix: OpenMatrix;
  before(async () => {
    redis = await startRedis();
    pool = await startPoolProcesses({ REDIS_URL: redis.url });
    await Promise.all([
      pool.worker("willow", { WORKER_MODELS: "substrate-demo" }),
      pool.worker("rowan", { WORKER_MODELS: SMOLLM2 }),
    ]);
    matrix = await openMatrix(pool);
  });
  after(async () => {
    await matrix?.close();
    await pool?.close();
    await redis?.stop();
  });
  registerJourneys(() => ({ door: matrix.door, pool }));
});
