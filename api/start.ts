import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import { poolSecrets } from "../config/secrets.ts";
import type { ApiSettings } from "../config/settings.ts";
import type { ApiContext, Clock, Random } from "./context.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { type LogStream, logOptions } from "./log.ts";
import { listenForScrapes } from "./metrics/listen.ts";
import { Metrics } from "./metrics/metrics.ts";
import { openPool } from "./open-pool.ts";
import { pooledRandom } from "./random.ts";
import { trustedProxies } from "./rate/addresses.ts";
import { openRateLimits } from "./rate/limits.ts";
import { everyWhile } from "./rounds.ts";
import { createServer, openRooms } from "./server.ts";
import { openServices, type Services } from "./services.ts";
import { PoolClock } from "./storage/pool-clock.ts";

export interface StartOptions {
  readonly settings: ApiSettings;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Shortened by tests. */
  readonly limits?: Partial<Limits>;
  /** Instead of standard output. */
  readonly logStream?: LogStream;
}

/** A pool service that is listening. */
export interface RunningApi {
  readonly url: string;
  /** Where Prometheus may ask; null without METRICS_PORT. */
  readonly metricsUrl: string | null;
  readonly serviceToken: string;
  readonly enrolmentToken: string;
  /**
   * Gives running jobs back, tells followers and nodes, and ends in the reverse order of the start, all within
   * `limits.closeMs`. Does not reject: what could not be closed is logged.
   */
  close(): Promise<void>;
}

/**
 * Starts a replica: secrets, records (migrated), queue and bus, rooms, and last of all listening. Throws, with
 * everything closed again, when a part cannot be had.
 */
export async function startApi(options: StartOptions): Promise<RunningApi> {
  const { settings } = options;
  const secrets = poolSecrets(settings);
  const trustProxy = trustedProxies(settings.trustedProxy);
  const app = createServer(logOptions(settings.logLevel, options.logStream), trustProxy);
  const metrics = new Metrics();
  const limits = { ...LIMITS, ...options.limits };
  const replica = randomUUID();
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    const deadline = performance.now() + limits.closeMs;
    for (const end of closing.splice(0).reverse()) {
      // A database or Redis that is away must not keep the rest open: others take over what is left there.
      await within(deadline - performance.now(), end()).catch((error: unknown) =>
        app.log.warn({ err: error }, "could not close a part"),
      );
    }
  };
  try {
    const services = await openServices(settings, limits, replica, app.log, metrics);
    closing.push(() => services.close());
    const rate = await openRateLimits(app, settings, services.rateRedis, metrics);
    let clock = options.clock ?? Date.now;
    if (options.clock === undefined && !services.alone) {
      const shared = await PoolClock.open(services.records.db);
      clock = shared.now;
      closing.push(
        everyWhile(app.log, "compare clocks", limits.reconcileMs, async () => {
          const movedMs = await shared.check();
          if (movedMs !== 0) app.log.warn({ movedMs }, "took over the database's time");
        }),
      );
    }
    const ctx: ApiContext = {
      settings,
      secrets,
      limits,
      db: services.records.db,
      steady: services.records.steady,
      queue: services.queue,
      bus: services.bus,
      metrics,
      rate,
      clock,
      random: options.random ?? pooledRandom(),
      log: app.log,
      replica,
    };
    const pool = await openPool(ctx, services.alone);
    services.hear(pool.hear);
    closing.push(() => pool.close());
    await openRooms(app, {
      serviceTokens: [secrets.serviceToken, settings.serviceTokenNext].filter(
        (token) => token !== null,
      ),
      rate,
      metrics,
      ready: services.ready,
      rooms: pool.rooms,
      openRooms: pool.openRooms,
    });
    pool.gateway.attach(app.server, trustProxy);
    closing.push(() => app.close());
    closing.push(() => pool.leave());
    await app.listen({ host: settings.apiHost, port: settings.apiPort });
    const url = addressOf(app.server.address() as AddressInfo);
    closing.push(tellNeighbours(settings.dataDir, url));
    let metricsUrl: string | null = null;
    if (settings.metricsPort !== null) {
      const scraped = await listenForScrapes(ctx, settings.metricsHost, settings.metricsPort);
      closing.push(() => scraped.close());
      metricsUrl = scraped.url;
    }
    logStart(app.log, url, metricsUrl, services);
    return {
      url,
      metricsUrl,
      serviceToken: secrets.serviceToken,
      enrolmentToken: secrets.enrolmentToken,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Rejects when `work` takes longer. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it took too long")), Math.max(ms, 100));
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function addressOf({ address, family, port }: AddressInfo): string {
  const host = address === "0.0.0.0" || address === "::" ? "127.0.0.1" : address;
  return `http://${family === "IPv6" && host !== "127.0.0.1" ? `[${host}]` : host}:${port}`;
}

/** Lets programs on this machine find the pool: `pool.json` in the data folder while it listens. */
function tellNeighbours(dataDir: string, apiUrl: string): () => Promise<void> {
  const file = join(dataDir, "pool.json");
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, apiUrl })}\n`);
  return async () => rmSync(file, { force: true });
}

function logStart(
  log: FastifyBaseLogger,
  url: string,
  metrics: string | null,
  services: Services,
): void {
  const { recordsKind: records, queue } = services;
  log.info({ url, metrics, records, queue: queue.kind }, "the pool is open");
}
