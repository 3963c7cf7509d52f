import { createHash } from "node:crypto";
import type { ChatMessage } from "../wire/primitives.ts";
import { canonicalBytes } from "./jcs.ts";

/** SHA-256 as lower-case hexadecimal. */
export function sha256Hex(...parts: (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/**
 * Commitment to a sampler seed, published before the job is assigned so that neither the node nor the asker
 * can choose the noise. Binds the job id. `seed`: 64 hexadecimal digits.
 */
export function seedCommitment(jobId: string, seed: string): string {
  return sha256Hex("substrate/seed/v1\0", jobId, "\0", Buffer.from(seed, "hex"));
}

/**
 * Commitment to the conversation a node was given; salted, because short prompts can be guessed.
 * `salt`: 64 hexadecimal digits, given to the asker with the receipt.
 */
export function promptCommitment(salt: string, messages: readonly ChatMessage[]): string {
  return sha256Hex("substrate/prompt/v1\0", Buffer.from(salt, "hex"), canonicalBytes(messages));
}

/** The system message of a conversation: what the model's makers advise, then what the place asks for. */
export function systemMessage(model: string | null, place: string | null): string | null {
  const parts = [model, place].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("\n\n");
}

/**
 * True when the conversation begins with a system message that is, or ends in, the instructions with this
 * SHA-256 (systemPromptDigest). `longest`: UTF-16 units that instructions have at most.
 */
export function holdsInstructions(
  messages: readonly ChatMessage[],
  digest: string,
  longest = 8_000,
): boolean {
  const [first] = messages;
  if (first?.role !== "system") return false;
  const { content } = first;
  if (sha256Hex(content) === digest) return true;
  for (let at = content.length; ; ) {
    at = content.lastIndexOf("\n\n", at - 1);
    if (at < 0 || content.length - at > longest) return false;
    if (sha256Hex(content.slice(at + 2)) === digest) return true;
    if (at === 0) return false;
  }
}

/** Digest of token ids: SHA-256 over unsigned 32-bit little-endian integers. */
export function tokenIdsDigest(tokenIds: Uint32Array): string {
  return sha256Hex(tokenIdsToBytes(tokenIds));
}

/** Token ids as unsigned 32-bit little-endian bytes, whatever the machine's own order. */
export function tokenIdsToBytes(tokenIds: Uint32Array): Buffer {
  const bytes = Buffer.alloc(tokenIds.length * 4);
  for (let i = 0; i < tokenIds.length; i++) bytes.writeUInt32LE(tokenIds[i] as number, i * 4);
  return bytes;
}

/** The reverse of tokenIdsToBytes. Throws RangeError unless the length is a multiple of four. */
export function tokenIdsFromBytes(bytes: Uint8Array): Uint32Array {
  if (bytes.length % 4 !== 0) throw new RangeError("token ids take four bytes each");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, true));
}

/**
 * Public log leaf of an answer: a salted commitment to its receipt envelopes, so that text and receipts can
 * be erased and the log still verifies. `salt`: 64 hexadecimal digits; `envelopes`: their stored JSON bytes.
 */
export function answerLeaf(salt: string, envelopes: readonly Uint8Array[]): string {
  const set = sha256Hex(...envelopes.map((envelope) => Buffer.from(sha256Hex(envelope), "hex")));
  return sha256Hex("substrate/leaf/answer/v1\0", Buffer.from(salt, "hex"), Buffer.from(set, "hex"));
}
