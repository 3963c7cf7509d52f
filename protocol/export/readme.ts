import type { Envelope } from "../receipts/dsse.ts";
import { receiptId } from "../receipts/receipt-id.ts";
import { GENERATE_PREDICATE_TYPE, type GenerateStatement } from "../receipts/statement.ts";
import { PACK } from "./pack-files.ts";

/** What README.txt says about one answer; the rest of it is fixed. */
export interface ReadmeIds {
  readonly receiptId: string;
  readonly jobId: string;
  readonly answerSha256: string;
  readonly modelSha256: string;
  readonly nodeKeyId: string;
  readonly poolKeyId: string;
}

/** Ids of a receipt and of what it names. */
export function readmeIdsOf(envelope: Envelope, statement: GenerateStatement): ReadmeIds {
  const { predicate, subject } = statement;
  return {
    receiptId: receiptId(envelope),
    jobId: predicate.jobId,
    answerSha256: subject[0].digest.sha256,
    modelSha256: predicate.model.sha256,
    nodeKeyId: predicate.node,
    poolKeyId: predicate.pool,
  };
}

const LABELS: readonly (readonly [keyof ReadmeIds, string])[] = [
  ["receiptId", "Receipt"],
  ["jobId", "Job"],
  ["answerSha256", "Text, sha256"],
  ["modelSha256", "Model file, sha256"],
  ["nodeKeyId", "Node key"],
  ["poolKeyId", "Pool key"],
];

/** README.txt of an export: a pure function of its ids, so that a reader can rebuild and compare it. */
export function packReadme(ids: ReadmeIds): string {
  const rows = LABELS.map(([name, label]) => `  ${`${label}:`.padEnd(20)}${ids[name]}`);
  return `WHERE THIS ANSWER CAME FROM

The text in ${PACK.answer} is AI-generated: a volunteer's machine wrote it. This folder holds the
receipt that the machine signed, and all that is needed to check it without asking anybody.

${rows.join("\n")}

Files
  ${PACK.answer}              the answer, exact bytes
  ${PACK.receipt}  the receipt: in-toto statement signed by the node (Sigstore bundle v0.3)
  ${PACK.manifest}      the order the pool signed and sent to the node, with the conversation
  ${PACK.salts}              what opens the commitments in receipt and order
  ${PACK.bom}          lineage of the model: licences and training data (CycloneDX 1.6)
  ${PACK.nodeKey}           public key of the node
  ${PACK.poolKey}           public key of the pool

This folder holds the whole conversation. Give it only to people who may read that.

Check it
  With The Substrate's source code:
    npm run verify -- <this folder>
  With cosign 3, the signature and the text only:
    cosign verify-blob-attestation --bundle ${PACK.receipt} --key ${PACK.nodeKey} \\
      --type ${GENERATE_PREDICATE_TYPE} \\
      --insecure-ignore-tlog ${PACK.answer}

What you must do yourself
  Compare the two key ids above with what the node's owner and the pool tell you by another way. A folder
  that brings its own keys can show that its parts belong together, not whose keys they are.

What no receipt shows
  That the answer is true, that the declared training data is the real training data, that the volunteer
  forgot the conversation, or that one person is behind one key.
`;
}

/** Reads the ids out of a README.txt; null where a line is missing. Rebuild it to see whether the rest is right. */
export function readmeIds(text: string): ReadmeIds | null {
  const ids: Partial<Record<keyof ReadmeIds, string>> = {};
  for (const [name, label] of LABELS) {
    const line = text.split("\n").find((row) => row.startsWith(`  ${label}:`));
    if (line === undefined) return null;
    ids[name] = line.slice(22);
  }
  return ids as ReadmeIds;
}
