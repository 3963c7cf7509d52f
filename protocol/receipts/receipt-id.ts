import { createHash } from "node:crypto";
import type { Envelope } from "./dsse.ts";
import { canonicalBytes } from "./jcs.ts";

/** RFC 4648 §6 in lower case: no 0, 1, 8 or 9, so an id can be read out. */
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const LENGTH = 10;

/**
 * Short name of a receipt for people: the first ten base32 characters (50 bits) of SHA-256 over the
 * envelope's canonical JSON. It finds a receipt; it does not replace comparing the full digest.
 */
export function receiptId(envelope: Envelope): string {
  const digest = createHash("sha256").update(canonicalBytes(envelope)).digest();
  let id = "";
  for (let bit = 0; id.length < LENGTH; bit += 5) {
    const window = digest.readUInt16BE(bit >> 3);
    id += BASE32[(window >> (11 - (bit & 7))) & 31];
  }
  return id;
}
