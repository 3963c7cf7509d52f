import { receiptLeaf } from "../export/pack.ts";
import { PACK, type Salts } from "../export/pack-files.ts";
import { packReadme, readmeIds, readmeIdsOf } from "../export/readme.ts";
import { promptCommitment, seedCommitment, sha256Hex } from "../receipts/commitments.ts";
import { compareReceipt } from "../receipts/compare-receipt.ts";
import { bomModelDigest } from "./bom-model.ts";
import type { Lines } from "./lines.ts";
import type { ManifestFile, ReceiptFile } from "./read-files.ts";

/** What of an export could be read, and whose signature holds. */
export interface Opened {
  readonly receipt: ReceiptFile | null;
  readonly manifest: ManifestFile | null;
  readonly receiptHolds: boolean;
  readonly manifestHolds: boolean;
}

export function checkAnswer(answer: Uint8Array, opened: Opened, lines: Lines): void {
  if (opened.receipt === null) {
    lines.notChecked(PACK.answer, "No readable receipt to compare the text with.");
    return;
  }
  const signed = opened.receipt.statement.subject[0].digest.sha256;
  const actual = sha256Hex(answer);
  if (!opened.receiptHolds) {
    const relation = signed === actual ? "agrees with" : "differs from";
    lines.notChecked(
      PACK.answer,
      `The text ${relation} the digest in the receipt, but the receipt itself does not hold.`,
    );
    return;
  }
  lines.either(
    PACK.answer,
    signed === actual,
    `Byte for byte the text that the node signed, sha256 ${actual}.`,
    `Not the text that the node signed: it has sha256 ${actual}, signed was ${signed}.`,
  );
}

/** Holds receipt and order against each other. */
export function checkOrder({ receipt, manifest, ...holds }: Opened, lines: Lines): void {
  if (receipt === null || manifest === null) return;
  if (!holds.receiptHolds || !holds.manifestHolds) {
    const file = holds.receiptHolds ? PACK.manifest : PACK.receipt;
    lines.notChecked(file, "Receipt against order: one of the two does not hold.");
    return;
  }
  const rows = compareReceipt(receipt.statement, {
    manifest: manifest.manifest,
    manifestPayload: manifest.payload,
    poolKeyId: manifest.envelope.signatures[0].keyid,
    answer: new Uint8Array(),
    tokenIds: null,
  }).filter(({ id }) => id !== "text"); // checkAnswer looks at the text, in words about its file
  for (const row of rows) lines.either(PACK.receipt, row.holds, row.detail, row.detail);
  if (rows.some((row) => !row.holds)) {
    lines.fails(
      PACK.manifest,
      "Not the order that this receipt answers, or not obeyed by the node.",
    );
  }
  lines.notChecked(
    PACK.receipt,
    "Token ids: they stay with the pool; only their digest is in the receipt.",
  );
  const { jobId, seed, seedCommitment: committed } = manifest.manifest;
  lines.either(
    PACK.manifest,
    seedCommitment(jobId, seed) === committed,
    "The seed in the order is the one the pool committed to.",
    "The seed in the order is not the one the pool committed to.",
  );
}

export function checkSalts(salts: Salts, opened: Opened, lines: Lines): void {
  if (opened.manifestHolds && opened.manifest) {
    const { jobId, seed, messages, promptCommitment: committed } = opened.manifest.manifest;
    lines.either(
      PACK.salts,
      salts.jobId === jobId && salts.seed === seed,
      "Job id and seed are those of the order.",
      "Job id or seed differ from the order.",
    );
    lines.either(
      PACK.salts,
      promptCommitment(salts.promptSalt, messages) === committed,
      "The prompt salt opens the commitment to the conversation in the order.",
      "The prompt salt does not open the commitment to the conversation in the order.",
    );
  } else {
    lines.notChecked(PACK.salts, "Seed and prompt salt: no order that holds to compare with.");
  }
  if (opened.receiptHolds && opened.receipt) {
    lines.either(
      PACK.salts,
      receiptLeaf(salts.leafSalt, opened.receipt.envelope) === salts.leaf,
      "The leaf salt opens the log leaf of this receipt.",
      "The leaf salt does not open the log leaf of this receipt.",
    );
  } else {
    lines.notChecked(PACK.salts, "Leaf salt: no receipt that holds to compare with.");
  }
}

export function checkBom(bytes: Uint8Array, opened: Opened, lines: Lines): void {
  const signed = opened.receiptHolds
    ? opened.receipt?.statement.predicate
    : opened.manifestHolds
      ? opened.manifest?.manifest
      : undefined;
  if (signed === undefined) {
    lines.notChecked(PACK.bom, "Neither a receipt nor an order that holds names a lineage record.");
    return;
  }
  const actual = sha256Hex(bytes);
  const same = lines.either(
    PACK.bom,
    actual === signed.lineageDigest,
    `Byte for byte the lineage record that was signed, sha256 ${actual}.`,
    `Not the lineage record that was signed: it has sha256 ${actual}, signed was ${signed.lineageDigest}.`,
  );
  if (!same) return;
  const model = bomModelDigest(bytes);
  lines.either(
    PACK.bom,
    model === signed.model.sha256,
    `The record is about the model file that was signed, sha256 ${model}.`,
    `The record is about ${model ?? "no model file"}; signed was ${signed.model.sha256}.`,
  );
}

export function checkReadme(
  bytes: Uint8Array,
  { receipt, receiptHolds }: Opened,
  lines: Lines,
): void {
  const ids = readmeIds(Buffer.from(bytes).toString("utf8"));
  if (ids === null || !Buffer.from(packReadme(ids)).equals(bytes)) {
    lines.fails(PACK.readme, "Not as it was exported: its fixed text was changed.");
    return;
  }
  if (receipt === null || !receiptHolds) {
    lines.notChecked(PACK.readme, "Its text is as exported; no receipt that holds to compare ids.");
    return;
  }
  const expected = packReadme(readmeIdsOf(receipt.envelope, receipt.statement));
  lines.either(
    PACK.readme,
    Buffer.from(expected).equals(bytes),
    "Its ids are those of the receipt and its text is as exported.",
    "Not as it was exported: an id in it differs from the receipt.",
  );
}
