import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { canonicalFile, receiptLeaf } from "../../../protocol/export/pack.ts";
import { PACK, PACK_NAMES } from "../../../protocol/export/pack-files.ts";
import { publicKeyToPem } from "../../../protocol/keys.ts";
import { sigstoreBundle } from "../../../protocol/receipts/bundle.ts";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { VerifyLine } from "../../../protocol/verify/lines.ts";
import { verifyPack } from "../../../protocol/verify/verify.ts";
import {
  bom,
  keyFrom,
  leafSalt,
  manifestWith,
  samplePack,
  signManifest,
  signStatement,
  statementFor,
} from "../sample-answer.ts";

const failing = (lines: VerifyLine[]) => [
  ...new Set(lines.filter(({ state }) => state === "fails").map(({ file }) => file)),
];
/** The export with some files replaced. */
const packWith = (changes: Record<string, Uint8Array>) =>
  new Map([...samplePack(), ...Object.entries(changes)]);
const saltsOf = (pack: Map<string, Uint8Array>) =>
  JSON.parse(Buffer.from(pack.get(PACK.salts)!).toString("utf8"));

/** Random bytes that are the same in every run: SHA-256 of a counter. */
function* seededBytes(word: string): Generator<number, never> {
  for (let n = 0; ; n++) yield* createHash("sha256").update(`${word} ${n}`).digest();
}

test("of an untouched export nothing fails, each file holds, and the limits are said", () => {
  const lines = verifyPack(samplePack());
  assert.deepEqual(failing(lines), []);
  for (const name of PACK_NAMES) {
    assert.ok(
      lines.some(({ file, state }) => file === name && state === "holds"),
      `nothing holds about ${name}`,
    );
  }
  const unknowable = lines.filter(({ file }) => file === "");
  assert.ok(unknowable.length >= 8);
  assert.ok(unknowable.every(({ state }) => state === "not checked"));
  assert.ok(lines.every(({ text }) => !/\bverified\b/i.test(text)));
});

for (const name of PACK_NAMES) {
  test(`a changed byte in ${name} is named`, () => {
    const pack = samplePack();
    const original = pack.get(name)!;
    const random = seededBytes(name);
    // Each byte at least once; the few small files several times over.
    const rounds = Math.ceil(600 / original.length);
    for (let n = 0; n < rounds * original.length; n++) {
      const changed = Buffer.from(original);
      const at = n % original.length;
      const bits = n < original.length ? 1 << (random.next().value & 7) : random.next().value;
      if (bits === 0) continue;
      changed[at]! ^= bits;
      const blamed = failing(verifyPack(new Map(pack).set(name, changed)));
      assert.deepEqual(blamed, [name], `byte ${at} ^ ${bits}`);
    }
  });

  test(`${name} cut short, made longer, emptied or missing is named`, () => {
    const original = samplePack().get(name)!;
    for (const changed of [
      original.subarray(0, -1),
      original.subarray(1),
      Buffer.concat([original, Buffer.from("\n")]),
      Buffer.concat([original, Buffer.from([0])]),
      Buffer.concat([Buffer.from("\uFEFF"), original]),
      Buffer.from(Buffer.from(original).toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
      Buffer.alloc(0),
    ]) {
      if (Buffer.from(changed).equals(original)) continue;
      assert.deepEqual(failing(verifyPack(packWith({ [name]: changed }))), [name]);
    }
    const without = samplePack();
    without.delete(name);
    const lines = verifyPack(without);
    assert.deepEqual(failing(lines), [name]);
    assert.match(lines.find(({ file }) => file === name)!.text, /^Missing/);
  });
}

test("two changed files are both named", () => {
  const pack = samplePack();
  for (const name of [PACK.answer, PACK.bom]) {
    const changed = Buffer.from(pack.get(name)!);
    changed[0]! ^= 1;
    pack.set(name, changed);
  }
  assert.deepEqual(failing(verifyPack(pack)), [PACK.answer, PACK.bom]);
});

test("where the receipt does not hold, nothing is blamed or cleared by it", () => {
  const lines = verifyPack(packWith({ [PACK.receipt]: Buffer.from("{}\n") }));
  const aboutText = lines.filter(({ file }) => file === PACK.answer);
  assert.deepEqual(
    aboutText.map(({ state }) => state),
    ["not checked"],
  );
});

test("an extra file is pointed out and is not part of the export", () => {
  const lines = verifyPack(packWith({ "notes.txt": Buffer.from("mine") }));
  assert.deepEqual(failing(lines), []);
  assert.deepEqual(
    lines.filter(({ file }) => file === "notes.txt"),
    [{ file: "notes.txt", state: "not checked", text: "Not part of the export; not read." }],
  );
});

test("an order that belongs to another job fails against the receipt", () => {
  const other = manifestWith({ nonce: "f".repeat(32) });
  const blamed = failing(
    verifyPack(packWith({ [PACK.manifest]: canonicalFile(signManifest(other)) })),
  );
  assert.deepEqual(blamed, [PACK.receipt, PACK.manifest]);
});

test("a node that did not obey the order is caught although both signatures hold", () => {
  const manifest = manifestWith();
  const statement = statementFor(manifest);
  statement.predicate.model = { sha256: sha256Hex("smaller weights") };
  const lines = verifyPack(samplePack(manifest, statement));
  assert.ok(failing(lines).includes(PACK.receipt));
  assert.ok(lines.some(({ text }) => text.includes("receipt names model file")));
});

test("keys of somebody else are named", () => {
  for (const name of [PACK.nodeKey, PACK.poolKey]) {
    const pem = Buffer.from(publicKeyToPem(keyFrom("somebody else").publicKey));
    assert.deepEqual(failing(verifyPack(packWith({ [name]: pem }))), [name]);
  }
});

test("a receipt made by another key, with that key beside it, fails against the order", () => {
  const stranger = keyFrom("somebody else");
  const statement = statementFor(manifestWith());
  statement.predicate.node = stranger.keyId;
  const lines = verifyPack(
    packWith({
      [PACK.receipt]: canonicalFile(sigstoreBundle(signStatement(statement, stranger))),
      [PACK.nodeKey]: Buffer.from(publicKeyToPem(stranger.publicKey)),
    }),
  );
  assert.ok(failing(lines).includes(PACK.receipt));
  assert.ok(lines.some(({ state, text }) => state === "fails" && /\bnode differs\b/.test(text)));
});

test("salts that do not open what was committed to are named", () => {
  const salts = saltsOf(samplePack());
  const other = sha256Hex("other");
  const receipt = signStatement(statementFor(manifestWith()));
  assert.equal(salts.leaf, receiptLeaf(leafSalt, receipt));
  for (const change of [
    { promptSalt: other },
    { leafSalt: other },
    { leaf: other },
    { seed: other },
    { jobId: "0190b0c4-7d7e-7c3a-9f00-0123456789ac" },
  ]) {
    const changed = canonicalFile({ ...salts, ...change });
    assert.deepEqual(failing(verifyPack(packWith({ [PACK.salts]: changed }))), [PACK.salts]);
  }
});

test("a pool that did not keep to its own seed commitment is named", () => {
  const manifest = manifestWith({ seed: sha256Hex("a seed chosen later") });
  assert.deepEqual(failing(verifyPack(samplePack(manifest))), [PACK.manifest]);
});

test("a lineage record about another model is named even when its digest was signed", () => {
  const other = canonicalFile({
    ...JSON.parse(bom.toString("utf8")),
    metadata: { component: { hashes: [{ alg: "SHA-256", content: sha256Hex("other") }] } },
  });
  const pack = samplePack(manifestWith({ lineageDigest: sha256Hex(other) }));
  assert.deepEqual(failing(verifyPack(pack.set(PACK.bom, other))), [PACK.bom]);
});

test("the same content written differently is named", () => {
  for (const name of [PACK.receipt, PACK.manifest, PACK.salts]) {
    const value = JSON.parse(Buffer.from(samplePack().get(name)!).toString("utf8"));
    const pretty = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
    assert.deepEqual(failing(verifyPack(packWith({ [name]: pretty }))), [name]);
  }
});
