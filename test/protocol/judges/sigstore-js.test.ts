import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertBundleLatest,
  bundleFromJSON,
  bundleToJSON,
  isBundleWithDsseEnvelope,
  isBundleWithPublicKey,
} from "@sigstore/bundle";
import { toSignedEntity, VerificationError, Verifier } from "@sigstore/verify";
import type { SigningKey } from "../../../protocol/keys.ts";
import { ParseError } from "../../../protocol/parse.ts";
import { type Bundle, parseBundle, sigstoreBundle } from "../../../protocol/receipts/bundle.ts";
import type { Envelope } from "../../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import { keyFrom, manifestWith, nodeKey, signStatement, statementFor } from "../sample-answer.ts";

const envelope = signStatement(statementFor(manifestWith()));

/** What @sigstore/verify says; it looks at the signature only, not at text or predicate type. */
function judge(bundle: Bundle, key: SigningKey): void {
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (hint) => {
        assert.equal(hint, nodeKey.keyId);
        return { publicKey: key.publicKey, validFor: () => true };
      },
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
}

test("@sigstore/bundle reads our bundle as v0.3 with a key and an envelope", () => {
  const bundle = bundleFromJSON(sigstoreBundle(envelope));
  assertBundleLatest(bundle);
  assert.ok(isBundleWithPublicKey(bundle) && isBundleWithDsseEnvelope(bundle));
  assert.equal(bundle.verificationMaterial.content.publicKey.hint, nodeKey.keyId);
  const again = bundleToJSON(bundle) as unknown as { dsseEnvelope: Envelope };
  assert.deepEqual(again.dsseEnvelope, envelope);
});

test("@sigstore/verify accepts the receipt with the node's key", () => {
  judge(sigstoreBundle(envelope), nodeKey);
});

test("@sigstore/verify refuses another key and a changed payload", () => {
  const refused = (bundle: Bundle, key: SigningKey) =>
    assert.throws(
      () => judge(bundle, key),
      (error) => error instanceof VerificationError && error.code === "SIGNATURE_ERROR",
    );
  refused(sigstoreBundle(envelope), keyFrom("somebody else"));
  const payload = Buffer.from(envelope.payload, "base64");
  payload[20]! ^= 1;
  refused(sigstoreBundle({ ...envelope, payload: payload.toString("base64") }), nodeKey);
});

test("our own reader takes back what it wrote and nothing else", () => {
  const bundle = sigstoreBundle(envelope);
  assert.deepEqual(parseBundle(canonicalBytes(bundle)), envelope);
  const refused = (value: unknown, words: RegExp) =>
    assert.throws(
      () => parseBundle(canonicalBytes(value)),
      (error) => error instanceof ParseError && words.test(error.message),
    );
  refused({ ...bundle, mediaType: bundle.mediaType.replace("0.3", "0.2") }, /mediaType/);
  refused({ ...bundle, note: "x" }, /./);
  refused({ ...bundle, verificationMaterial: { publicKey: { hint: "x" } } }, /different keys/);
  const { signatures } = envelope;
  refused({ ...bundle, dsseEnvelope: { ...envelope, signatures: [] } }, /signatures/);
  refused(
    { ...bundle, dsseEnvelope: { ...envelope, signatures: [...signatures, ...signatures] } },
    /signatures/,
  );
});
