import type { FastifyBaseLogger } from "fastify";
import type { PoolSecrets } from "../config/secrets.ts";
import type { ApiSettings } from "../config/settings.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { QueueBackend } from "./queue/backend.ts";
import type { Bus } from "./queue/bus.ts";
import type { RateLimits } from "./rate/limits.ts";
import type { Database } from "./storage/open.ts";

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;
/** Cryptographically random bytes. */
export type Random = (bytes: number) => Buffer;

/** What the rooms of this service stand on; made once in start.ts and passed down. */
export interface ApiContext {
  readonly settings: ApiSettings;
  readonly secrets: PoolSecrets;
  readonly limits: Limits;
  readonly db: Database;
  /** The same records for the statements that every question costs: see Records. */
  readonly steady: Database;
  readonly queue: QueueBackend;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly rate: RateLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: FastifyBaseLogger;
  /** Name of this running copy, fresh at each start. */
  readonly replica: string;
}
