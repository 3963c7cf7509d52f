import { receiptLeaf } from "../../protocol/export/pack.ts";
import { checkReceipt, ReceiptRefused } from "../../protocol/receipts/check-receipt.ts";
import { sha256Hex, tokenIdsFromBytes } from "../../protocol/receipts/commitments.ts";
import { decodeBase64, EnvelopeError } from "../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import { receiptId } from "../../protocol/receipts/receipt-id.ts";
import type { EngineDescription, FinishFrame } from "../../protocol/wire/gateway.ts";
import type { ApiContext } from "../context.ts";
import type { Lease } from "./lease.ts";
import type { AnswerRows } from "./store-answer.ts";

/**
 * Holds a finish frame against what the node streamed and was ordered, and makes the rows to store.
 * Throws ReceiptRefused when anything differs.
 */
export function examineAnswer(ctx: ApiContext, lease: Lease, frame: FinishFrame): AnswerRows {
  const { session, manifest } = lease;
  const text = lease.text.whole();
  const answer = Buffer.from(text, "utf8");
  const tokenIds = readTokenIds(frame.tokenIds);
  const { statement, checks } = checkReceipt({
    envelope: frame.receipt,
    nodePublicKey: session.publicKey,
    poolKeyId: ctx.secrets.poolKey.keyId,
    manifest,
    manifestPayload: lease.manifestPayload,
    answer,
    tokenIds,
  });
  const said = statement.predicate;
  if (said.finishReason !== frame.finishReason) {
    throw new ReceiptRefused(
      "malformed",
      `The receipt says ${said.finishReason}, the frame ${frame.finishReason}.`,
    );
  }
  const envelope = canonicalBytes(frame.receipt);
  const leafSalt = ctx.random(32).toString("hex");
  return {
    job_id: lease.jobId,
    attempt: lease.attempt,
    state: frame.finishReason === "stopped" ? "cancelled" : "done",
    now: ctx.clock(),
    text,
    finish_reason: frame.finishReason,
    token_ids: frame.tokenIds,
    prompt_tokens: bounded(said.usage.promptTokens),
    completion_tokens: tokenIds.length,
    turns_dropped: bounded(said.usage.turnsDropped),
    load_ms: bounded(said.durationMs.load),
    prefill_ms: bounded(said.durationMs.prefill),
    generate_ms: bounded(said.durationMs.generate),
    node_key: session.keyId,
    node_name: session.name,
    engine: session.engine as EngineDescription,
    auditable: said.engine.auditable,
    answer_sha256: sha256Hex(answer),
    lineage_digest: manifest.lineageDigest,
    receipt_id: receiptId(frame.receipt),
    envelope: envelope.toString("utf8"),
    manifest: canonicalBytes(lease.manifestEnvelope).toString("utf8"),
    checks,
    leaf: receiptLeaf(leafSalt, frame.receipt),
    leaf_salt: leafSalt,
  };
}

function readTokenIds(base64: string): Uint32Array {
  try {
    return tokenIdsFromBytes(decodeBase64(base64, "token ids"));
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof RangeError) {
      throw new ReceiptRefused("wrong_tokens", `The token ids cannot be read: ${error.message}.`);
    }
    throw error;
  }
}

/** A node's own word, kept within PostgreSQL's integer. */
function bounded(value: number): number {
  return Math.min(value, 2_147_483_647);
}
