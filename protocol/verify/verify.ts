import { PACK, PACK_NAMES } from "../export/pack-files.ts";
import { checksNotRun } from "../receipts/checks.ts";
import {
  checkAnswer,
  checkBom,
  checkOrder,
  checkReadme,
  checkSalts,
  type Opened,
} from "./contents.ts";
import { Lines, type VerifyLine } from "./lines.ts";
import { readKey, readManifest, readReceipt, readSalts } from "./read-files.ts";
import { checkManifestSignature, checkReceiptSignature } from "./signatures.ts";

/**
 * Checks an export (file name → bytes) by itself, offline, and says line by line what holds, what fails and
 * what was not checked. A changed byte in any file of the export gives a `fails` line that names the file:
 * what is signed or hashed is compared by digest, everything else is rebuilt and compared byte for byte.
 *
 * The receipt is read first because it names the node key, the pool key, the order, the text and the lineage
 * record; a file is only blamed by something that itself holds, and is `not checked` otherwise.
 */
export function verifyPack(files: ReadonlyMap<string, Uint8Array>): VerifyLine[] {
  const lines = new Lines();
  const fileOr = <T>(name: string, reader: (bytes: Uint8Array) => T): T | null => {
    const bytes = files.get(name);
    return bytes === undefined ? null : reader(bytes);
  };
  for (const name of PACK_NAMES) {
    if (!files.has(name)) lines.fails(name, "Missing: an export holds this file.");
  }
  const nodeKey = fileOr(PACK.nodeKey, (bytes) => readKey(PACK.nodeKey, bytes, lines));
  const poolKey = fileOr(PACK.poolKey, (bytes) => readKey(PACK.poolKey, bytes, lines));
  const receipt = fileOr(PACK.receipt, (bytes) => readReceipt(bytes, lines));
  const manifest = fileOr(PACK.manifest, (bytes) => readManifest(bytes, lines));
  const salts = fileOr(PACK.salts, (bytes) => readSalts(bytes, lines));

  const receiptHolds = checkReceiptSignature(receipt, nodeKey, lines);
  const signedBy = receiptHolds && receipt ? receipt.statement.predicate.pool : null;
  const manifestHolds = checkManifestSignature(manifest, poolKey, signedBy, lines);
  const opened: Opened = { receipt, manifest, receiptHolds, manifestHolds };

  fileOr(PACK.answer, (bytes) => checkAnswer(bytes, opened, lines));
  checkOrder(opened, lines);
  if (salts) checkSalts(salts, opened, lines);
  fileOr(PACK.bom, (bytes) => checkBom(bytes, opened, lines));
  fileOr(PACK.readme, (bytes) => checkReadme(bytes, opened, lines));

  for (const name of files.keys()) {
    if (!PACK_NAMES.includes(name)) lines.notChecked(name, "Not part of the export; not read.");
  }
  if (receiptHolds && receipt) {
    for (const { title, detail } of checksNotRun(receipt.statement)) {
      lines.notChecked("", `${title}: ${detail}`);
    }
  }
  return lines.all;
}
