import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkReceipt,
  type ReceiptInput,
  ReceiptRefused,
} from "../../../protocol/receipts/check-receipt.ts";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { signEnvelope } from "../../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import {
  type GenerateStatement,
  STATEMENT_PAYLOAD_TYPE,
} from "../../../protocol/receipts/statement.ts";
import {
  answer,
  keyFrom,
  manifestWith,
  nodeKey,
  poolKey,
  signStatement,
  statementFor,
  tokenIds,
} from "../sample-answer.ts";

const manifest = manifestWith();

function input(changes: Partial<ReceiptInput> = {}): ReceiptInput {
  return {
    envelope: signStatement(statementFor(manifest)),
    nodePublicKey: nodeKey.publicKey,
    manifest,
    manifestPayload: canonicalBytes(manifest),
    poolKeyId: poolKey.keyId,
    answer,
    tokenIds,
    ...changes,
  };
}

/** A receipt that says something else, properly signed by the node. */
function saying(change: (statement: GenerateStatement) => void): ReceiptInput {
  const statement = structuredClone(statementFor(manifest));
  change(statement);
  return input({ envelope: signStatement(statement) });
}

function refusedAs(code: string, given: ReceiptInput, words: RegExp = /./): void {
  assert.throws(
    () => checkReceipt(given),
    (error) => {
      assert.ok(error instanceof ReceiptRefused, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
      return true;
    },
  );
}

test("an honest receipt passes, and its rows say what was and what was not checked", () => {
  const { statement, checks } = checkReceipt(input());
  assert.deepEqual(statement, statementFor(manifest));
  const passed = checks.filter(({ state }) => state === "passed").map(({ id }) => id);
  assert.deepEqual(passed, [
    "signature",
    "job",
    "pool",
    "model",
    "settings",
    "seed",
    "prompt",
    "lineage",
    "rules",
    "checkpoint",
    "memory",
    "order",
    "text",
    "tokens",
  ]);
  const rest = checks.filter(({ state }) => state !== "passed");
  assert.ok(rest.every(({ state, detail }) => state === "not run" && detail.length > 20));
  assert.deepEqual(
    rest.map(({ id }) => id),
    [
      "rescored",
      "seed-margin",
      "log-inclusion",
      "node-word",
      "node-owner",
      "training-data",
      "deletion",
      "truth",
    ],
  );
  assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
});

test("an engine that cannot be re-scored is said to be one", () => {
  const { checks } = checkReceipt(
    saying(({ predicate }) => {
      predicate.engine = { ...predicate.engine, name: "echo", auditable: false };
    }),
  );
  assert.match(checks.find(({ id }) => id === "rescored")!.detail, /“echo” cannot be re-scored/);
});

test("a receipt for another text is refused, down to one byte", () => {
  const changed = Buffer.from(answer);
  changed[3]! ^= 1;
  refusedAs("wrong_text", input({ answer: changed }), new RegExp(sha256Hex(changed)));
  refusedAs("wrong_text", input({ answer: Buffer.concat([answer, Buffer.from("\n")]) }));
});

test("a receipt for another job, attempt, nonce, expiry or node is refused", () => {
  const others = {
    jobId: "0190b0c4-7d7e-7c3a-9f00-0123456789ac",
    attempt: 2,
    nonce: "ffffffffffffffffffffffffffffffff",
    expiresAt: 1_795_000_300_001,
    node: keyFrom("another node").keyId,
  };
  for (const [name, value] of Object.entries(others)) {
    const other = manifestWith({ [name]: value });
    const given = input({ manifest: other, manifestPayload: canonicalBytes(other) });
    refusedAs("wrong_job", given, new RegExp(name));
  }
});

test("each field that the order fixes has its own refusal", () => {
  const digest = sha256Hex("something else");
  const cases: [string, (predicate: GenerateStatement["predicate"]) => void][] = [
    ["wrong_pool", (p) => (p.pool = keyFrom("another pool").keyId)],
    ["wrong_model", (p) => (p.model.sha256 = digest)],
    ["wrong_settings", (p) => (p.sampler = { ...p.sampler, topK: p.sampler.topK + 1 })],
    ["wrong_settings", (p) => (p.maxTokens += 1)],
    ["wrong_seed", (p) => (p.seedCommitment = digest)],
    ["wrong_prompt", (p) => (p.promptCommitment = digest)],
    ["wrong_lineage", (p) => (p.lineageDigest = digest)],
    ["wrong_rules", (p) => (p.rulesetDigest = digest)],
    ["wrong_checkpoint", (p) => (p.checkpoint = { origin: "a log", size: 1, root: digest })],
    ["wrong_memory", (p) => (p.memory = [digest])],
    ["wrong_manifest", (p) => (p.manifest = digest)],
    ["wrong_tokens", (p) => (p.tokens.sha256 = digest)],
    ["wrong_tokens", (p) => (p.tokens.count -= 1)],
    ["wrong_tokens", (p) => (p.usage.completionTokens += 1)],
  ];
  for (const [code, change] of cases)
    refusedAs(
      code,
      saying((s) => change(s.predicate)),
    );
});

test("other token ids than those signed are refused", () => {
  refusedAs("wrong_tokens", input({ tokenIds: tokenIds.slice(1) }));
  refusedAs("wrong_tokens", input({ tokenIds: tokenIds.toReversed() }));
});

test("more tokens than ordered are refused", () => {
  const small = manifestWith({ maxTokens: tokenIds.length - 1 });
  const given = input({
    manifest: small,
    manifestPayload: canonicalBytes(small),
    envelope: signStatement(statementFor(small)),
  });
  refusedAs("wrong_settings", given, /above the limit/);
});

test("a receipt signed with another key is refused, whatever key it names", () => {
  const other = keyFrom("another node");
  refusedAs("wrong_key", input({ envelope: signStatement(statementFor(manifest), other) }));
  const named = signStatement(statementFor(manifest), { ...other, keyId: nodeKey.keyId });
  refusedAs("signature_invalid", input({ envelope: named }));
  refusedAs("wrong_key", input({ nodePublicKey: other.publicKey }));
  refusedAs(
    "wrong_key",
    saying(({ predicate }) => {
      predicate.node = other.keyId;
    }),
  );
});

test("a receipt of another role is refused as that", () => {
  const verify = {
    ...statementFor(manifest),
    predicateType: "https://the-substrate.example/receipt/verify/v1",
    predicate: { role: "verify" },
  };
  refusedAs("wrong_role", input({ envelope: signStatement(verify) }), /receipt\/verify\/v1/);
});

test("a receipt in another form is refused as malformed", () => {
  const statement = statementFor(manifest);
  const raw = (bytes: Buffer | string, type = STATEMENT_PAYLOAD_TYPE) =>
    input({ envelope: signEnvelope(nodeKey, type, Buffer.from(bytes as string)) });
  const text = canonicalBytes(statement).toString("utf8");
  refusedAs("malformed", raw("[]"));
  refusedAs("malformed", raw("not json"), /not JSON/);
  refusedAs("malformed", raw(text, "application/json"), /not an in-toto statement/);
  refusedAs("malformed", raw(`${text}\n`), /canonical form/);
  refusedAs("malformed", raw(JSON.stringify(statement, null, 1)), /canonical form/);
  refusedAs("malformed", raw(text.replace('"role":', '"role":"generate","role":')), /twice/);
  refusedAs("malformed", raw(text.replace('"role":', '"member":"x","role":')));
  refusedAs("malformed", raw(text.replace('"prefill":20', '"prefill":20.5')));
  refusedAs("malformed", raw(text.replace('"prefill":20', `"prefill":"${"9".repeat(70_000)}"`)));
  const twoSubjects = { ...statement, subject: [statement.subject[0], statement.subject[0]] };
  refusedAs("malformed", input({ envelope: signStatement(twoSubjects) }));
});

test("base64 has one spelling: padding, alphabet and unused bits are strict", () => {
  const { payload, signatures, ...rest } = signStatement(statementFor(manifest));
  const { keyid, sig } = signatures[0];
  assert.match(sig, /==$/);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = alphabet[alphabet.indexOf(sig.at(-3)!) + 1]!;
  for (const spelling of [
    sig.slice(0, -2),
    `${sig.slice(0, -3)}${last}==`,
    ` ${sig}`,
    `${sig}\n`,
    `${sig.slice(0, -1)}`,
  ]) {
    refusedAs(
      "malformed",
      input({ envelope: { ...rest, payload, signatures: [{ keyid, sig: spelling }] } }),
    );
  }
  refusedAs("malformed", input({ envelope: { ...rest, payload: `${payload}=`, signatures } }));
  refusedAs(
    "signature_invalid",
    input({ envelope: { ...rest, payload, signatures: [{ keyid, sig: "" }] } }),
  );
});
