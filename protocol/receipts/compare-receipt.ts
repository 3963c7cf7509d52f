import { holdsInstructions, sha256Hex, tokenIdsDigest } from "./commitments.ts";
import { canonicalBytes } from "./jcs.ts";
import type { JobManifest } from "./manifest.ts";
import type { GenerateStatement } from "./statement.ts";

/** Why a receipt is refused. Stable: they travel in errors, logs and the tables of lost attempts. */
export type ReceiptRefusal =
  | "malformed"
  | "wrong_role"
  | "wrong_key"
  | "signature_invalid"
  | "wrong_job"
  | "wrong_pool"
  | "wrong_model"
  | "wrong_settings"
  | "wrong_seed"
  | "wrong_prompt"
  | "wrong_instructions"
  | "wrong_lineage"
  | "wrong_rules"
  | "wrong_checkpoint"
  | "wrong_memory"
  | "wrong_manifest"
  | "wrong_text"
  | "wrong_tokens";

/** One thing a receipt says, held against what is known otherwise. */
export interface Comparison {
  /** Stable id of the check. */
  readonly id: string;
  readonly title: string;
  readonly holds: boolean;
  readonly code: ReceiptRefusal;
  /** A sentence: what agrees, or what differs. */
  readonly detail: string;
}

/** What a statement is compared with. */
export interface ReceiptContext {
  readonly manifest: JobManifest;
  /** Exact payload bytes of the manifest's envelope. */
  readonly manifestPayload: Uint8Array;
  /** Id of the key whose signature on the manifest was checked. */
  readonly poolKeyId: string;
  /** Exact UTF-8 bytes of the answer. */
  readonly answer: Uint8Array;
  /** Token ids of the answer; null where they are not at hand. */
  readonly tokenIds: Uint32Array | null;
}

/**
 * Holds every field that the pool's order fixes against the statement, and the text and token ids against
 * their digests. Pure; in the order in which a refusal says most. Checks no signature.
 */
export function compareReceipt(statement: GenerateStatement, known: ReceiptContext): Comparison[] {
  const { manifest } = known;
  const said = statement.predicate;
  const rows: Comparison[] = [];
  const row = (
    id: string,
    code: ReceiptRefusal,
    title: string,
    differing: readonly string[],
    holds: string,
    fails: (differing: string) => string,
  ): void => {
    const passed = differing.length === 0;
    const detail = passed ? holds : fails(differing.join(", "));
    rows.push({ id, title, holds: passed, code, detail });
  };

  row(
    "job",
    "wrong_job",
    "Receipt is for this job",
    differences(said, manifest, ["jobId", "attempt", "nonce", "expiresAt", "node"]),
    "Job id, attempt, nonce, expiry and node are those of the pool's order.",
    (names) =>
      `The receipt is for another order: ${names} differ${s(names)} from the pool's order.`,
  );
  row(
    "pool",
    "wrong_pool",
    "Receipt names this pool",
    said.pool === known.poolKeyId ? [] : ["pool key"],
    "The receipt names the key that signed the order.",
    () =>
      `The receipt names the pool key ${said.pool}; the order was signed by ${known.poolKeyId}.`,
  );
  row(
    "model",
    "wrong_model",
    "Model file is the one ordered",
    said.model.sha256 === manifest.model.sha256 ? [] : ["model"],
    `The node names the model file that was ordered, sha256 ${manifest.model.sha256}.`,
    () =>
      `The receipt names model file ${said.model.sha256}; ordered was ${manifest.model.sha256}.`,
  );
  row(
    "settings",
    "wrong_settings",
    "Sampler settings are those ordered",
    [
      ...differences(said, manifest, ["sampler", "maxTokens"]),
      ...(said.tokens.count <= manifest.maxTokens ? [] : ["token count above the limit"]),
    ],
    "Sampler settings and token limit are those of the order.",
    (names) => `The receipt does not keep to the settings ordered: ${names}.`,
  );
  row(
    "seed",
    "wrong_seed",
    "Seed is the one committed to",
    differences(said, manifest, ["seedCommitment"]),
    "The receipt repeats the seed commitment of the order.",
    () => "The receipt names another seed commitment than the order.",
  );
  row(
    "prompt",
    "wrong_prompt",
    "Conversation is the one sent",
    differences(said, manifest, ["promptCommitment"]),
    "The receipt repeats the salted commitment to the conversation.",
    () => "The receipt names another conversation (prompt commitment) than the order.",
  );
  const ordered = manifest.systemPromptDigest;
  if (ordered !== undefined || said.systemPromptDigest !== undefined) {
    row(
      "instructions",
      "wrong_instructions",
      "Instructions are the place's",
      ordered === said.systemPromptDigest && holdsInstructions(manifest.messages, ordered as string)
        ? []
        : ["systemPromptDigest"],
      `The conversation begins with the instructions of the place it was asked in, sha256 ${ordered}.`,
      () =>
        "The receipt names other instructions of the place than the order, or the order does not hold them.",
    );
  }
  row(
    "lineage",
    "wrong_lineage",
    "Lineage record is the pool's",
    differences(said, manifest, ["lineageDigest"]),
    "The receipt names the lineage record of the order.",
    () => "The receipt names another lineage record than the order.",
  );
  row(
    "rules",
    "wrong_rules",
    "Rules are those in force",
    differences(said, manifest, ["rulesetDigest"]),
    "The receipt names the rules of the order.",
    () => "The receipt names other rules than the order.",
  );
  row(
    "checkpoint",
    "wrong_checkpoint",
    "Log checkpoint is the pool's",
    differences(said, manifest, ["checkpoint"]),
    manifest.checkpoint === null
      ? "Order and receipt agree that the pool had no log yet."
      : "The receipt repeats the log checkpoint of the order.",
    () => "The receipt names another log checkpoint than the order.",
  );
  row(
    "memory",
    "wrong_memory",
    "No memory entries beside the conversation",
    said.memory.length === 0 ? [] : ["memory"],
    "The order gave the node no memory entries and the receipt names none.",
    () => "The receipt names memory entries, but the order gave none.",
  );
  row(
    "order",
    "wrong_manifest",
    "Receipt answers this exact order",
    said.manifest === sha256Hex(known.manifestPayload) ? [] : ["manifest"],
    "The receipt holds the digest of the signed order.",
    () => "The receipt holds the digest of another order (manifest).",
  );
  row(
    "text",
    "wrong_text",
    "Text is the one signed",
    statement.subject[0].digest.sha256 === sha256Hex(known.answer) ? [] : ["text"],
    `The text has the digest in the receipt, sha256 ${statement.subject[0].digest.sha256}.`,
    () =>
      `The receipt is about another text: sha256 ${statement.subject[0].digest.sha256}, this text has ${sha256Hex(known.answer)}.`,
  );
  row(
    "tokens",
    "wrong_tokens",
    "Tokens are those signed",
    tokenDifferences(statement, known.tokenIds),
    known.tokenIds === null
      ? `The receipt's two token counts agree: ${said.tokens.count}.`
      : `All ${said.tokens.count} token ids have the digest in the receipt.`,
    (names) => `The token ids do not fit the receipt: ${names} differ${s(names)}.`,
  );
  return rows;
}

function tokenDifferences(statement: GenerateStatement, tokenIds: Uint32Array | null): string[] {
  const { tokens, usage } = statement.predicate;
  const differing = usage.completionTokens === tokens.count ? [] : ["completionTokens"];
  if (tokenIds === null) return differing;
  if (tokenIds.length !== tokens.count) differing.push("count");
  if (tokenIdsDigest(tokenIds) !== tokens.sha256) differing.push("digest");
  return differing;
}

/** Names of the fields whose canonical JSON differs. */
function differences<K extends string>(
  one: Record<K, unknown>,
  other: Record<K, unknown>,
  names: readonly K[],
): K[] {
  return names.filter((name) => !sameJson(one[name], other[name]));
}

function sameJson(one: unknown, other: unknown): boolean {
  return one === other || canonicalBytes(one).equals(canonicalBytes(other));
}

/** Verb ending for a list of one or several names. */
function s(names: string): string {
  return names.includes(",") ? "" : "s";
}
