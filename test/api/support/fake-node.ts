import { sign } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { WebSocket } from "ws";
import { ECHO_MODEL } from "../../../protocol/echo.ts";
import { generateSigningKey, publicKeyToRaw, type SigningKey } from "../../../protocol/keys.ts";
import {
  sha256Hex,
  tokenIdsDigest,
  tokenIdsToBytes,
} from "../../../protocol/receipts/commitments.ts";
import { type Envelope, signEnvelope } from "../../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import type { JobManifest } from "../../../protocol/receipts/manifest.ts";
import {
  ANSWER_FILE,
  GENERATE_PREDICATE_TYPE,
  type GenerateStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
} from "../../../protocol/receipts/statement.ts";
import {
  GATEWAY_PROTOCOL,
  GATEWAY_PROTOCOL_TIME,
  HELLO_DOMAIN,
  type NodeFrame,
  type OfferedModel,
  type PoolFrame,
} from "../../../protocol/wire/gateway.ts";
import type { FinishReason } from "../../../protocol/wire/primitives.ts";

/** A job the pool handed to this node. */
export interface FakeJob {
  readonly lease: string;
  readonly manifest: JobManifest;
  readonly manifestPayload: Buffer;
  /** Keyid on the manifest's envelope. */
  readonly pool: string;
  seq: number;
  text: string;
}

const ENGINE = {
  name: "echo",
  library: "fake",
  release: "1",
  backend: "none",
  auditable: false,
} as const;

export const ECHO: OfferedModel = {
  ...ECHO_MODEL,
  bytes: 0,
  loaded: true,
  contextTokens: 2048,
  tokensPerSecond: null,
  declared: {},
  chatTemplate: null,
};

/** A volunteer's machine under a test's control: it does what it is told, right or wrong. */
export class FakeNode extends EventEmitter<{ job: [FakeJob]; frame: [PoolFrame]; close: [] }> {
  readonly name: string;
  readonly key: SigningKey;
  readonly jobs: FakeJob[] = [];
  socket!: WebSocket;
  closed: { code: number; reason: string } | null = null;
  /** Secret of an invite to bring along. */
  invite: string | null = null;
  /** Question for the pool's time; null: a worker from before, which knows of no such question. */
  timeNonce: string | null = null;

  constructor(name: string, key: SigningKey = generateSigningKey()) {
    super();
    this.name = name;
    this.key = key;
  }

  /** Connects and says hello; resolves with the pool's answer (`welcome` or `refused`). */
  async connect(
    apiUrl: string,
    enrolmentToken?: string,
    signer: SigningKey = this.key,
    headers: Record<string, string> = {},
  ): Promise<PoolFrame> {
    const url = `${apiUrl.replace("http", "ws")}/v1/nodes/connect`;
    const protocols =
      this.timeNonce === null ? GATEWAY_PROTOCOL : [GATEWAY_PROTOCOL_TIME, GATEWAY_PROTOCOL];
    const socket = new WebSocket(url, protocols, { perMessageDeflate: false, headers });
    this.socket = socket;
    this.closed = null;
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.emit("close");
    });
    const answer = Promise.withResolvers<PoolFrame>();
    socket.on("message", (data) => {
      const frame = JSON.parse(data.toString()) as PoolFrame;
      if (frame.type === "challenge") {
        const nonce = Buffer.from(frame.nonce, "base64");
        const signed = Buffer.concat([Buffer.from(HELLO_DOMAIN), nonce]);
        this.send({
          type: "hello",
          publicKey: publicKeyToRaw(this.key.publicKey).toString("base64"),
          signature: sign(null, signed, signer.privateKey).toString("base64"),
          name: this.name,
          workerVersion: "0",
          ...(enrolmentToken === undefined ? {} : { enrolmentToken }),
          ...(this.invite === null ? {} : { invite: this.invite }),
          ...(this.timeNonce === null ? {} : { timeNonce: this.timeNonce }),
        });
      }
      if (frame.type === "welcome" || frame.type === "refused") answer.resolve(frame);
      if (frame.type === "job") {
        const payload = Buffer.from(frame.manifest.payload, "base64");
        const job: FakeJob = {
          lease: frame.lease,
          manifest: JSON.parse(payload.toString()) as JobManifest,
          manifestPayload: payload,
          pool: frame.manifest.signatures[0].keyid,
          seq: 0,
          text: "",
        };
        this.jobs.push(job);
        this.emit("job", job);
      }
      this.emit("frame", frame);
    });
    return answer.promise;
  }

  ready(models: readonly OfferedModel[] = [ECHO], slots = 1): void {
    const engine = { ...ENGINE, threads: 0, system: "" };
    this.send({ type: "ready", engine, models: [...models], fetches: [], slots });
  }

  send(frame: NodeFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next job handed out after this call. */
  async nextJob(): Promise<FakeJob> {
    const [job] = await once(this, "job");
    return job as FakeJob;
  }

  /** The next frame of this kind after this call. */
  nextFrame<T extends PoolFrame["type"]>(type: T): Promise<Extract<PoolFrame, { type: T }>> {
    return new Promise((resolve) => {
      const hear = (frame: PoolFrame) => {
        if (frame.type !== type) return;
        this.off("frame", hear);
        resolve(frame as Extract<PoolFrame, { type: T }>);
      };
      this.on("frame", hear);
    });
  }

  async whenClosed(): Promise<{ code: number; reason: string }> {
    while (this.closed === null) await once(this, "close");
    return this.closed!;
  }

  say(job: FakeJob, text: string): void {
    this.send({ type: "text", lease: job.lease, seq: job.seq++, text });
    job.text += text;
  }

  finish(job: FakeJob, finishReason: FinishReason = "stop", receipt?: Envelope): void {
    this.send({
      type: "finish",
      lease: job.lease,
      seq: job.seq,
      finishReason,
      tokenIds: tokenIdsToBytes(tokensOf(job.text)).toString("base64"),
      receipt: receipt ?? this.receipt(job, { finishReason }),
    });
  }

  /** Answers one job as an honest echo engine does: "Echo: " and the last message, word by word. */
  answer(job: FakeJob): void {
    const words = `Echo: ${job.manifest.messages.at(-1)?.content}`.split(/(?<= )/);
    for (const word of words) this.say(job, word);
    this.finish(job);
  }

  /** Answers every job at once. */
  echo(): this {
    this.on("job", (job) => this.answer(job));
    return this;
  }

  /** A receipt as an honest node signs it, but for what is overridden. */
  receipt(
    job: FakeJob,
    wrong: { text?: string; key?: SigningKey; finishReason?: FinishReason } = {},
  ): Envelope {
    const { manifest } = job;
    const text = wrong.text ?? job.text;
    const tokens = tokensOf(job.text);
    const statement: GenerateStatement = {
      _type: STATEMENT_TYPE,
      subject: [{ name: ANSWER_FILE, digest: { sha256: sha256Hex(text) } }],
      predicateType: GENERATE_PREDICATE_TYPE,
      predicate: {
        role: "generate",
        jobId: manifest.jobId,
        attempt: manifest.attempt,
        nonce: manifest.nonce,
        expiresAt: manifest.expiresAt,
        node: manifest.node,
        pool: job.pool,
        manifest: sha256Hex(job.manifestPayload),
        worker: { name: "fake", version: "0" },
        engine: ENGINE,
        model: { sha256: manifest.model.sha256 },
        chatTemplate: sha256Hex(""),
        sampler: manifest.sampler,
        maxTokens: manifest.maxTokens,
        seedCommitment: manifest.seedCommitment,
        promptCommitment: manifest.promptCommitment,
        ...(manifest.systemPromptDigest === undefined
          ? {}
          : { systemPromptDigest: manifest.systemPromptDigest }),
        tokens: { sha256: tokenIdsDigest(tokens), count: tokens.length },
        memory: [],
        lineageDigest: manifest.lineageDigest,
        rulesetDigest: manifest.rulesetDigest,
        checkpoint: null,
        usage: { promptTokens: 3, completionTokens: tokens.length, turnsDropped: 0 },
        durationMs: { load: 0, prefill: 1, generate: 10 },
        finishReason: wrong.finishReason ?? "stop",
      },
    };
    return signEnvelope(wrong.key ?? this.key, STATEMENT_PAYLOAD_TYPE, canonicalBytes(statement));
  }

  /** Goes without a word, as a machine that lost power. */
  kill(): void {
    this.socket.terminate();
  }
}

/** One token a word. */
function tokensOf(text: string): Uint32Array {
  return Uint32Array.from(
    text.split(/(?<= )/).filter((word) => word !== ""),
    (_, i) => i,
  );
}
