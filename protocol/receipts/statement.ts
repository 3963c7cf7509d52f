import Type from "typebox";
import {
  EpochMs,
  FinishReason,
  KeyId,
  SamplerSettings,
  Sha256Hex,
  Uuid,
} from "../wire/primitives.ts";
import { Checkpoint } from "./manifest.ts";

/** DSSE payload type of an in-toto Statement (in-toto attestation framework, spec/v1/envelope). */
export const STATEMENT_PAYLOAD_TYPE = "application/vnd.in-toto+json";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
/** Predicate type of the `generate` role; `.example` never resolves (RFC 2606): the name is an identifier. */
export const GENERATE_PREDICATE_TYPE = "https://the-substrate.example/receipt/generate/v1";
/** Name of subject 0 in every role: the answer's exact UTF-8 bytes. */
export const ANSWER_FILE = "answer.txt";

const count = Type.Integer({ minimum: 0 });

/** What a node says about an answer it wrote. No float, no user or channel id, no clear prompt. */
export const GeneratePredicate = Type.Object(
  {
    role: Type.Literal("generate"),
    jobId: Uuid,
    attempt: Type.Integer({ minimum: 1 }),
    nonce: Type.String({ pattern: "^[0-9a-f]{32}$" }),
    expiresAt: EpochMs,
    node: KeyId,
    /** Key that signed the manifest. */
    pool: KeyId,
    /** SHA-256 of the manifest's payload bytes. */
    manifest: Sha256Hex,
    worker: Type.Object(
      { name: Type.String(), version: Type.String() },
      { additionalProperties: false },
    ),
    engine: Type.Object(
      {
        /** `llama` or `echo`. */
        name: Type.String(),
        /** Library and its version, for example `node-llama-cpp 3.21.1`. */
        library: Type.String(),
        /** Release of the inference code, for example `b9999` or `v0.5.0`. */
        release: Type.String(),
        /** Back-end class: `cpu`, `cuda`, `metal`, `vulkan`, or `none`. */
        backend: Type.String(),
        /** True where another node can re-score the tokens (our own sampler made them). */
        auditable: Type.Boolean(),
      },
      { additionalProperties: false },
    ),
    model: Type.Object({ sha256: Sha256Hex }, { additionalProperties: false }),
    /** SHA-256 of the chat template's UTF-8 bytes as read from the model file; of nothing where there is none. */
    chatTemplate: Sha256Hex,
    sampler: SamplerSettings,
    maxTokens: Type.Integer({ minimum: 1 }),
    seedCommitment: Sha256Hex,
    promptCommitment: Sha256Hex,
    /** SHA-256 of the instructions of the place it was asked in; absent: none. */
    systemPromptDigest: Type.Optional(Sha256Hex),
    /** Token ids of the answer: SHA-256 over them as unsigned 32-bit little-endian integers. */
    tokens: Type.Object({ sha256: Sha256Hex, count }, { additionalProperties: false }),
    /** Commitments to memory entries the prompt drew on. */
    memory: Type.Array(Sha256Hex),
    lineageDigest: Sha256Hex,
    rulesetDigest: Sha256Hex,
    checkpoint: Checkpoint,
    usage: Type.Object(
      {
        promptTokens: count,
        completionTokens: count,
        /** Oldest turns of the conversation left out because the context was full. */
        turnsDropped: count,
      },
      { additionalProperties: false },
    ),
    durationMs: Type.Object(
      { load: count, prefill: count, generate: count },
      { additionalProperties: false },
    ),
    finishReason: FinishReason,
  },
  { additionalProperties: false },
);
export type GeneratePredicate = Type.Static<typeof GeneratePredicate>;

/** in-toto Statement v1 with exactly one subject, the answer. */
export const GenerateStatement = Type.Object(
  {
    _type: Type.Literal(STATEMENT_TYPE),
    subject: Type.Tuple([
      Type.Object(
        {
          name: Type.Literal(ANSWER_FILE),
          digest: Type.Object({ sha256: Sha256Hex }, { additionalProperties: false }),
        },
        { additionalProperties: false },
      ),
    ]),
    predicateType: Type.Literal(GENERATE_PREDICATE_TYPE),
    predicate: GeneratePredicate,
  },
  { additionalProperties: false },
);
export type GenerateStatement = Type.Static<typeof GenerateStatement>;
