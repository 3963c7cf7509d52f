import { PACK } from "../export/pack-files.ts";
import { openReceipt, ReceiptRefused } from "../receipts/check-receipt.ts";
import { EnvelopeError, openEnvelope } from "../receipts/dsse.ts";
import { MANIFEST_PAYLOAD_TYPE } from "../receipts/manifest.ts";
import type { Lines } from "./lines.ts";
import type { ManifestFile, PublicKeyFile, ReceiptFile } from "./read-files.ts";

/** Checks the node's signature and that keys/node.pem is the key named. True when the receipt holds. */
export function checkReceiptSignature(
  receipt: ReceiptFile | null,
  nodeKey: PublicKeyFile | null,
  lines: Lines,
): boolean {
  if (receipt === null) {
    if (nodeKey) lines.notChecked(PACK.nodeKey, `No readable receipt names it (${nodeKey.keyId}).`);
    return false;
  }
  const { node } = receipt.statement.predicate;
  if (nodeKey === null) {
    lines.notChecked(PACK.receipt, `Signature: the key ${node} is not at hand.`);
    return false;
  }
  if (nodeKey.keyId !== node) {
    lines.fails(PACK.nodeKey, `This is the key ${nodeKey.keyId}; the receipt names ${node}.`);
    lines.notChecked(PACK.receipt, `Signature: the key ${node} is not at hand.`);
    return false;
  }
  lines.holds(PACK.nodeKey, `This is the key that the receipt names, ${node}.`);
  lines.notChecked(
    PACK.nodeKey,
    "Whose key it is. Compare its id with what the node's owner tells you by another way.",
  );
  try {
    openReceipt(receipt.envelope, nodeKey.publicKey);
  } catch (error) {
    if (!(error instanceof ReceiptRefused)) throw error;
    lines.fails(PACK.receipt, error.message);
    return false;
  }
  lines.holds(PACK.receipt, "The node's signature covers the receipt's exact bytes.");
  return true;
}

/**
 * Checks the pool's signature and that keys/pool.pem is the key named. True when the order holds.
 * `signedBy`: pool key named by a receipt that holds; null where there is none.
 */
export function checkManifestSignature(
  manifest: ManifestFile | null,
  poolKey: PublicKeyFile | null,
  signedBy: string | null,
  lines: Lines,
): boolean {
  const named = manifest?.envelope.signatures[0].keyid ?? null;
  const pool = signedBy ?? named;
  if (poolKey && pool === null) {
    lines.notChecked(PACK.poolKey, `No readable receipt or order names it (${poolKey.keyId}).`);
  } else if (poolKey) {
    const fits = lines.either(
      PACK.poolKey,
      poolKey.keyId === pool,
      `This is the key that the ${signedBy ? "receipt" : "order"} names, ${pool}.`,
      `This is the key ${poolKey.keyId}; the ${signedBy ? "receipt" : "order"} names ${pool}.`,
    );
    if (fits) {
      lines.notChecked(
        PACK.poolKey,
        "Whose key it is. Compare its id with what the pool tells you by another way.",
      );
    }
  }
  if (manifest === null) return false;
  if (named !== pool) {
    lines.fails(PACK.manifest, `The order names the pool key ${named}; the receipt names ${pool}.`);
    return false;
  }
  if (poolKey?.keyId !== named) {
    lines.notChecked(PACK.manifest, `Signature: the key ${named} is not at hand.`);
    return false;
  }
  try {
    openEnvelope(manifest.envelope, poolKey.publicKey, MANIFEST_PAYLOAD_TYPE);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    lines.fails(PACK.manifest, `The order was refused: ${error.message}.`);
    return false;
  }
  lines.holds(PACK.manifest, "The pool's signature covers the order's exact bytes.");
  return true;
}
