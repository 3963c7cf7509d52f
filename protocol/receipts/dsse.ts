import { type KeyObject, sign, verify } from "node:crypto";
import Type from "typebox";
import type { SigningKey } from "../keys.ts";

/** DSSE envelope (secure-systems-lab/dsse v1.0.2) with exactly one signature. */
export const Envelope = Type.Object(
  {
    payload: Type.String(),
    payloadType: Type.String(),
    signatures: Type.Tuple([
      Type.Object({ keyid: Type.String(), sig: Type.String() }, { additionalProperties: false }),
    ]),
  },
  { additionalProperties: false },
);
export type Envelope = Type.Static<typeof Envelope>;

/** Why an envelope was refused: a stable code, and words for a person. */
export class EnvelopeError extends Error {
  override name = "EnvelopeError";
  readonly code: "other_type" | "bad_base64" | "bad_signature";

  constructor(code: EnvelopeError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** DSSE pre-authentication encoding: what the signature covers. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

/** Signs `payload` bytes as they are. */
export function signEnvelope(key: SigningKey, payloadType: string, payload: Uint8Array): Envelope {
  const sig = sign(null, preAuthEncoding(payloadType, payload), key.privateKey);
  return {
    payload: Buffer.from(payload).toString("base64"),
    payloadType,
    signatures: [{ keyid: key.keyId, sig: sig.toString("base64") }],
  };
}

/**
 * Verifies an envelope against one public key and returns the exact payload bytes that were signed.
 * Throws EnvelopeError for another payload type, base64 that is not canonical, or a wrong signature.
 */
export function openEnvelope(
  envelope: Envelope,
  publicKey: KeyObject,
  payloadType: string,
): Buffer {
  if (envelope.payloadType !== payloadType) {
    throw new EnvelopeError(
      "other_type",
      `payload type is ${envelope.payloadType}, expected ${payloadType}`,
    );
  }
  const payload = decodeBase64(envelope.payload, "payload");
  const sig = decodeBase64(envelope.signatures[0].sig, "signature");
  if (!verify(null, preAuthEncoding(payloadType, payload), publicKey, sig)) {
    throw new EnvelopeError(
      "bad_signature",
      "the signature does not match the content and the key",
    );
  }
  return payload;
}

/** Strict RFC 4648 §4 base64: padding present, no other characters, unused bits zero. */
export function decodeBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) {
    throw new EnvelopeError("bad_base64", `${what} is not canonical base64`);
  }
  return bytes;
}
