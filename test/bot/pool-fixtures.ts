import type Type from "typebox";
import type { Answer, Job, PoolModels, PoolStatus, Provenance } from "../../protocol/wire/http.ts";
import type { Lineage } from "../../protocol/wire/lineage.ts";

/** Plausible values in the shapes of protocol/wire/http.ts, for tests of doors. */

export const SERVICE_TOKEN = "test-service-token-0123456789abcdef";

export const SHA = {
  model: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  other: "5f".repeat(32),
  key: `SHA256:${"q".repeat(43)}`,
};

const fact = {
  basis: "stated by maintainer" as const,
  source: "model card and arXiv 2502.02737",
  date: "2026-08-01",
};

const datasets = [
  {
    name: "FineWeb-Edu",
    url: "https://huggingface.co/datasets/HuggingFaceFW/fineweb-edu",
    note: null,
  },
  { name: "DCLM", url: null, note: null },
  { name: "The Stack", url: null, note: "own selection" },
];

export const lineage: Type.Static<typeof Lineage> = {
  entries: [
    {
      id: "smollm2-135m-instruct-q4_1",
      name: "SmolLM2-135M-Instruct Q4_1",
      sha256: SHA.model,
      relation: "quantised",
      licence: "Apache-2.0",
      disclosure: "open",
      datasets: [],
      trainingData: "As its ancestors.",
      sources: [fact],
    },
    {
      id: "smollm2-135m-instruct",
      name: "SmolLM2-135M-Instruct",
      sha256: null,
      relation: "fine-tuned",
      licence: "Apache-2.0",
      disclosure: "open",
      datasets: [{ name: "SmolTalk", url: null, note: null }],
      trainingData: "SmolTalk, then UltraFeedback.",
      sources: [fact],
    },
    {
      id: "smollm2-135m",
      name: "SmolLM2-135M",
      sha256: null,
      relation: "trained",
      licence: "Apache-2.0",
      disclosure: "open",
      datasets,
      trainingData: "2 T tokens of FineWeb-Edu, DCLM, The Stack and own filtered sets.",
      sources: [fact],
    },
  ],
  licence: "Apache-2.0",
  licenceTerms: "keep the copyright and licence notices; say what was changed",
  disclosure: "open",
  line: "SmolLM2-135M-Instruct Q4_1 · Apache-2.0 · training data open",
  noModel: false,
};

export function answerOf(text: string, node: string): Type.Static<typeof Answer> {
  return {
    text,
    finishReason: "stop",
    promptTokens: 24,
    completionTokens: Math.max(1, Math.round(text.length / 4)),
    tokensPerSecond: 187.4,
    turnsDropped: 0,
    nodes: [{ keyId: SHA.key, name: node, role: "generate" }],
    model: { sha256: SHA.model, name: "SmolLM2-135M-Instruct Q4_1" },
    lineageLine: lineage.line,
    receiptId: "k3xq7v2mfa",
    auditable: true,
  };
}

const engine = {
  name: "llama",
  library: "node-llama-cpp 3.21.1",
  release: "b9999",
  backend: "cpu",
  auditable: true,
  threads: 1,
  system: "x86-64, AVX2",
};

export function poolStatus(): Type.Static<typeof PoolStatus> {
  return {
    name: "The Substrate (local)",
    keyId: SHA.key,
    nodes: [
      {
        keyId: SHA.key,
        name: "maple",
        online: true,
        slots: 2,
        busy: 1,
        models: [{ sha256: SHA.model, name: "SmolLM2-135M-Instruct Q4_1" }],
        fetches: [],
        engine,
        tokensPerSecond: 190,
        lastHour: { answers: 12, tokens: 1830 },
        lastSeenAt: 1_760_000_000_000,
      },
    ],
    waiting: 0,
    running: 0,
    answersPerMinute: Array.from({ length: 60 }, (_, at) => ((at * at * 7) % 11) % 5),
    lastHour: { answers: 12, tokens: 1830, failed: 0, medianWaitMs: 240 },
    defaultModel: { sha256: SHA.model, name: "SmolLM2-135M-Instruct Q4_1" },
  };
}

export function poolModels(): Type.Static<typeof PoolModels> {
  const model = {
    sha256: SHA.model,
    name: "SmolLM2-135M-Instruct Q4_1",
    bytes: 98_362_432,
    licence: "Apache-2.0",
    disclosure: "open" as const,
    lineage,
    nodesOnline: 1,
    waiting: 0,
  };
  const demo = {
    ...model,
    sha256: SHA.other,
    name: "Substrate demo",
    bytes: 4_100_000,
    licence: "CC0-1.0",
    lineage: { ...lineage, line: "Substrate demo · CC0-1.0 · training data open" },
  };
  return { models: [model, demo] };
}

export function provenanceOf(job: Type.Static<typeof Job>): Type.Static<typeof Provenance> {
  return {
    job,
    answerSha256: SHA.other,
    nodes: [
      { keyId: SHA.key, name: "maple", role: "generate", engine, enrolledAt: 1_760_000_000_000 },
    ],
    modelBytes: 98_362_432,
    lineage,
    receipt: {
      id: "k3xq7v2mfa",
      statement: {
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: "answer.txt", digest: { sha256: SHA.other } }],
        predicateType: "https://the-substrate.example/receipt/generate/v1",
        predicate: {
          role: "generate",
          jobId: job.id,
          attempt: 1,
          nonce: "0".repeat(32),
          expiresAt: 1_760_000_300_000,
          node: SHA.key,
          pool: SHA.key,
          manifest: SHA.other,
          worker: { name: "substrate-worker", version: "0.1.0" },
          engine: {
            name: "llama",
            library: "node-llama-cpp 3.21.1",
            release: "b9999",
            backend: "cpu",
            auditable: true,
          },
          model: { sha256: SHA.model },
          chatTemplate: SHA.other,
          sampler: { temperatureMilli: 700, topK: 40, topPMilli: 950, minPMilli: 50 },
          maxTokens: 512,
          seedCommitment: SHA.other,
          promptCommitment: SHA.other,
          tokens: { sha256: SHA.other, count: 42 },
          memory: [],
          lineageDigest: SHA.other,
          rulesetDigest: SHA.other,
          checkpoint: null,
          usage: { promptTokens: 24, completionTokens: 42, turnsDropped: 0 },
          durationMs: { load: 0, prefill: 80, generate: 2240 },
          finishReason: "stop",
        },
      },
      signatureBase64: `${"A".repeat(86)}==`,
      signerKeyId: SHA.key,
      signerPublicKeyPem: "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n",
      poolKeyId: SHA.key,
      receivedAt: 1_760_000_003_000,
      leaf: SHA.other,
    },
    checks: [
      {
        id: "signature",
        title: "Signature of the node",
        state: "passed",
        detail: "The receipt is signed by this node's key.",
      },
      {
        id: "text",
        title: "The text is the signed text",
        state: "passed",
        detail: "Its SHA-256 is the receipt's subject.",
      },
      {
        id: "rescored",
        title: "Re-scored by another node",
        state: "not run",
        detail: "This pool does not re-score answers yet.",
      },
      {
        id: "log",
        title: "Public log",
        state: "not run",
        detail: "This pool publishes no log yet.",
      },
    ],
    howToVerify: [
      "Save the answer and its receipt with the button below.",
      "Run: npm run verify -- answer.zip",
      "Or check generate.sigstore.json with any Sigstore verifier and the key in keys/node.pem.",
    ],
  };
}
