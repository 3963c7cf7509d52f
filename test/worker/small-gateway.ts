import assert from "node:assert/strict";
import { randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type Type from "typebox";
import { type WebSocket, WebSocketServer } from "ws";
import {
  generateSigningKey,
  keyIdOf,
  publicKeyFromRaw,
  publicKeyToRaw,
  type SigningKey,
} from "../../protocol/keys.ts";
import { jsonParser } from "../../protocol/parse.ts";
import { signPoolTime } from "../../protocol/pool-time.ts";
import {
  promptCommitment,
  seedCommitment,
  sha256Hex,
} from "../../protocol/receipts/commitments.ts";
import { type Envelope, signEnvelope } from "../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import { type JobManifest, MANIFEST_PAYLOAD_TYPE } from "../../protocol/receipts/manifest.ts";
import {
  GATEWAY_PROTOCOL,
  GATEWAY_PROTOCOL_TIME,
  HELLO_DOMAIN,
  type HelloFrame,
  NodeFrame,
  type PoolFrame,
} from "../../protocol/wire/gateway.ts";

const parseNodeFrame = jsonParser(NodeFrame, "frame");
type NodeFrameType<K extends NodeFrame["type"]> = Extract<NodeFrame, { type: K }>;

/** One node's connection, seen from the pool. Every frame was judged by the wire schema. */
export class NodeLink {
  readonly socket: WebSocket;
  readonly hello: Type.Static<typeof HelloFrame>;
  readonly nodeId: string;
  readonly frames: NodeFrame[] = [];
  #waiting: { matches: (frame: NodeFrame) => boolean; done: (frame: NodeFrame) => void }[] = [];

  constructor(socket: WebSocket, hello: Type.Static<typeof HelloFrame>) {
    this.socket = socket;
    this.hello = hello;
    this.nodeId = keyIdOf(publicKeyFromRaw(Buffer.from(hello.publicKey, "base64")));
  }

  /** Resolves when the node has gone. */
  async closed(): Promise<void> {
    if (this.socket.readyState !== this.socket.CLOSED) await once(this.socket, "close");
  }

  receive(frame: NodeFrame): void {
    this.frames.push(frame);
    const ready = this.#waiting.filter((waiter) => waiter.matches(frame));
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.done(frame);
  }

  send(frame: PoolFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The first frame, past or to come, of a type that `also` holds for. */
  frame<K extends NodeFrame["type"]>(
    type: K,
    also: (frame: NodeFrameType<K>) => boolean = () => true,
  ): Promise<NodeFrameType<K>> {
    const matches = (frame: NodeFrame) => frame.type === type && also(frame as NodeFrameType<K>);
    const past = this.frames.find(matches);
    if (past) return Promise.resolve(past as NodeFrameType<K>);
    return new Promise((done) => {
      this.#waiting.push({ matches, done: (frame) => done(frame as NodeFrameType<K>) });
    });
  }

  /** How the node answered a lease: all its text, and its finish or fail frame. */
  async answer(lease: string) {
    const end = await Promise.race([
      this.frame("finish", (frame) => frame.lease === lease),
      this.frame("fail", (frame) => frame.lease === lease),
    ]);
    const texts = this.frames.filter((f) => f.type === "text" && f.lease === lease);
    return {
      end,
      text: texts.map((f) => (f as NodeFrameType<"text">).text).join(""),
      seqs: texts.map((f) => (f as NodeFrameType<"text">).seq),
    };
  }
}

/** A pool's nodes gateway for tests: challenge, hello, welcome; then the test speaks through the link. */
export class SmallGateway {
  readonly key: SigningKey;
  readonly url: string;
  readonly close: () => Promise<void>;
  #links: NodeLink[] = [];
  #waiting: ((link: NodeLink) => void)[] = [];
  #hellos: Type.Static<typeof HelloFrame>[] = [];
  #listening: ((hello: Type.Static<typeof HelloFrame>) => void)[] = [];
  /** Refuses hellos with this message while it is set. */
  refuse: { code: string; message: string } | null = null;
  /** Answers a node's question for the time; null: a pool from before, which knows of no such question. */
  time: ((nonce: string) => Envelope) | null;

  private constructor(key: SigningKey, url: string, close: () => Promise<void>) {
    this.key = key;
    this.url = url;
    this.close = close;
    this.time = (nonce) => signPoolTime(key, nonce, Date.now());
  }

  static async start(key: SigningKey = generateSigningKey(), port = 0): Promise<SmallGateway> {
    const http = createServer();
    const sockets = new WebSocketServer({
      server: http,
      path: "/v1/nodes/connect",
      handleProtocols: () => (gateway.time === null ? GATEWAY_PROTOCOL : GATEWAY_PROTOCOL_TIME),
    });
    http.listen(port, "127.0.0.1");
    await once(http, "listening");
    const gateway = new SmallGateway(
      key,
      `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      async () => {
        for (const client of sockets.clients) client.terminate();
        http.closeAllConnections();
        http.close();
        await once(http, "close");
      },
    );
    sockets.on("connection", (socket) => gateway.#greet(socket));
    return gateway;
  }

  /** The next node that is welcomed, or one that was and nobody took yet. */
  node(): Promise<NodeLink> {
    const link = this.#links.shift();
    return link ? Promise.resolve(link) : new Promise((done) => this.#waiting.push(done));
  }

  /** The first hello, past or to come, that `also` holds for; refused ones too. */
  hello(also: (hello: Type.Static<typeof HelloFrame>) => boolean) {
    const past = this.#hellos.find(also);
    if (past) return Promise.resolve(past);
    return new Promise<Type.Static<typeof HelloFrame>>((done) => {
      this.#listening.push((hello) => also(hello) && done(hello));
    });
  }

  #greet(socket: WebSocket): void {
    const nonce = randomBytes(32);
    const publicKey = publicKeyToRaw(this.key.publicKey).toString("base64");
    const challenge: PoolFrame = {
      type: "challenge",
      nonce: nonce.toString("base64"),
      pool: { name: "test pool", publicKey },
    };
    socket.send(JSON.stringify(challenge));
    let link: NodeLink | null = null;
    socket.on("message", (data) => {
      const frame = parseNodeFrame(String(data));
      if (link !== null) return link.receive(frame);
      assert.equal(frame.type, "hello");
      const hello = frame as Type.Static<typeof HelloFrame>;
      const signed = Buffer.concat([Buffer.from(HELLO_DOMAIN), nonce]);
      const nodeKey = publicKeyFromRaw(Buffer.from(hello.publicKey, "base64"));
      assert.ok(verify(null, signed, nodeKey, Buffer.from(hello.signature, "base64")));
      this.#hellos.push(hello);
      for (const listener of this.#listening) listener(hello);
      if (this.refuse) {
        socket.send(JSON.stringify({ type: "refused", ...this.refuse }));
        return;
      }
      link = new NodeLink(socket, hello);
      const { timeNonce } = hello;
      assert.equal(timeNonce === undefined, socket.protocol === GATEWAY_PROTOCOL);
      const time = timeNonce === undefined ? undefined : this.time?.(timeNonce);
      link.send({ type: "welcome", node: link.nodeId, ...(time && { time }) });
      const waiter = this.#waiting.shift();
      if (waiter) waiter(link);
      else this.#links.push(link);
    });
  }
}

/** A job manifest a worker has no reason to refuse; `changes` give it one. */
export function manifestFor(
  node: string,
  model: { sha256: string; name: string },
  prompt: string,
  changes: Partial<JobManifest> = {},
): JobManifest {
  const jobId = changes.jobId ?? "0198a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b";
  const seed = changes.seed ?? "11".repeat(32);
  const messages = changes.messages ?? [{ role: "user", content: prompt }];
  const now = Date.now();
  return {
    version: 1,
    type: "infer",
    jobId,
    attempt: 1,
    nonce: randomBytes(16).toString("hex"),
    issuedAt: now,
    expiresAt: now + 300_000,
    node,
    model,
    messages,
    sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 50 },
    maxTokens: 64,
    seed,
    seedCommitment: seedCommitment(jobId, seed),
    promptCommitment: promptCommitment("22".repeat(32), messages),
    lineageDigest: sha256Hex("bom"),
    rulesetDigest: sha256Hex("rules"),
    checkpoint: null,
    ...changes,
  };
}

/** Signs a manifest as the pool does. */
export function signedManifest(key: SigningKey, manifest: object): Envelope {
  return signEnvelope(key, MANIFEST_PAYLOAD_TYPE, canonicalBytes(manifest));
}

export const newLease = () => randomBytes(16).toString("base64url");
