import { randomBytes } from "node:crypto";
import type { Random } from "./context.ts";

const POOL_BYTES = 8192;

/**
 * Cryptographically random bytes out of a larger draw: a job needs six small ones, and each call to the system's
 * generator costs as much as hundreds of bytes do. No byte is given out twice.
 */
export function pooledRandom(): Random {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  return (bytes) => {
    if (bytes > POOL_BYTES) return randomBytes(bytes);
    if (used + bytes > POOL_BYTES) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    const drawn = Buffer.from(pool.subarray(used, used + bytes));
    pool.fill(0, used, used + bytes);
    used += bytes;
    return drawn;
  };
}
