import Type from "typebox";
import {
  ChatMessage,
  EpochMs,
  KeyId,
  SamplerSettings,
  Sha256Hex,
  Uuid,
} from "../wire/primitives.ts";

/** DSSE payload type of a job manifest. */
export const MANIFEST_PAYLOAD_TYPE = "application/vnd.the-substrate.job-manifest+json";

/** Where the pool's transparency log stood; null until the pool runs one. */
export const Checkpoint = Type.Union([
  Type.Null(),
  Type.Object(
    { origin: Type.String(), size: Type.Integer({ minimum: 0 }), root: Sha256Hex },
    { additionalProperties: false },
  ),
]);

/**
 * What the pool orders a node to do, signed by the pool's key. The job types are closed: there is none
 * that runs code. `infer` writes an answer; later: `embed`, `evaluate`, `lora`.
 */
export const JobManifest = Type.Object(
  {
    version: Type.Literal(1),
    type: Type.Literal("infer"),
    jobId: Uuid,
    /** Counts from 1; a job that moved to another node has a higher one. */
    attempt: Type.Integer({ minimum: 1 }),
    /** 128 random bits, unique to this assignment; the receipt repeats it. */
    nonce: Type.String({ pattern: "^[0-9a-f]{32}$" }),
    issuedAt: EpochMs,
    expiresAt: EpochMs,
    /** The only node that may carry this out. */
    node: KeyId,
    model: Type.Object({ sha256: Sha256Hex, name: Type.String() }, { additionalProperties: false }),
    messages: Type.Array(ChatMessage, { minItems: 1 }),
    sampler: SamplerSettings,
    maxTokens: Type.Integer({ minimum: 1, maximum: 32768 }),
    /** 256-bit seed of the sampler's noise; its commitment was published when the job was accepted. */
    seed: Sha256Hex,
    seedCommitment: Sha256Hex,
    /** Salted commitment to `messages` (protocol/receipts/commitments.ts). */
    promptCommitment: Sha256Hex,
    /** SHA-256 of the instructions of the place it was asked in, with which the system message ends; absent: none. */
    systemPromptDigest: Type.Optional(Sha256Hex),
    /** SHA-256 of the ML-BOM the pool keeps for this model, exact bytes. */
    lineageDigest: Sha256Hex,
    /** SHA-256 of the rules in force (JCS bytes of the constitution). */
    rulesetDigest: Sha256Hex,
    checkpoint: Checkpoint,
  },
  { additionalProperties: false },
);
export type JobManifest = Type.Static<typeof JobManifest>;
