import Type from "typebox";
import { ParseError } from "../parse.ts";
import { Envelope } from "./dsse.ts";
import { strictJsonParser } from "./strict-json.ts";

export const BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
/** A bundle holds a statement of a few kilobytes; this leaves room and stops a reader early. */
export const MAX_BUNDLE_BYTES = 1_048_576;

/**
 * Sigstore bundle v0.3 signed with a plain key: what cosign, sigstore-go and @sigstore/verify read. The
 * schema is closed because sigstore-go refuses unknown fields, so we write and read none.
 */
export const Bundle = Type.Object(
  {
    mediaType: Type.Literal(BUNDLE_MEDIA_TYPE),
    verificationMaterial: Type.Object(
      { publicKey: Type.Object({ hint: Type.String() }, { additionalProperties: false }) },
      { additionalProperties: false },
    ),
    dsseEnvelope: Envelope,
  },
  { additionalProperties: false },
);
export type Bundle = Type.Static<typeof Bundle>;

/** Wraps an envelope; the key id doubles as the hint that names the verification key. */
export function sigstoreBundle(envelope: Envelope): Bundle {
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: envelope.signatures[0].keyid } },
    dsseEnvelope: envelope,
  };
}

const parse = strictJsonParser(Bundle, "Sigstore bundle", MAX_BUNDLE_BYTES);

/** Envelope inside the bytes of a bundle. Throws ParseError; checks no signature. */
export function parseBundle(bytes: Uint8Array): Envelope {
  const bundle = parse(bytes);
  if (bundle.verificationMaterial.publicKey.hint !== bundle.dsseEnvelope.signatures[0].keyid) {
    throw new ParseError("Sigstore bundle: its key hint and its signature name different keys");
  }
  return bundle.dsseEnvelope;
}
