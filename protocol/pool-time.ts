import type { KeyObject } from "node:crypto";
import Type from "typebox";
import type { SigningKey } from "./keys.ts";
import { jsonParser, ParseError } from "./parse.ts";
import { type Envelope, EnvelopeError, openEnvelope, signEnvelope } from "./receipts/dsse.ts";
import { canonicalBytes } from "./receipts/jcs.ts";
import { EpochMs } from "./wire/primitives.ts";

/** DSSE payload type of the time a pool tells. */
export const POOL_TIME_PAYLOAD_TYPE = "application/vnd.the-substrate.pool-time+json";

/** Question to a pool for its time: 256 fresh random bits, hexadecimal. Without it an old answer could be told again. */
export const TimeNonce = Type.String({ pattern: "^[0-9a-f]{64}$" });

const PoolTime = Type.Object({ nonce: TimeNonce, now: EpochMs }, { additionalProperties: false });
const parsePoolTime = jsonParser(PoolTime, "pool's time");

/** The pool's answer to `nonce`. `now`: milliseconds since the Unix epoch. */
export function signPoolTime(key: SigningKey, nonce: string, now: number): Envelope {
  return signEnvelope(key, POOL_TIME_PAYLOAD_TYPE, canonicalBytes({ nonce, now }));
}

/**
 * The time that a pool told in answer to `nonce`, milliseconds since the Unix epoch. Throws ParseError for what
 * another key signed, or what answers another question.
 */
export function readPoolTime(envelope: Envelope, publicKey: KeyObject, nonce: string): number {
  try {
    const payload = openEnvelope(envelope, publicKey, POOL_TIME_PAYLOAD_TYPE);
    const told = parsePoolTime(payload.toString("utf8"));
    if (told.nonce !== nonce) throw new ParseError("pool's time: it answers another question");
    return told.now;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw new ParseError(`pool's time: ${error.message}`);
  }
}
