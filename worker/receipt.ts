import type { SigningKey } from "../protocol/keys.ts";
import { sha256Hex, tokenIdsDigest } from "../protocol/receipts/commitments.ts";
import { type Envelope, signEnvelope } from "../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../protocol/receipts/jcs.ts";
import type { JobManifest } from "../protocol/receipts/manifest.ts";
import {
  ANSWER_FILE,
  GENERATE_PREDICATE_TYPE,
  type GenerateStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
} from "../protocol/receipts/statement.ts";
import type { EngineDescription } from "../protocol/wire/gateway.ts";
import type { Generated } from "./engines/engine.ts";
import { WORKER_NAME, WORKER_VERSION } from "./version.ts";

/** Everything a receipt speaks of. */
export interface ReceiptFacts {
  readonly manifest: JobManifest;
  /** The manifest's payload bytes, exactly as the pool signed them. */
  readonly manifestPayload: Uint8Array;
  /** Key id of the pool. */
  readonly pool: string;
  readonly engine: EngineDescription;
  /** The answer: the text sent, whole. */
  readonly answer: string;
  readonly generated: Generated;
}

/** What this node says about an answer, signed: an in-toto Statement with the generate predicate. */
export function signReceipt(key: SigningKey, facts: ReceiptFacts): Envelope {
  return signEnvelope(key, STATEMENT_PAYLOAD_TYPE, canonicalBytes(statementOf(key.keyId, facts)));
}

function statementOf(node: string, facts: ReceiptFacts): GenerateStatement {
  const { manifest, generated, engine } = facts;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: ANSWER_FILE, digest: { sha256: sha256Hex(facts.answer) } }],
    predicateType: GENERATE_PREDICATE_TYPE,
    predicate: {
      role: "generate",
      jobId: manifest.jobId,
      attempt: manifest.attempt,
      nonce: manifest.nonce,
      expiresAt: manifest.expiresAt,
      node,
      pool: facts.pool,
      manifest: sha256Hex(facts.manifestPayload),
      worker: { name: WORKER_NAME, version: WORKER_VERSION },
      engine: {
        name: engine.name,
        library: engine.library,
        release: engine.release,
        backend: engine.backend,
        auditable: engine.auditable,
      },
      model: { sha256: manifest.model.sha256 },
      chatTemplate: generated.chatTemplate,
      sampler: manifest.sampler,
      maxTokens: manifest.maxTokens,
      seedCommitment: manifest.seedCommitment,
      promptCommitment: manifest.promptCommitment,
      ...(manifest.systemPromptDigest === undefined
        ? {}
        : { systemPromptDigest: manifest.systemPromptDigest }),
      tokens: { sha256: tokenIdsDigest(generated.tokenIds), count: generated.tokenIds.length },
      memory: [],
      lineageDigest: manifest.lineageDigest,
      rulesetDigest: manifest.rulesetDigest,
      checkpoint: manifest.checkpoint,
      usage: generated.usage,
      durationMs: generated.durationMs,
      finishReason: generated.finishReason,
    },
  };
}
