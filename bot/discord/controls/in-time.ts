import { setTimeout as delay } from "node:timers/promises";
import { PoolError } from "../../pool/errors.ts";

/** Discord waits three seconds for a form. */
const PATIENCE_MS = 1800;

/** What the pool says, or null where it takes too long or refuses. */
export async function inTime<T>(work: Promise<T>): Promise<T | null> {
  const known = work.catch((error: unknown) => {
    if (error instanceof PoolError) return null;
    throw error;
  });
  return Promise.race([known, delay(PATIENCE_MS, null, { ref: false })]);
}
