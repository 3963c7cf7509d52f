import { publicKeyFromPem, publicKeyToPem } from "../keys.ts";
import { sigstoreBundle } from "../receipts/bundle.ts";
import { readStatement } from "../receipts/check-receipt.ts";
import { answerLeaf } from "../receipts/commitments.ts";
import { decodeBase64, type Envelope } from "../receipts/dsse.ts";
import { canonicalBytes } from "../receipts/jcs.ts";
import { PACK, type Salts } from "./pack-files.ts";
import { packReadme, readmeIdsOf } from "./readme.ts";

export interface PackInput {
  /** Exact UTF-8 bytes of the answer. */
  readonly answer: Uint8Array;
  /** The node's receipt. */
  readonly envelope: Envelope;
  /** The pool's signed order. */
  readonly manifest: Envelope;
  /** 64 hexadecimal digits each. */
  readonly promptSalt: string;
  readonly leafSalt: string;
  readonly seed: string;
  /** ML-BOM named by the receipt's lineage digest, exact bytes. */
  readonly bom: Uint8Array;
  readonly nodePublicKeyPem: string;
  readonly poolPublicKeyPem: string;
}

/**
 * The files an asker saves about one answer: name → bytes. Every byte is fixed by the input: JSON is canonical
 * with one line feed, PEM is as OpenSSL writes it, README.txt follows from the ids; so any change can be
 * found later (protocol/verify). Checks nothing itself; throws ReceiptRefused for an envelope that holds no
 * readable receipt.
 */
export function buildExportPack(input: PackInput): Map<string, Uint8Array> {
  const statement = readStatement(decodeBase64(input.envelope.payload, "receipt"));
  const salts: Salts = {
    jobId: statement.predicate.jobId,
    promptSalt: input.promptSalt,
    leafSalt: input.leafSalt,
    leaf: receiptLeaf(input.leafSalt, input.envelope),
    seed: input.seed,
  };
  return new Map<string, Uint8Array>([
    [PACK.answer, input.answer],
    [PACK.receipt, canonicalFile(sigstoreBundle(input.envelope))],
    [PACK.manifest, canonicalFile(input.manifest)],
    [PACK.salts, canonicalFile(salts)],
    [PACK.bom, input.bom],
    [PACK.nodeKey, Buffer.from(publicKeyToPem(publicKeyFromPem(input.nodePublicKeyPem)))],
    [PACK.poolKey, Buffer.from(publicKeyToPem(publicKeyFromPem(input.poolPublicKeyPem)))],
    [PACK.readme, Buffer.from(packReadme(readmeIdsOf(input.envelope, statement)))],
  ]);
}

/** Log leaf of an answer whose only receipt so far is `envelope`. `salt`: 64 hexadecimal digits. */
export function receiptLeaf(salt: string, envelope: Envelope): string {
  return answerLeaf(salt, [canonicalBytes(envelope)]);
}

/** A JSON file of an export: canonical form (RFC 8785) and one line feed. */
export function canonicalFile(value: unknown): Buffer {
  return Buffer.concat([canonicalBytes(value), Buffer.from("\n")]);
}
