import { createRedisBackend, type QueueBaseOptions, withBackend } from "bullmq";
import { Cluster, type Redis } from "ioredis";
import type { Limits } from "../limits.ts";
import { BullQueue } from "./bull-queue.ts";
import { type Leaving, TurnRedis } from "./turn-redis.ts";

/** A tag per queue, so that Redis Cluster spreads queues over its masters and keeps each one whole. */
const prefix = (queue: string): string => `{sub:${queue}}`;

/** Leases are taken without blocking, so the second connection a BullMQ worker opens would only idle. */
const { Queue, Worker } = withBackend((name: string, options: QueueBaseOptions) =>
  createRedisBackend(name, options),
);

/** The queue on Redis or Valkey; all queues of a replica share one connection. */
export async function openRedisQueue(
  url: string,
  limits: Limits,
  onError: (error: Error) => void,
): Promise<BullQueue> {
  const connection = await connectRedis(url, onError, { maxRetriesPerRequest: null });
  return new BullQueue(
    {
      kind: "Redis",
      queue: (name) =>
        new Queue(name, {
          connection,
          prefix: prefix(name),
          // An event stream would fill to 360 kB a queue; nothing reads it.
          streams: { events: { maxLen: 0 } },
        }),
      worker: (name, options) =>
        new Worker(name, null, { connection, prefix: prefix(name), ...options }),
      places: async (name, jobIds) => {
        const key = (kind: string) => `${prefix(name)}:${name}:${kind}`;
        const leased = connection.llen(key("active"));
        const ranks = await Promise.all(
          jobIds.map((id) => connection.zrank(key("prioritized"), id)),
        );
        const before = await leased;
        return ranks.map((rank) => (rank === null ? null : rank + before));
      },
      ping: () => pingRedis(connection),
      close: async () => connection.disconnect(),
    },
    limits,
    onError,
  );
}

/** One server, or a cluster that the server at the address belongs to. */
export type RedisConnection = Redis | Cluster;

interface ConnectOptions {
  readonly maxRetriesPerRequest: number | null;
  /** False: fails at once while the connection is lost, instead of waiting for it. */
  readonly enableOfflineQueue?: boolean;
  readonly commandTimeout?: number;
  /** When gathered commands leave; after each callback unless said. A cluster's connections gather nothing. */
  readonly leaving?: Leaving;
}

/**
 * Connects; rejects when the first try fails, later losses heal by themselves and go to `onError`. Where the
 * server is part of a Redis Cluster the others are found through it.
 */
export async function connectRedis(
  url: string,
  onError: (error: Error) => void,
  options: ConnectOptions,
): Promise<RedisConnection> {
  const connection = await connectServer(url, onError, options);
  // A server that does not tell (INFO forbidden) is taken for a lone one.
  const told = await connection.info("cluster").catch(() => "");
  if (!/^cluster_enabled:1/m.test(told)) return connection;
  const { host, port, username, password, tls } = connection.options;
  connection.disconnect();
  const { enableOfflineQueue = true, leaving: _, ...perServer } = options;
  const cluster = new Cluster([{ host: host as string, port: port as number }], {
    enableOfflineQueue,
    redisOptions: {
      ...perServer,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(tls === undefined ? {} : { tls }),
    },
  });
  cluster.on("error", onError);
  return cluster;
}

async function connectServer(
  url: string,
  onError: (error: Error) => void,
  { leaving = "callback", ...options }: ConnectOptions,
): Promise<Redis> {
  const connection = new TurnRedis(url, { ...options, lazyConnect: true }, leaving);
  let first: Error | null = null;
  const noteFirst = (error: Error) => {
    first ??= error;
  };
  connection.on("error", noteFirst);
  try {
    await connection.connect();
  } catch (error) {
    connection.disconnect();
    throw new Error(
      `Redis at ${withoutSecret(url)} cannot be reached: ${(first ?? (error as Error)).message}. ` +
        "Is it running, and is REDIS_URL (or BUS_URL) right?",
    );
  }
  connection.off("error", noteFirst);
  connection.on("error", onError);
  return connection;
}

/** Rejects when no answer comes within two seconds. */
export async function pingRedis(connection: RedisConnection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Redis does not answer")), 2000);
  });
  try {
    await Promise.race([connection.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function withoutSecret(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
