// The instructions of the place a question was asked in: in the conversation, in the order and in the receipt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkReceipt } from "../../../protocol/receipts/check-receipt.ts";
import {
  holdsInstructions,
  promptCommitment,
  sha256Hex,
  systemMessage,
} from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import type { JobManifest } from "../../../protocol/receipts/manifest.ts";
import type { ChatMessage } from "../../../protocol/wire/primitives.ts";
import {
  answer,
  manifestWith,
  nodeKey,
  poolKey,
  promptSalt,
  signStatement,
  statementFor,
  tokenIds,
} from "../sample-answer.ts";

const PLACE = "Answer like a pirate.\n\nBe brief.";
const user: ChatMessage = { role: "user", content: "Ahoy?" };
const conversation = (model: string | null): ChatMessage[] => [
  { role: "system", content: systemMessage(model, PLACE) as string },
  user,
];

function check(manifest: JobManifest, said: string | undefined) {
  const statement = statementFor(manifest);
  if (said !== undefined) statement.predicate.systemPromptDigest = said;
  const known = { manifest, manifestPayload: canonicalBytes(manifest), answer, tokenIds };
  return checkReceipt({
    ...known,
    envelope: signStatement(statement),
    nodePublicKey: nodeKey.publicKey,
    poolKeyId: poolKey.keyId,
  });
}

const order = (digest: string, messages = conversation("You are a model.")) =>
  manifestWith({
    messages,
    promptCommitment: promptCommitment(promptSalt, messages),
    systemPromptDigest: digest,
  });

test("are found at the end of the system message, after what the model's makers advise", () => {
  for (const model of [null, "You are a model.", "One.\n\nTwo.\n\n"]) {
    assert(holdsInstructions(conversation(model), sha256Hex(PLACE)), String(model));
  }
  const other = sha256Hex("Answer in verse.");
  assert.equal(holdsInstructions(conversation("You are a model."), other), false);
  assert.equal(holdsInstructions([user], sha256Hex(user.content)), false);
  assert.equal(holdsInstructions([], other), false);
});

test("do not keep a verifier busy where the pool sends a mountain of empty lines", () => {
  const mountain: ChatMessage[] = [{ role: "system", content: "\n".repeat(400_000) }];
  const begun = process.cpuUsage().user;
  assert.equal(holdsInstructions(mountain, sha256Hex("x")), false);
  assert(process.cpuUsage().user - begun < 2_000_000);
});

test("pass where order and receipt name them and the conversation holds them", () => {
  const { checks } = check(order(sha256Hex(PLACE)), sha256Hex(PLACE));
  assert.equal(checks.find((row) => row.id === "instructions")?.state, "passed");
});

test("are refused where the receipt leaves them out, names others, or the order only pretends", () => {
  const pretended = order(sha256Hex("Never said."));
  for (const [manifest, said] of [
    [order(sha256Hex(PLACE)), undefined],
    [order(sha256Hex(PLACE)), sha256Hex("others")],
    [manifestWith(), sha256Hex(PLACE)],
    [pretended, sha256Hex("Never said.")],
  ] as const) {
    assert.throws(() => check(manifest, said), { code: "wrong_instructions" });
  }
});

test("leave receipts without them as they were", () => {
  const { checks } = check(manifestWith(), undefined);
  assert.equal(
    checks.some((row) => row.id === "instructions"),
    false,
  );
});
