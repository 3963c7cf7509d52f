import Type from "typebox";
import { JobState, LostAttempt, ModelRef } from "./http.ts";
import { Actor } from "./policy.ts";
import { EpochMs, KeyId, PlatformId, Uuid } from "./primitives.ts";

/** What moderators see and do: nodes, waiting questions, failures, reports. */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });
const reason = Type.String({ minLength: 1, maxLength: 1000 });

/**
 * `paused` and `draining`: no new questions, running answers are finished (draining tells that the node is to
 * go). `barred`: running answers move on too; pool-wide, the node is not let in at all.
 */
export const StandingState = Type.Union([
  Type.Literal("paused"),
  Type.Literal("draining"),
  Type.Literal("barred"),
]);
export type StandingState = Type.Static<typeof StandingState>;

/** A community's id, or `*` for the whole pool. */
export const StandingScope = PlatformId;

export const Standing = Type.Object(
  {
    scope: StandingScope,
    state: StandingState,
    reason: Type.String(),
    by: PlatformId,
    at: EpochMs,
    /** Ends by itself then; null: until lifted. */
    until: nullable(EpochMs),
  },
  closed,
);
export type Standing = Type.Static<typeof Standing>;

/** PUT /v1/nodes/:keyId/standing */
export const StandingRequest = Type.Object(
  {
    actor: Actor,
    scope: StandingScope,
    state: StandingState,
    reason,
    until: Type.Optional(EpochMs),
  },
  closed,
);
export type StandingRequest = Type.Static<typeof StandingRequest>;

/** DELETE /v1/nodes/:keyId/standing */
export const StandingLift = Type.Object({ actor: Actor, scope: StandingScope }, closed);
export type StandingLift = Type.Static<typeof StandingLift>;

/** `open`: like any other node of the pool. */
export const TrustClass = Type.Union([
  Type.Literal("own"),
  Type.Literal("trusted"),
  Type.Literal("open"),
]);
export type TrustClass = Type.Static<typeof TrustClass>;

/** PUT /v1/nodes/:keyId/trust */
export const TrustRequest = Type.Object(
  { actor: Actor, community: PlatformId, class: TrustClass },
  closed,
);
export type TrustRequest = Type.Static<typeof TrustRequest>;

/** A node as one community sees it. */
export const CommunityNode = Type.Object(
  {
    keyId: KeyId,
    name: Type.String(),
    online: Type.Boolean(),
    trust: TrustClass,
    /** What holds for this community's questions: its own and the pool's standings. */
    standings: Type.Array(Standing),
    /** Answers this node is writing for this community now, and has written in the last 24 hours. */
    running: count,
    lastDay: count,
    lastSeenAt: EpochMs,
  },
  closed,
);
export type CommunityNode = Type.Static<typeof CommunityNode>;
/** GET /v1/communities/:id/nodes: for every member, since these machines see the members' questions. */
export const CommunityNodes = Type.Object(
  {
    nodes: Type.Array(CommunityNode),
    /** The one who looks may hold nodes back for this community; false where nobody is named. */
    mayDecide: Type.Boolean(),
  },
  closed,
);
export type CommunityNodes = Type.Static<typeof CommunityNodes>;

/** Standings and trust of one node, after a change. */
export const NodeStandings = Type.Object(
  {
    keyId: KeyId,
    name: Type.String(),
    standings: Type.Array(Standing),
    trust: Type.Array(Type.Object({ community: PlatformId, class: TrustClass }, closed)),
  },
  closed,
);
export type NodeStandings = Type.Static<typeof NodeStandings>;

/** GET /v1/communities/:id/waiting: oldest first, at most 100. */
export const Waiting = Type.Object(
  {
    total: count,
    jobs: Type.Array(
      Type.Object(
        {
          id: Uuid,
          member: PlatformId,
          room: PlatformId,
          model: ModelRef,
          askedAt: EpochMs,
          expiresAt: EpochMs,
          ahead: count,
          etaMs: nullable(count),
          /** Why it waits, where there is more to say than its place. */
          notice: nullable(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Waiting = Type.Static<typeof Waiting>;

/** GET /v1/communities/:id/failures: questions without an answer in the last 24 hours, newest first, at most 100. */
export const Failures = Type.Object(
  {
    total: count,
    jobs: Type.Array(
      Type.Object(
        {
          id: Uuid,
          state: JobState,
          member: PlatformId,
          room: PlatformId,
          model: ModelRef,
          askedAt: EpochMs,
          endedAt: EpochMs,
          notice: nullable(Type.Object({ code: Type.String(), message: Type.String() }, closed)),
          attempts: Type.Array(LostAttempt),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Failures = Type.Static<typeof Failures>;

/** POST /v1/jobs/:id/reports. Reporting the same answer again gives the first report. */
export const ReportRequest = Type.Object({ actor: Actor, reason }, closed);
export type ReportRequest = Type.Static<typeof ReportRequest>;

export const Report = Type.Object(
  {
    id: Uuid,
    jobId: Uuid,
    community: PlatformId,
    /** Room of the reported answer. */
    room: PlatformId,
    /** Where the community's moderators want to see it; null: nowhere. */
    reportRoom: nullable(PlatformId),
    receiptId: nullable(Type.String()),
    nodes: Type.Array(Type.Object({ keyId: KeyId, name: Type.String() }, closed)),
    account: PlatformId,
    reason: Type.String(),
    at: EpochMs,
    handledBy: nullable(PlatformId),
    handledAt: nullable(EpochMs),
  },
  closed,
);
export type Report = Type.Static<typeof Report>;

/** GET /v1/communities/:id/reports: open ones first, newest first, at most 100. */
export const Reports = Type.Object({ reports: Type.Array(Report) }, closed);
export type Reports = Type.Static<typeof Reports>;

/** POST /v1/reports/:id/handled */
export const ReportHandled = Type.Object({ actor: Actor }, closed);
export type ReportHandled = Type.Static<typeof ReportHandled>;
