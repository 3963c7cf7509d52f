import type { KeyObject } from "node:crypto";
import { ParseError, valueParser } from "../../protocol/parse.ts";
import { seedCommitment } from "../../protocol/receipts/commitments.ts";
import { type Envelope, EnvelopeError, openEnvelope } from "../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import { JobManifest, MANIFEST_PAYLOAD_TYPE } from "../../protocol/receipts/manifest.ts";
import { parseStrictJson } from "../../protocol/receipts/strict-json.ts";

/** A longer order is refused unread. In base64, with room to spare, this is what one frame can carry. */
export const MAX_MANIFEST_BYTES = 524_288;

const checkManifest = valueParser(JobManifest, "manifest");

/** Why a manifest is not carried out. `reason` is stable; the message is a sentence for a person. */
export class ManifestRefused extends Error {
  override name = "ManifestRefused";
  readonly reason:
    | "too_large"
    | "bad_signature"
    | "malformed"
    | "unknown_type"
    | "other_node"
    | "expired"
    | "model_not_offered"
    | "seed_mismatch"
    | "repeated";

  constructor(reason: ManifestRefused["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface AcceptedManifest {
  readonly manifest: JobManifest;
  /** The exact bytes the pool signed. */
  readonly payload: Buffer;
}

/** What a manifest is held against. */
export interface ManifestRules {
  readonly poolPublicKey: KeyObject;
  /** This node's key id. */
  readonly node: string;
  /** SHA-256 of each model this node offers. */
  readonly models: readonly string[];
  /** By the pool's clock, milliseconds since the Unix epoch. */
  readonly now: number;
  /** Nonces seen before; the caller remembers them. */
  readonly seen: (nonce: string) => boolean;
}

/**
 * Opens a job manifest: signed by the pool this worker knows, for this node, of a known type, not expired,
 * for a model on this node's own list, and not seen before. Throws ManifestRefused.
 */
export function acceptManifest(envelope: Envelope, rules: ManifestRules): AcceptedManifest {
  if (envelope.payload.length > (MAX_MANIFEST_BYTES * 4) / 3 + 4) {
    throw new ManifestRefused("too_large", `A job may have ${MAX_MANIFEST_BYTES} bytes at most.`);
  }
  const payload = opened(envelope, rules.poolPublicKey);
  const manifest = parsed(payload);
  if (manifest.node !== rules.node) {
    throw new ManifestRefused(
      "other_node",
      `The job is for node ${manifest.node}, not for this one.`,
    );
  }
  if (manifest.expiresAt <= rules.now) {
    throw new ManifestRefused(
      "expired",
      `The job expired at ${new Date(manifest.expiresAt).toISOString()}; by the clock this worker goes by it is ` +
        `${new Date(rules.now).toISOString()}.`,
    );
  }
  if (!rules.models.includes(manifest.model.sha256)) {
    throw new ManifestRefused(
      "model_not_offered",
      `The model ${manifest.model.name} (${manifest.model.sha256}) is not on this node's list.`,
    );
  }
  if (seedCommitment(manifest.jobId, manifest.seed) !== manifest.seedCommitment) {
    throw new ManifestRefused("seed_mismatch", "The seed is not the one the pool committed to.");
  }
  if (rules.seen(manifest.nonce)) {
    throw new ManifestRefused("repeated", "This job was given to this node before.");
  }
  return { manifest, payload };
}

function opened(envelope: Envelope, poolPublicKey: KeyObject): Buffer {
  try {
    return openEnvelope(envelope, poolPublicKey, MANIFEST_PAYLOAD_TYPE);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw new ManifestRefused(
      "bad_signature",
      `The job is not signed by the pool this worker knows: ${error.message}.`,
    );
  }
}

function parsed(payload: Buffer): JobManifest {
  let value: unknown;
  try {
    value = parseStrictJson(payload, MAX_MANIFEST_BYTES);
  } catch (error) {
    throw new ManifestRefused("malformed", `The job is not readable: ${(error as Error).message}`);
  }
  const type = (value as { type?: unknown } | null)?.type;
  if (typeof type === "string" && type !== "infer") {
    throw new ManifestRefused(
      "unknown_type",
      `This worker knows no job of type "${type.slice(0, 40)}".`,
    );
  }
  try {
    const manifest = checkManifest(value);
    if (!canonicalBytes(manifest).equals(payload)) throw new ParseError("not canonical JSON");
    return manifest;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ManifestRefused("malformed", `The job is not readable: ${error.message}`);
  }
}
