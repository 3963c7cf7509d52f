import { connectRedis, type RedisConnection } from "../queue/redis.ts";

/** A limit that waits longer than this costs more than it protects. */
const ANSWER_MS = 250;

/** A connection for counting rates only: it fails at once while Redis is away, where the queue's would wait. */
export function connectRateRedis(
  url: string,
  onError: (error: Error) => void,
): Promise<RedisConnection> {
  return connectRedis(url, onError, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
    // Questions come one to a socket; those that came together are counted together.
    leaving: "turn",
  });
}
