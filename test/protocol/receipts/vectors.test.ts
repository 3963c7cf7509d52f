import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { publicKeyFromRaw, publicKeyToRaw } from "../../../protocol/keys.ts";
import {
  decodeBase64,
  EnvelopeError,
  openEnvelope,
  preAuthEncoding,
} from "../../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import { parseStrictJson } from "../../../protocol/receipts/strict-json.ts";

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../protocol/vectors/${name}`, import.meta.url), "utf8"));

interface Wycheproof {
  groups: {
    pk: string;
    tests: { id: number; msg: string; sig: string; result: string; comment: string }[];
  }[];
}

test("Wycheproof: all 151 Ed25519 signatures are judged as they should be", () => {
  let judged = 0;
  for (const { pk, tests } of (vectors("ed25519-wycheproof.json") as Wycheproof).groups) {
    const key = publicKeyFromRaw(Buffer.from(pk, "hex"));
    assert.equal(publicKeyToRaw(key).toString("hex"), pk);
    for (const { id, msg, sig, result, comment } of tests) {
      const valid = verify(null, Buffer.from(msg, "hex"), key, Buffer.from(sig, "hex"));
      assert.equal(valid, result === "valid", `case ${id} (${comment})`);
      judged++;
    }
  }
  assert.equal(judged, 151);
});

test("Wycheproof: a signature over other bytes never opens an envelope, and no bad length throws otherwise", () => {
  // The vectors sign plain messages, not DSSE's encoding: each of them must be refused, none may crash.
  for (const { pk, tests } of (vectors("ed25519-wycheproof.json") as Wycheproof).groups) {
    const key = publicKeyFromRaw(Buffer.from(pk, "hex"));
    for (const { msg, sig } of tests) {
      const envelope = {
        payload: Buffer.from(msg, "hex").toString("base64"),
        payloadType: "text/plain",
        signatures: [{ keyid: "", sig: Buffer.from(sig, "hex").toString("base64") }] as [
          { keyid: string; sig: string },
        ],
      };
      assert.throws(() => openEnvelope(envelope, key, "text/plain"), EnvelopeError);
    }
  }
});

test("DSSE: the pre-authentication encoding is the specification's, and its signature holds over it", () => {
  const { payloadType, body, pae, x_dec, y_dec, envelope } = vectors("dsse.json");
  const encoded = preAuthEncoding(payloadType, Buffer.from(body, "utf8"));
  assert.equal(encoded.toString("utf8"), pae);
  const payload = decodeBase64(envelope.payload, "payload");
  assert.equal(payload.toString("utf8"), body);
  const coordinate = (decimal: string) =>
    Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url");
  const key = createPublicKey({
    format: "jwk",
    key: { kty: "EC", crv: "P-256", x: coordinate(x_dec), y: coordinate(y_dec) },
  });
  const sig = decodeBase64(envelope.signatures[0].sig, "signature");
  const holds = (bytes: Buffer) => verify("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }, sig);
  assert.equal(holds(preAuthEncoding(envelope.payloadType, payload)), true);
  assert.equal(holds(preAuthEncoding(`${envelope.payloadType}x`, payload)), false);
});

test("DSSE: lengths count bytes, not characters", () => {
  assert.equal(
    preAuthEncoding("té", Buffer.from("ö€", "utf8")).toString("utf8"),
    "DSSEv1 3 té 5 ö€",
  );
  assert.equal(preAuthEncoding("", Buffer.alloc(0)).toString("utf8"), "DSSEv1 0  0 ");
});

for (const { name, input_utf8, output_hex } of vectors("jcs-rfc8785.json").cases) {
  test(`RFC 8785: ${name}`, () => {
    const value = parseStrictJson(Buffer.from(input_utf8, "utf8"), 100_000);
    assert.equal(canonicalBytes(value).toString("hex"), output_hex);
  });
}
