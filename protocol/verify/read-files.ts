import type { KeyObject } from "node:crypto";
import { canonicalFile } from "../export/pack.ts";
import { PACK, Salts } from "../export/pack-files.ts";
import { keyIdOf, publicKeyFromPem, publicKeyToPem } from "../keys.ts";
import { ParseError } from "../parse.ts";
import { parseBundle, sigstoreBundle } from "../receipts/bundle.ts";
import { ReceiptRefused, readStatement } from "../receipts/check-receipt.ts";
import { decodeBase64, Envelope, EnvelopeError } from "../receipts/dsse.ts";
import { JobManifest } from "../receipts/manifest.ts";
import type { GenerateStatement } from "../receipts/statement.ts";
import { canonicalJsonParser, strictJsonParser } from "../receipts/strict-json.ts";
import type { Lines } from "./lines.ts";

/** A manifest holds a whole conversation, in base64. */
const MAX_MANIFEST_FILE_BYTES = 4 * 1024 * 1024;

export interface PublicKeyFile {
  readonly publicKey: KeyObject;
  readonly keyId: string;
}

export interface ReceiptFile {
  readonly envelope: Envelope;
  /** What the receipt says; its signature is not checked yet. */
  readonly statement: GenerateStatement;
}

export interface ManifestFile {
  readonly envelope: Envelope;
  readonly payload: Buffer;
  /** What the order says; its signature is not checked yet. */
  readonly manifest: JobManifest;
}

/** Reads a public key; one way only to write it, so that any changed byte shows. Null when unreadable. */
export function readKey(file: string, bytes: Uint8Array, lines: Lines): PublicKeyFile | null {
  return read(file, lines, () => {
    const publicKey = publicKeyFromPem(Buffer.from(bytes).toString("latin1"));
    requireSameBytes(Buffer.from(publicKeyToPem(publicKey)), bytes);
    return { publicKey, keyId: keyIdOf(publicKey) };
  });
}

/** Reads the Sigstore bundle and the statement inside it. Null when either cannot be read. */
export function readReceipt(bytes: Uint8Array, lines: Lines): ReceiptFile | null {
  return read(PACK.receipt, lines, () => {
    const envelope = parseBundle(bytes);
    requireSameBytes(canonicalFile(sigstoreBundle(envelope)), bytes);
    const statement = readStatement(decodeBase64(envelope.payload, "payload"));
    if (statement.predicate.node !== envelope.signatures[0].keyid) {
      throw new ParseError("it speaks for one node and names the key of another");
    }
    return { envelope, statement };
  });
}

const parseEnvelope = strictJsonParser(Envelope, "order", MAX_MANIFEST_FILE_BYTES);
const parseManifest = canonicalJsonParser(JobManifest, "order", MAX_MANIFEST_FILE_BYTES);

/** Reads the pool's signed order. Null when it cannot be read. */
export function readManifest(bytes: Uint8Array, lines: Lines): ManifestFile | null {
  return read(PACK.manifest, lines, () => {
    const envelope = parseEnvelope(bytes);
    requireSameBytes(canonicalFile(envelope), bytes);
    const payload = decodeBase64(envelope.payload, "payload");
    return { envelope, payload, manifest: parseManifest(payload) };
  });
}

const parseSalts = strictJsonParser(Salts, "salts", 10_000);

/** Reads the openings of the commitments. Null when they cannot be read. */
export function readSalts(bytes: Uint8Array, lines: Lines): Salts | null {
  return read(PACK.salts, lines, () => {
    const salts = parseSalts(bytes);
    requireSameBytes(canonicalFile(salts), bytes);
    return salts;
  });
}

/** Runs a reader; what is wrong with the file becomes a line. */
function read<T>(file: string, lines: Lines, reader: () => T): T | null {
  try {
    return reader();
  } catch (error) {
    lines.fails(file, `Not as it was exported: ${reason(error)}.`);
    return null;
  }
}

function reason(error: unknown): string {
  if (error instanceof ReceiptRefused) return error.message.replace(/\.$/, "");
  if (error instanceof ParseError || error instanceof EnvelopeError) return error.message;
  // Whatever node:crypto throws for a PEM that is damaged or holds another kind of key.
  if (error instanceof Error && ("code" in error || error instanceof TypeError)) {
    return `no Ed25519 public key can be read from it (${error.message})`;
  }
  throw error;
}

function requireSameBytes(expected: Buffer, bytes: Uint8Array): void {
  if (!expected.equals(bytes)) {
    throw new ParseError("it is written differently from the one form an export uses");
  }
}
