import { createHash, createPrivateKey } from "node:crypto";
import { buildExportPack, canonicalFile } from "../../protocol/export/pack.ts";
import { publicKeyToPem, type SigningKey, signingKeyFromPem } from "../../protocol/keys.ts";
import {
  promptCommitment,
  seedCommitment,
  sha256Hex,
  tokenIdsDigest,
} from "../../protocol/receipts/commitments.ts";
import { type Envelope, signEnvelope } from "../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import { type JobManifest, MANIFEST_PAYLOAD_TYPE } from "../../protocol/receipts/manifest.ts";
import {
  GENERATE_PREDICATE_TYPE,
  type GenerateStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
} from "../../protocol/receipts/statement.ts";

/** An Ed25519 key from a word, the same in every run (RFC 8410 §7: PKCS #8 around a 32-byte seed). */
export function keyFrom(word: string): SigningKey {
  const seed = createHash("sha256").update(word).digest();
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return signingKeyFromPem(key.export({ type: "pkcs8", format: "pem" }) as string);
}

export const nodeKey = keyFrom("a node");
export const poolKey = keyFrom("a pool");
export const answer = Buffer.from("Paris is the capital of France — “naïve” 😀.\n", "utf8");
export const tokenIds = Uint32Array.from([1, 42, 49_151, 4_294_967_295]);
export const promptSalt = sha256Hex("prompt salt");
export const leafSalt = sha256Hex("leaf salt");
export const bom = canonicalFile({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: { component: { hashes: [{ alg: "SHA-256", content: sha256Hex("weights") }] } },
});

const jobId = "0190b0c4-7d7e-7c3a-9f00-0123456789ab";
const seed = sha256Hex("seed");
const messages = [{ role: "user" as const, content: "What is the capital of France?" }];

/** An order of the pool; `changes` replace fields. */
export function manifestWith(changes: Partial<JobManifest> = {}): JobManifest {
  return {
    version: 1,
    type: "infer",
    jobId,
    attempt: 1,
    nonce: "00112233445566778899aabbccddeeff",
    issuedAt: 1_795_000_000_000,
    expiresAt: 1_795_000_300_000,
    node: nodeKey.keyId,
    model: { sha256: sha256Hex("weights"), name: "a model" },
    messages,
    sampler: { temperatureMilli: 700, topK: 40, topPMilli: 950, minPMilli: 50 },
    maxTokens: 256,
    seed,
    seedCommitment: seedCommitment(jobId, seed),
    promptCommitment: promptCommitment(promptSalt, messages),
    lineageDigest: sha256Hex(bom),
    rulesetDigest: sha256Hex("rules"),
    checkpoint: null,
    ...changes,
  };
}

/** The statement an honest node makes about `answer`. */
export function statementFor(manifest: JobManifest): GenerateStatement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: "answer.txt", digest: { sha256: sha256Hex(answer) } }],
    predicateType: GENERATE_PREDICATE_TYPE,
    predicate: {
      role: "generate",
      jobId: manifest.jobId,
      attempt: manifest.attempt,
      nonce: manifest.nonce,
      expiresAt: manifest.expiresAt,
      node: manifest.node,
      pool: poolKey.keyId,
      manifest: sha256Hex(canonicalBytes(manifest)),
      worker: { name: "substrate-worker", version: "0.1.0" },
      engine: {
        name: "llama",
        library: "node-llama-cpp 3.21.1",
        release: "b9999",
        backend: "cpu",
        auditable: true,
      },
      model: { sha256: manifest.model.sha256 },
      chatTemplate: sha256Hex(""),
      sampler: manifest.sampler,
      maxTokens: manifest.maxTokens,
      seedCommitment: manifest.seedCommitment,
      promptCommitment: manifest.promptCommitment,
      tokens: { sha256: tokenIdsDigest(tokenIds), count: tokenIds.length },
      memory: [],
      lineageDigest: manifest.lineageDigest,
      rulesetDigest: manifest.rulesetDigest,
      checkpoint: manifest.checkpoint,
      usage: { promptTokens: 12, completionTokens: tokenIds.length, turnsDropped: 0 },
      durationMs: { load: 0, prefill: 20, generate: 40 },
      finishReason: "stop",
    },
  };
}

/** A value of JSON's kind, signed by a node as an in-toto statement. */
export function signStatement(statement: unknown, key: SigningKey = nodeKey): Envelope {
  return signEnvelope(key, STATEMENT_PAYLOAD_TYPE, canonicalBytes(statement));
}

export function signManifest(manifest: JobManifest, key: SigningKey = poolKey): Envelope {
  return signEnvelope(key, MANIFEST_PAYLOAD_TYPE, canonicalBytes(manifest));
}

/** A whole export as an asker saves it. */
export function samplePack(
  manifest: JobManifest = manifestWith(),
  statement: GenerateStatement = statementFor(manifest),
): Map<string, Uint8Array> {
  return buildExportPack({
    answer,
    envelope: signStatement(statement),
    manifest: signManifest(manifest),
    promptSalt,
    leafSalt,
    seed: manifest.seed,
    bom,
    nodePublicKeyPem: publicKeyToPem(nodeKey.publicKey),
    poolPublicKeyPem: publicKeyToPem(poolKey.publicKey),
  });
}
