import { hash } from "node:crypto";

/** SHA-256 works on blocks of 64 bytes (FIPS 180-4 §5.2.1); HMAC pads its key to one block (RFC 2104 §2). */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const MESSAGE_BYTES = 8;

/** Gumbel noise of a candidate: a pure function of the job's seed, the position and the token id. */
export type Noise = (position: number, tokenId: number) => number;

/**
 * Counter-based Gumbel noise of one job. For (position, token id):
 *
 *   h = HMAC-SHA256(seed, position as u32le ‖ token id as u32le)
 *   n = the first 8 bytes of h, little-endian, shifted right by 11     (53 bits: exact in a double)
 *   u = (n + ½) / 2^53                                                 (open interval: 0 and 1 never occur)
 *   noise = -ln(-ln u)
 *
 * Adding it to log-probabilities and taking the greatest draws from the distribution itself (Gumbel-max),
 * and whoever knows the seed can recompute any position alone. `seed`: 64 hexadecimal digits.
 * The HMAC is written out over two buffers made once: `createHmac` costs five times as much per candidate.
 */
export function seededNoise(seed: string): Noise {
  if (!/^[0-9a-f]{64}$/.test(seed)) throw new TypeError("a seed is 64 hexadecimal digits");
  const key = Buffer.from(seed, "hex");
  const inner = Buffer.alloc(BLOCK_BYTES + MESSAGE_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  for (let i = 0; i < BLOCK_BYTES; i++) {
    inner[i] = (key[i] ?? 0) ^ 0x36;
    outer[i] = (key[i] ?? 0) ^ 0x5c;
  }
  return (position, tokenId) => {
    inner.writeUInt32LE(position, BLOCK_BYTES);
    inner.writeUInt32LE(tokenId, BLOCK_BYTES + 4);
    hash("sha256", inner, "buffer").copy(outer, BLOCK_BYTES);
    return gumbel(uniform(hash("sha256", outer, "buffer")));
  };
}

/** 53 bits of a digest as a number in the open interval (0, 1). */
function uniform(digest: Buffer): number {
  const low = digest.readUInt32LE(0) >>> 11;
  const high = digest.readUInt32LE(4);
  // high · 2^21 + low = the 64-bit little-endian value >> 11. The half keeps 0 out; where it would round
  // the largest value up to 1, the value below 1 that doubles have is taken.
  return Math.min((high * 2 ** 21 + low + 0.5) / 2 ** 53, 1 - 2 ** -53);
}

function gumbel(u: number): number {
  return -Math.log(-Math.log(u));
}
