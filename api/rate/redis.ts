import { Redis } from "ioredis";

/** A limit that waits longer than this costs more than it protects. */
const ANSWER_MS = 250;

/**
 * A connection for counting rates only: it fails at once while Redis is away, where the queue's would wait. Does
 * not reject; the queue's connection tells of a Redis that cannot be reached.
 */
export async function connectRateRedis(
  url: string,
  onError: (error: Error) => void,
): Promise<Redis> {
  const connection = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
    // Counts of one request go out together.
    enableAutoPipelining: true,
  });
  connection.on("error", onError);
  await connection.connect().catch(() => {});
  return connection;
}
