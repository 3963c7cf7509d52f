import { findModelFact } from "../../config/model-facts.ts";
import type { SigningKey } from "../../protocol/keys.ts";
import { promptCommitment, systemMessage } from "../../protocol/receipts/commitments.ts";
import { type Envelope, signEnvelope } from "../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import { type JobManifest, MANIFEST_PAYLOAD_TYPE } from "../../protocol/receipts/manifest.ts";
import type { AskOptions } from "../../protocol/wire/http.ts";
import type { SamplerSettings } from "../../protocol/wire/primitives.ts";
import type { Instructions } from "../policy/book.ts";
import { type LeaseCandidate, messagesOf } from "./conversation.ts";

/** For models whose facts do not say how to ask them. */
export const DEFAULT_SAMPLER: SamplerSettings = Object.freeze({
  temperatureMilli: 600,
  topK: 40,
  topPMilli: 950,
  minPMilli: 50,
});
export const DEFAULT_MAX_TOKENS = 512;

export interface Assignment {
  readonly attempt: number;
  readonly nodeKeyId: string;
  readonly nonce: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly lineageDigest: string;
  readonly rulesetDigest: string;
  /** What the place tells the model; null: nothing. */
  readonly instructions: Instructions | null;
}

/** The pool's signed order to one node for one attempt. */
export function signManifest(
  candidate: LeaseCandidate,
  assignment: Assignment,
  poolKey: SigningKey,
): { manifest: JobManifest; payload: Buffer; envelope: Envelope } {
  const answering = findModelFact(candidate.model_sha256)?.answering;
  const { instructions } = assignment;
  const messages = messagesOf(
    candidate,
    systemMessage(answering?.systemPrompt ?? null, instructions?.text ?? null),
  );
  const options: AskOptions = candidate.options;
  const manifest: JobManifest = {
    version: 1,
    type: "infer",
    jobId: candidate.id,
    attempt: assignment.attempt,
    nonce: assignment.nonce,
    issuedAt: assignment.issuedAt,
    expiresAt: assignment.expiresAt,
    node: assignment.nodeKeyId,
    model: { sha256: candidate.model_sha256, name: candidate.model_name },
    messages,
    sampler: { ...DEFAULT_SAMPLER, ...answering?.sampler, ...options.sampler },
    maxTokens: options.maxTokens ?? answering?.maxTokens ?? DEFAULT_MAX_TOKENS,
    seed: candidate.seed,
    seedCommitment: candidate.seed_commitment,
    promptCommitment: promptCommitment(candidate.prompt_salt, messages),
    ...(instructions === null ? {} : { systemPromptDigest: instructions.sha256 }),
    lineageDigest: assignment.lineageDigest,
    rulesetDigest: assignment.rulesetDigest,
    checkpoint: null,
  };
  const payload = canonicalBytes(manifest);
  return { manifest, payload, envelope: signEnvelope(poolKey, MANIFEST_PAYLOAD_TYPE, payload) };
}
