import { createHash } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ApiSettings } from "../../config/settings.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { RedisConnection } from "../queue/redis.ts";

const WINDOW_MS = 60_000;

/** How often something may happen in a minute. */
export interface RateLimit {
  /** Counts one for `key`: null when it may happen, else the seconds after which it may again. */
  take(key: string): Promise<number | null>;
  /** The same without counting: whether one more would be too many. */
  full(key: string): Promise<number | null>;
}

/** The pool's limits; each has a setting RATE_…, 0 switches it off. */
export interface RateLimits {
  /** Questions of one member, and of one community. */
  readonly member: RateLimit;
  readonly community: RateLimit;
  /** Requests that need no token, by address. */
  readonly open: RateLimit;
  /** Wrong tokens and refused nodes, by address. */
  readonly refused: RateLimit;
  /** Connections of one node key. */
  readonly nodeKey: RateLimit;
}

/**
 * Opens the limits: counted in Redis for all replicas together, in this process where there is none. When Redis
 * does not answer nothing is refused: a limit protects the service and must not end it.
 */
export async function openRateLimits(
  app: FastifyInstance,
  settings: ApiSettings,
  redis: RedisConnection | null,
  metrics: Metrics,
): Promise<RateLimits> {
  await app.register(rateLimit, {
    global: false,
    skipOnError: true,
    nameSpace: "substrate:rate:",
    ...(redis === null ? {} : { redis }),
  });
  const limit = (name: keyof RateLimits, max: number): RateLimit => {
    if (max === 0) return NO_LIMIT;
    const counted = app.createRateLimit({
      max,
      timeWindow: WINDOW_MS,
      keyGenerator: (request) => (request as unknown as Keyed).rateKey,
    });
    const ask = async (key: string, increment: boolean): Promise<number | null> => {
      // Redis holds no name of a member, only for a minute a digest of it.
      const digest = createHash("sha256").update(key).digest("base64url").slice(0, 22);
      const keyed: Keyed = { rateKey: `${name}:${digest}`, routeOptions: {} };
      const state = await counted(keyed as unknown as FastifyRequest, { increment });
      if (state.isAllowed || (increment ? !state.isExceeded : state.remaining > 0)) return null;
      metrics.rateLimited.inc({ limit: name });
      return Math.max(1, state.ttlInSeconds);
    };
    return { take: (key) => ask(key, true), full: (key) => ask(key, false) };
  };
  return {
    member: limit("member", settings.rateAsksPerMember),
    community: limit("community", settings.rateAsksPerCommunity),
    open: limit("open", settings.rateOpenPerAddress),
    refused: limit("refused", settings.rateRefusedPerAddress),
    nodeKey: limit("nodeKey", settings.rateHellosPerKey),
  };
}

/** What the library reads of a request; nodes' connections are none of Fastify's requests. */
interface Keyed {
  readonly rateKey: string;
  readonly routeOptions: Record<string, never>;
}

const NO_LIMIT: RateLimit = Object.freeze({ take: async () => null, full: async () => null });
