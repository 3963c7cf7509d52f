import Type from "typebox";
import { GenerateStatement } from "../receipts/statement.ts";
import { EngineDescription, ModelFetch, NodeConditions } from "./gateway.ts";
import { Lineage } from "./lineage.ts";
import {
  DisclosureClass,
  EpochMs,
  FinishReason,
  KeyId,
  PlatformId,
  SamplerSettings,
  Sha256Hex,
  Uuid,
} from "./primitives.ts";

/** The pool's HTTP API, as doors see it. Every route but /healthz, /readyz and /openapi.json takes `Authorization: Bearer <service token>`. */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });

/** Every error body. `code` is stable; `message` is a sentence for a person: what happened and what to do. */
export const ApiError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String(),
        message: Type.String(),
        /** When it will do again, where that is known (`quota_reached`). */
        resetsAt: Type.Optional(EpochMs),
      },
      closed,
    ),
  },
  closed,
);
export type ApiError = Type.Static<typeof ApiError>;

export const AskOptions = Type.Object(
  {
    /** SHA-256 of a model file, or a model's name or id; absent: the pool chooses the most capable one online. */
    model: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    maxTokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 32768 })),
    sampler: Type.Optional(Type.Partial(SamplerSettings)),
    /** Keep the job when no node with this model is online (default false: fail at once, in words). */
    wait: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type AskOptions = Type.Static<typeof AskOptions>;

const PrivacyClass = Type.Union([
  Type.Literal("own"),
  Type.Literal("trusted"),
  Type.Literal("open"),
]);

/** What the door vouches for of who asks, and how they ask. */
const asking = {
  /** Roles the platform gives the member here. */
  roles: Type.Optional(Type.Array(PlatformId, { maxItems: 500 })),
  /** The member moderates this community by the platform's word. */
  moderator: Type.Optional(Type.Boolean()),
  /** Room that a thread hangs in: its settings hold in the thread. */
  parentRoom: Type.Optional(PlatformId),
  /** Shown to the asker only, on all their linked accounts. */
  private: Type.Optional(Type.Boolean()),
  /** Whose machines may answer: tighter than the place's own class, never wider. */
  privacy: Type.Optional(PrivacyClass),
};

/** POST /v1/jobs. The same (community, requestKey) gives the same job back. */
export const AskRequest = Type.Object(
  {
    community: PlatformId,
    member: PlatformId,
    room: PlatformId,
    /** The platform's own event id. */
    requestKey: PlatformId,
    prompt: Type.String({ maxLength: 200_000 }),
    /** Job whose answer this replies to: its conversation goes on. */
    continues: Type.Optional(Uuid),
    options: Type.Optional(AskOptions),
    ...asking,
  },
  closed,
);
export type AskRequest = Type.Static<typeof AskRequest>;

/** POST /v1/jobs/:id/again: the same question and conversation, a new job and seed. */
export const AgainRequest = Type.Object(
  {
    member: PlatformId,
    requestKey: PlatformId,
    options: Type.Optional(AskOptions),
    ...asking,
  },
  closed,
);
export type AgainRequest = Type.Static<typeof AgainRequest>;

/**
 * POST /v1/jobs/:id/cancel. Safe to repeat; answers with the job as it is now. For the asker, from any linked
 * account, and for moderators of the job's community: `community` says where `moderator` and `roles` hold.
 */
export const CancelRequest = Type.Object(
  {
    member: PlatformId,
    moderator: Type.Optional(Type.Boolean()),
    roles: Type.Optional(Type.Array(PlatformId, { maxItems: 500 })),
    community: Type.Optional(PlatformId),
  },
  closed,
);
export type CancelRequest = Type.Static<typeof CancelRequest>;

/**
 * queued → running → done | cancelled | failed; queued → expired; running → queued when a node leaves.
 * A job stopped in mid-answer is `cancelled` and keeps the signed part of the answer.
 */
export const JobState = Type.Union([
  Type.Literal("queued"),
  Type.Literal("running"),
  Type.Literal("done"),
  Type.Literal("cancelled"),
  Type.Literal("failed"),
  Type.Literal("expired"),
]);
export type JobState = Type.Static<typeof JobState>;

export const NodeRef = Type.Object(
  {
    keyId: KeyId,
    name: Type.String(),
    /** `generate`; later `verify`, `embed`, `moderate`, `aggregate`. */
    role: Type.String(),
  },
  closed,
);
export type NodeRef = Type.Static<typeof NodeRef>;
export const ModelRef = Type.Object({ sha256: Sha256Hex, name: Type.String() }, closed);
export type ModelRef = Type.Static<typeof ModelRef>;

export const Answer = Type.Object(
  {
    text: Type.String(),
    finishReason: FinishReason,
    promptTokens: count,
    completionTokens: count,
    /** Completion tokens per second of generating, as the node measured; 0 when it took under 1 ms. */
    tokensPerSecond: Type.Number({ minimum: 0 }),
    turnsDropped: count,
    nodes: Type.Array(NodeRef),
    model: ModelRef,
    /** One line for the footer (Lineage.line). */
    lineageLine: Type.String(),
    /** Short receipt id a person can read out; names the receipt in the pool. */
    receiptId: Type.String(),
    auditable: Type.Boolean(),
  },
  closed,
);
export type Answer = Type.Static<typeof Answer>;

/** Earlier try of the same job that did not end in an answer. */
export const LostAttempt = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1 }),
    node: nullable(NodeRef),
    /** `node_left`, `node_silent`, `node_refused`, `receipt_refused`, `bad_frames`, `pool_restarted`. */
    code: Type.String(),
    /** For the asker: `The node "x" left; the answer starts again on another node.` */
    message: Type.String(),
  },
  closed,
);
export type LostAttempt = Type.Static<typeof LostAttempt>;

export const Job = Type.Object(
  {
    id: Uuid,
    state: JobState,
    community: PlatformId,
    member: PlatformId,
    room: PlatformId,
    createdAt: EpochMs,
    model: ModelRef,
    /** Published before the job is assigned. */
    seedCommitment: Sha256Hex,
    continues: nullable(Uuid),
    /** Jobs in front of this one; null unless queued. */
    ahead: nullable(count),
    /** Estimate from the last answers of this queue; null when there is nothing to judge by. */
    etaMs: nullable(count),
    /** Node at work; null unless running. */
    node: nullable(NodeRef),
    lostAttempts: Type.Array(LostAttempt),
    /** For `done`, and for `cancelled` where a node had begun and signed its part. */
    answer: nullable(Answer),
    /** For `failed` and `expired`; also when queued with nobody to answer yet. */
    notice: nullable(Type.Object({ code: Type.String(), message: Type.String() }, closed)),
    /** Shown to its asker only; absent: false. */
    private: Type.Optional(Type.Boolean()),
    /** Whose machines may answer; absent: every node of the pool. */
    privacy: Type.Optional(PrivacyClass),
    /** When question and answer were erased; `notice` says so in words. */
    erasedAt: Type.Optional(EpochMs),
  },
  closed,
);
export type Job = Type.Static<typeof Job>;

/**
 * GET /v1/jobs/:id/events, server-sent events; the event's name is the key, its data the JSON value.
 * Begins with the present state (`queued`, or `started` and one `text` with all so far), ends with `end`.
 * A comment line every 15 s keeps proxies from closing it.
 */
export const JobEvents = {
  /** Place and estimate; again whenever they change. */
  queued: Type.Object(
    { ahead: count, etaMs: nullable(count), notice: nullable(Type.String()) },
    closed,
  ),
  started: Type.Object({ attempt: Type.Integer({ minimum: 1 }), node: NodeRef }, closed),
  /** `offset`: UTF-16 units of this attempt's text before this piece; 0 starts over. */
  text: Type.Object(
    { attempt: Type.Integer({ minimum: 1 }), offset: count, text: Type.String() },
    closed,
  ),
  /** The node is gone; what was shown so far is void. */
  moved: LostAttempt,
  /** Final state, with answer or notice. */
  end: Job,
} as const;
export type JobEvent = {
  [K in keyof typeof JobEvents]: { event: K; data: Type.Static<(typeof JobEvents)[K]> };
}[keyof typeof JobEvents];

export const Check = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    state: Type.Union([Type.Literal("passed"), Type.Literal("failed"), Type.Literal("not run")]),
    /** What it means, or why it did not run. */
    detail: Type.String(),
  },
  closed,
);
export type Check = Type.Static<typeof Check>;

/** GET /v1/jobs/:id/provenance: all that is known of where an answer came from. */
export const Provenance = Type.Object(
  {
    job: Job,
    answerSha256: Sha256Hex,
    nodes: Type.Array(
      Type.Object(
        {
          keyId: KeyId,
          name: Type.String(),
          role: Type.String(),
          engine: nullable(EngineDescription),
          enrolledAt: EpochMs,
        },
        closed,
      ),
    ),
    modelBytes: nullable(count),
    /** What the place's moderators or members tell the model before each question; absent: nothing. */
    instructions: Type.Optional(Type.Object({ sha256: Sha256Hex, text: Type.String() }, closed)),
    lineage: Lineage,
    receipt: Type.Object(
      {
        id: Type.String(),
        statement: GenerateStatement,
        signatureBase64: Type.String(),
        signerKeyId: KeyId,
        signerPublicKeyPem: Type.String(),
        poolKeyId: KeyId,
        receivedAt: EpochMs,
        /** Log leaf (commitment); index null while the pool publishes no log. */
        leaf: Sha256Hex,
      },
      closed,
    ),
    checks: Type.Array(Check),
    /** Steps to verify it oneself, one per entry. */
    howToVerify: Type.Array(Type.String()),
  },
  closed,
);
export type Provenance = Type.Static<typeof Provenance>;

export const PoolModel = Type.Object(
  {
    sha256: Sha256Hex,
    name: Type.String(),
    bytes: nullable(count),
    licence: nullable(Type.String()),
    disclosure: nullable(DisclosureClass),
    lineage: Lineage,
    nodesOnline: count,
    waiting: count,
  },
  closed,
);
export type PoolModel = Type.Static<typeof PoolModel>;
/** GET /v1/models, most capable first: the first online one is the default. */
export const PoolModels = Type.Object({ models: Type.Array(PoolModel) }, closed);
export type PoolModels = Type.Static<typeof PoolModels>;

export const PoolNode = Type.Object(
  {
    keyId: KeyId,
    name: Type.String(),
    online: Type.Boolean(),
    slots: count,
    busy: count,
    models: Type.Array(ModelRef),
    fetches: Type.Array(ModelFetch),
    engine: nullable(EngineDescription),
    tokensPerSecond: nullable(count),
    /** Answers and completion tokens in the last hour. */
    lastHour: Type.Object({ answers: count, tokens: count }, closed),
    lastSeenAt: nullable(EpochMs),
    /** Whether its owner lets it take answers now, within which limits, and what it measured; absent when it does not say. */
    conditions: Type.Optional(NodeConditions),
  },
  closed,
);
export type PoolNode = Type.Static<typeof PoolNode>;

/** GET /v1/pool */
export const PoolStatus = Type.Object(
  {
    name: Type.String(),
    keyId: KeyId,
    nodes: Type.Array(PoolNode),
    waiting: count,
    running: count,
    /** Answers per minute over the last hour, oldest first, 60 numbers. */
    answersPerMinute: Type.Array(count),
    lastHour: Type.Object(
      { answers: count, tokens: count, failed: count, medianWaitMs: nullable(count) },
      closed,
    ),
    /** What answers without a model choice run on now; null when no node is online. */
    defaultModel: nullable(ModelRef),
  },
  closed,
);
export type PoolStatus = Type.Static<typeof PoolStatus>;
