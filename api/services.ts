import type { FastifyBaseLogger } from "fastify";
import { sql } from "kysely";
import type { ApiSettings } from "../config/settings.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { observedBus, observedListener } from "./metrics/observed-bus.ts";
import { observedQueue } from "./metrics/observed-queue.ts";
import type { QueueBackend } from "./queue/backend.ts";
import { type Bus, type BusMessage, soleReplicaBus } from "./queue/bus.ts";
import { openPgliteQueue } from "./queue/pglite-queue.ts";
import { startPrivateRedis } from "./queue/private-redis.ts";
import { openRedisQueue, type RedisConnection } from "./queue/redis.ts";
import { openRedisBus } from "./queue/redis-bus.ts";
import { connectRateRedis } from "./rate/redis.ts";
import { openRecords, type Records } from "./storage/open.ts";

/** Records, queue and bus, as the settings and the machine allow. */
export interface Services {
  readonly records: Records;
  readonly recordsKind: "PostgreSQL" | "PGlite";
  readonly queue: QueueBackend;
  readonly bus: Bus;
  /** Where rate limits are counted for all replicas; null: each counts by itself. */
  readonly rateRedis: RedisConnection | null;
  /** No other replica can share these records. */
  readonly alone: boolean;
  /** Hands messages of other replicas to `listener`; those that came before are lost, which is allowed. */
  hear(listener: (message: BusMessage) => void): void;
  /** Rejects with a sentence when one of them cannot be reached. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * DATABASE_URL or PGlite in the data folder; REDIS_URL, or a private redis-server from PATH, or the in-process
 * floor, which one clear line in the log names.
 */
export async function openServices(
  settings: ApiSettings,
  limits: Limits,
  replica: string,
  log: FastifyBaseLogger,
  metrics: Metrics,
): Promise<Services> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  const onError = (error: Error) => log.warn({ err: error }, "a service connection failed");
  let listener: (message: BusMessage) => void = () => {};
  try {
    const records = await openRecords(settings.databaseUrl, settings.dataDir, onError, (event) =>
      metrics.statement(event.level === "query", event.queryDurationMillis),
    );
    closing.push(() => records.close());
    let redisUrl = settings.redisUrl;
    if (redisUrl === null) {
      const own = await startPrivateRedis(settings.dataDir);
      if (own !== null) closing.push(() => own.close());
      redisUrl = own?.url ?? null;
    }
    const queue = await openQueue(records, redisUrl, limits, onError);
    closing.push(() => queue.close());
    const busUrl = settings.busUrl ?? redisUrl;
    const bus =
      busUrl === null
        ? soleReplicaBus
        : await openRedisBus(busUrl, replica, limits, (message) => listener(message), onError);
    closing.push(() => bus.close());
    const rateRedis = redisUrl === null ? null : await connectRateRedis(redisUrl, onError);
    closing.push(async () => rateRedis?.disconnect());
    if (redisUrl === null) {
      log.warn(
        "No redis-server or valkey-server found: the queue runs inside this process, which is slow and for one " +
          "process only. Install redis-server, or set REDIS_URL.",
      );
    }
    return {
      records,
      recordsKind: records.pglite === null ? "PostgreSQL" : "PGlite",
      queue: observedQueue(queue, metrics),
      bus: observedBus(bus, metrics),
      rateRedis,
      alone: records.pglite !== null,
      hear(next) {
        listener = observedListener(next, metrics);
      },
      async ready() {
        await reach("the database", sql`select 1`.execute(records.db));
        await reach("the queue", queue.ping());
        await reach("the bus", bus.ping());
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openQueue(
  records: Records,
  redisUrl: string | null,
  limits: Limits,
  onError: (error: Error) => void,
): Promise<QueueBackend> {
  if (redisUrl !== null) return openRedisQueue(redisUrl, limits, onError);
  if (records.pglite !== null) return openPgliteQueue(records.pglite, limits, onError);
  throw new Error(
    "DATABASE_URL is set but there is no Redis for the queue. Set REDIS_URL too, or install redis-server.",
  );
}

async function reach(what: string, attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch {
    throw new Error(`${what} cannot be reached`);
  }
}
