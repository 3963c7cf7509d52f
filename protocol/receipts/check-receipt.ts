import type { KeyObject } from "node:crypto";
import { keyIdOf } from "../keys.ts";
import { ParseError, valueParser } from "../parse.ts";
import type { Check } from "../wire/http.ts";
import { checksNotRun } from "./checks.ts";
import { compareReceipt, type ReceiptContext, type ReceiptRefusal } from "./compare-receipt.ts";
import { type Envelope, EnvelopeError, openEnvelope } from "./dsse.ts";
import { GENERATE_PREDICATE_TYPE, GenerateStatement, STATEMENT_PAYLOAD_TYPE } from "./statement.ts";
import { parseStrictJson, requireCanonical } from "./strict-json.ts";

/** A statement is about two kilobytes; memory commitments and a long engine name may add some. */
export const MAX_STATEMENT_BYTES = 65_536;

/** A receipt does not fit. `code` is stable, the message is for a person. */
export class ReceiptRefused extends Error {
  override name = "ReceiptRefused";
  readonly code: ReceiptRefusal;

  constructor(code: ReceiptRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ReceiptInput extends ReceiptContext {
  readonly envelope: Envelope;
  /** Key the node proved when it connected, or the one in an export. */
  readonly nodePublicKey: KeyObject;
}

/**
 * Checks a node's receipt for one answer: signature, key, form, every field that the pool's order fixes, the
 * text and its tokens. Returns the statement with one row a check: what passed, and what was not run.
 * Throws ReceiptRefused at the first thing that does not hold.
 */
export function checkReceipt(input: ReceiptInput): {
  statement: GenerateStatement;
  checks: Check[];
} {
  const statement = openReceipt(input.envelope, input.nodePublicKey);
  const keyId = input.envelope.signatures[0].keyid;
  const checks: Check[] = [
    {
      id: "signature",
      title: "Signature of the node",
      state: "passed",
      detail: `The receipt's exact bytes were signed with the node's key ${keyId}.`,
    },
  ];
  for (const { id, title, holds, code, detail } of compareReceipt(statement, input)) {
    if (!holds) throw new ReceiptRefused(code, detail);
    checks.push({ id, title, state: "passed", detail });
  }
  return { statement, checks: [...checks, ...checksNotRun(statement)] };
}

/**
 * Verifies the signature of a generate receipt and reads its statement. Throws ReceiptRefused with
 * `malformed`, `wrong_role`, `wrong_key` or `signature_invalid`.
 */
export function openReceipt(envelope: Envelope, nodePublicKey: KeyObject): GenerateStatement {
  const keyId = keyIdOf(nodePublicKey);
  if (envelope.payloadType !== STATEMENT_PAYLOAD_TYPE) {
    throw new ReceiptRefused(
      "malformed",
      `The receipt holds ${envelope.payloadType}, not an in-toto statement.`,
    );
  }
  const named = envelope.signatures[0].keyid;
  if (named !== keyId) {
    throw new ReceiptRefused(
      "wrong_key",
      `The receipt names the key ${named}; the node's key is ${keyId}.`,
    );
  }
  const payload = signedPayload(envelope, nodePublicKey);
  const statement = readStatement(payload);
  if (statement.predicate.node !== keyId) {
    throw new ReceiptRefused(
      "wrong_key",
      `The receipt speaks for the node ${statement.predicate.node} but was signed by ${keyId}.`,
    );
  }
  return statement;
}

/** Reads a statement's canonical bytes. Throws ReceiptRefused with `malformed` or `wrong_role`. */
export function readStatement(payload: Uint8Array): GenerateStatement {
  try {
    const value = parseStrictJson(payload, MAX_STATEMENT_BYTES, "receipt");
    requireGenerate(value);
    return requireCanonical(checkStatement(value), payload, "receipt");
  } catch (error) {
    if (error instanceof ParseError) {
      throw new ReceiptRefused("malformed", `The receipt cannot be read: ${error.message}.`);
    }
    throw error;
  }
}

const checkStatement = valueParser(GenerateStatement, "receipt");

/** A statement of another role is refused as that, whatever its predicate looks like. */
function requireGenerate(statement: unknown): void {
  const { predicateType } = Object(statement) as { predicateType?: unknown };
  if (typeof predicateType === "string" && predicateType !== GENERATE_PREDICATE_TYPE) {
    throw new ReceiptRefused(
      "wrong_role",
      `This is a receipt for another role (${predicateType}), not for writing an answer.`,
    );
  }
}

function signedPayload(envelope: Envelope, publicKey: KeyObject): Buffer {
  try {
    return openEnvelope(envelope, publicKey, STATEMENT_PAYLOAD_TYPE);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    const code = error.code === "bad_signature" ? "signature_invalid" : "malformed";
    throw new ReceiptRefused(code, `The receipt was refused: ${error.message}.`);
  }
}
