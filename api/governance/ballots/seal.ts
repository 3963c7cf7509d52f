import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { SigningKey } from "../../../protocol/keys.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import type { Choice } from "../../../protocol/wire/governance.ts";
import type { Random } from "../../context.ts";

/** What a ballot holds. */
export interface BallotContent {
  readonly choice: Choice;
  readonly reason: string | null;
}

/** What a sealed ballot is bound to: under another poll, text or set of rules it does not open. */
export interface SealContext {
  readonly poll: string;
  readonly revision: number;
  readonly rulesDigest: string;
}

/** Every sealed ballot has this many bytes before encryption, whatever it says. */
const PLAIN_BYTES = 4096;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a key of this poll alone, derived (HKDF, RFC 5869) from the pool's own key, which only the api
 * holds. Whoever runs the api could open ballots; the card says so.
 */
export function seal(
  key: SigningKey,
  context: SealContext,
  content: BallotContent,
  random: Random,
): Buffer {
  const text = canonicalBytes(content);
  if (text.length > PLAIN_BYTES - 2) throw new RangeError("a ballot is longer than it can be");
  const plain = Buffer.alloc(PLAIN_BYTES);
  plain.writeUInt16BE(text.length);
  text.copy(plain, 2);
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", pollKey(key, context), nonce);
  cipher.setAAD(canonicalBytes(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens a sealed ballot. Throws where key, poll, revision or rules are others, or a byte was changed. */
export function unseal(key: SigningKey, context: SealContext, sealed: Uint8Array): BallotContent {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv(
    "aes-256-gcm",
    pollKey(key, context),
    bytes.subarray(0, NONCE_BYTES),
  );
  decipher.setAAD(canonicalBytes(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = Buffer.concat([
    decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
    decipher.final(),
  ]);
  const length = plain.readUInt16BE();
  return JSON.parse(plain.subarray(2, 2 + length).toString("utf8")) as BallotContent;
}

function pollKey({ privateKey }: SigningKey, { poll }: SealContext): Buffer {
  const secret = privateKey.export({ type: "pkcs8", format: "der" });
  return Buffer.from(hkdfSync("sha256", secret, poll, "substrate sealed ballots v1", 32));
}
