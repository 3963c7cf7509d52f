import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import {
  answerLeaf,
  promptCommitment,
  seedCommitment,
  sha256Hex,
  tokenIdsDigest,
  tokenIdsFromBytes,
  tokenIdsToBytes,
} from "../../../protocol/receipts/commitments.ts";
import { decodeBase64, EnvelopeError } from "../../../protocol/receipts/dsse.ts";
import type { ChatMessage } from "../../../protocol/wire/primitives.ts";

const hex32 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((b) => Buffer.from(b).toString("hex"));
const tokens = fc.uint32Array({ maxLength: 200 });
const message: fc.Arbitrary<ChatMessage> = fc.record({
  role: fc.constantFrom("system", "user", "assistant"),
  content: fc.string({ unit: "grapheme" }),
});
const messages = fc.array(message, { minLength: 1, maxLength: 6 });

/** Different inputs give different digests, equal inputs the same. */
function binds<T>(arbitrary: fc.Arbitrary<T>, digest: (value: T) => string): void {
  fc.assert(
    fc.property(arbitrary, arbitrary, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      assert.equal(digest(one) === digest(other), same);
      assert.match(digest(one), /^[0-9a-f]{64}$/);
      assert.equal(digest(structuredClone(one)), digest(one));
    }),
  );
}

test("token ids survive the way to bytes and back, at any offset in a buffer", () => {
  fc.assert(
    fc.property(tokens, fc.nat(7), (ids, offset) => {
      const bytes = tokenIdsToBytes(ids);
      const moved = Buffer.alloc(bytes.length + offset);
      bytes.copy(moved, offset);
      assert.deepEqual(tokenIdsFromBytes(moved.subarray(offset)), ids);
    }),
  );
  assert.equal(
    tokenIdsToBytes(Uint32Array.from([1, 0xa0b0c0d0])).toString("hex"),
    "01000000d0c0b0a0",
  );
});

test("token bytes that are cut are refused", () => {
  for (const length of [1, 2, 3, 5]) {
    assert.throws(() => tokenIdsFromBytes(Buffer.alloc(length)), RangeError);
  }
});

test("the token digest binds every id and their order", () => {
  binds(
    tokens.map((ids) => [...ids]),
    (ids) => tokenIdsDigest(Uint32Array.from(ids)),
  );
});

test("a seed commitment binds seed and job", () => {
  binds(fc.tuple(fc.uuid(), hex32), ([job, seed]) => seedCommitment(job, seed));
});

test("a prompt commitment binds salt, roles, texts and their order", () => {
  binds(fc.tuple(hex32, messages), ([salt, all]) => promptCommitment(salt, all));
  const salt = sha256Hex("salt");
  const user = (content: string): ChatMessage => ({ role: "user", content });
  assert.notEqual(
    promptCommitment(salt, [user("a"), user("b")]),
    promptCommitment(salt, [user('a"},{"role":"user","content":"b')]),
  );
});

test("an answer leaf binds salt, every envelope and their borders", () => {
  const envelopes = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
  binds(fc.tuple(hex32, envelopes), ([salt, all]) =>
    answerLeaf(
      salt,
      all.map((text) => Buffer.from(text)),
    ),
  );
  const salt = sha256Hex("salt");
  const leaf = (...all: string[]) =>
    answerLeaf(
      salt,
      all.map((text) => Buffer.from(text)),
    );
  assert.notEqual(leaf("ab", "c"), leaf("a", "bc"));
});

test("the three commitments never meet: each has its own domain", () => {
  const salt = Buffer.alloc(32);
  const plain = createHash("sha256").update(salt).digest("hex");
  const digests = [
    seedCommitment("", salt.toString("hex")),
    promptCommitment(salt.toString("hex"), []),
    answerLeaf(salt.toString("hex"), []),
    plain,
  ];
  assert.equal(new Set(digests).size, digests.length);
});

test("base64 is read in one spelling only", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = Buffer.from(bytes).toString("base64");
      assert.deepEqual(new Uint8Array(decodeBase64(text, "x")), new Uint8Array(bytes));
      for (const other of [`${text}\n`, ` ${text}`, `${text}=`, text.replace(/=+$/, "-")]) {
        if (other !== text) assert.throws(() => decodeBase64(other, "x"), EnvelopeError);
      }
    }),
  );
  for (const text of ["QQ", "QQ=", "QR==", "QUI", "QUJ=", "_-8=", "Q Q=="]) {
    assert.throws(() => decodeBase64(text, "x"), /x is not canonical base64/);
  }
});
