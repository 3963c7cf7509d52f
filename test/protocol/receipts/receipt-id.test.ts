import assert from "node:assert/strict";
import { test } from "node:test";
import { receiptId } from "../../../protocol/receipts/receipt-id.ts";

const envelope = (sig: string) => ({
  payload: "e30=",
  payloadType: "application/json",
  signatures: [{ keyid: "k", sig }] as [{ keyid: string; sig: string }],
});

test("a receipt id is the start of the base32 of the envelope's digest", () => {
  // From another program: printf '<canonical JSON>' | openssl dgst -sha256 -binary | base32 | cut -c1-10
  assert.equal(receiptId(envelope("AAAA")), "uoonkg4e7w");
});

test("it does not depend on the order of keys and changes with any of them", () => {
  const { payload, payloadType, signatures } = envelope("AAAA");
  assert.equal(receiptId({ signatures, payloadType, payload }), receiptId(envelope("AAAA")));
  assert.notEqual(receiptId(envelope("AAAB")), receiptId(envelope("AAAA")));
});
