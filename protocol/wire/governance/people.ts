import Type from "typebox";
import { Actor } from "../policy.ts";
import { EpochMs, PlatformId, Uuid } from "../primitives.ts";

const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });

/** Where something was said; `thread` and `message` are the platform's own ids. */
export const Place = Type.Object(
  {
    community: PlatformId,
    room: PlatformId,
    thread: Type.Optional(nullable(PlatformId)),
    message: Type.Optional(nullable(PlatformId)),
  },
  closed,
);
export type Place = Type.Static<typeof Place>;

/** POST /v1/links: a one-time code for this account's person. Show it privately. */
export const LinkRequest = Type.Object({ actor: Actor }, closed);
export const LinkCode = Type.Object(
  { code: Type.String(), expiresAt: EpochMs, words: Type.String() },
  closed,
);
export type LinkCode = Type.Static<typeof LinkCode>;

/** POST /v1/links/redeem: from the other account, in private. The two persons become one. */
export const RedeemRequest = Type.Object(
  { actor: Actor, code: Type.String({ minLength: 1, maxLength: 60 }) },
  closed,
);
/** POST /v1/links/unlink: the account stands alone again; membership and ballots stay with the other accounts. */
export const UnlinkRequest = Type.Object(
  { actor: Actor, account: Type.Optional(PlatformId) },
  closed,
);

/** A ballot kept or given up when two members turned out to be one person. */
export const MergedBallot = Type.Object(
  {
    proposal: Type.Integer({ minimum: 1 }),
    kept: Type.String(),
    /** Receipt of the earlier ballot, which no longer counts. */
    dropped: Type.String(),
  },
  closed,
);
export type MergedBallot = Type.Static<typeof MergedBallot>;
export const LinkOutcome = Type.Object(
  {
    accounts: Type.Array(PlatformId),
    words: Type.String(),
    mergedBallots: Type.Array(MergedBallot),
  },
  closed,
);
export type LinkOutcome = Type.Static<typeof LinkOutcome>;

/** GET /v1/governance/me?account=…: for the person alone. */
export const MeView = Type.Object(
  {
    accounts: Type.Array(PlatformId),
    member: Type.Object(
      {
        state: Type.Enum(["guest", "waiting", "member"]),
        /** Since when a member; null for a guest. */
        since: nullable(EpochMs),
        /** From when proposals count this person in; null for a guest. */
        votesFrom: nullable(EpochMs),
        vouches: count,
        vouchesNeeded: count,
        words: Type.String(),
      },
      closed,
    ),
    producer: Type.Object(
      {
        nodes: count,
        credits: count,
        /** In the producers' house, in millionths; null: no seat there. */
        weightMillionths: nullable(count),
        words: Type.String(),
      },
      closed,
    ),
    steward: Type.Boolean(),
    agents: Type.Array(Type.Object({ name: Type.String(), account: PlatformId }, closed)),
    reminders: Type.Boolean(),
    ballots: Type.Array(
      Type.Object(
        {
          proposal: Type.Integer({ minimum: 1 }),
          title: Type.String(),
          receipt: Type.String(),
          castAt: EpochMs,
          state: Type.Enum(["counts", "withdrawn", "void", "merged"]),
        },
        closed,
      ),
    ),
    /** Proposals this person may vote on and has not. */
    open: Type.Array(
      Type.Object(
        { proposal: Type.Integer({ minimum: 1 }), title: Type.String(), voteUntil: EpochMs },
        closed,
      ),
    ),
  },
  closed,
);
export type MeView = Type.Static<typeof MeView>;

/** POST /v1/members/vouches: a member (in the founding period a steward or moderator, alone) vouches for an account. */
export const VouchRequest = Type.Object({ actor: Actor, account: PlatformId }, closed);
export type VouchRequest = Type.Static<typeof VouchRequest>;
export const VouchOutcome = Type.Object(
  {
    account: PlatformId,
    vouches: count,
    needed: count,
    member: Type.Boolean(),
    words: Type.String(),
  },
  closed,
);

/** POST /v1/agents: declares an agent; the actor is its controller and answers for it. */
export const AgentRequest = Type.Object(
  {
    actor: Actor,
    name: Type.String({ minLength: 1, maxLength: 60 }),
    purpose: Type.String({ minLength: 1, maxLength: 500 }),
    /** The account the agent acts by. */
    account: PlatformId,
  },
  closed,
);
export const AgentView = Type.Object(
  {
    name: Type.String(),
    purpose: Type.String(),
    account: PlatformId,
    controller: PlatformId,
    declaredAt: EpochMs,
  },
  closed,
);
export type AgentView = Type.Static<typeof AgentView>;
export const AgentsView = Type.Object({ agents: Type.Array(AgentView) }, closed);

/** PUT /v1/governance/reminders: a private reminder a day before a vote closes. GET ?account= reads it. */
export const ReminderRequest = Type.Object({ actor: Actor, on: Type.Boolean() }, closed);
export const ReminderView = Type.Object({ account: PlatformId, on: Type.Boolean() }, closed);

/** POST /v1/emergencies: the first of two stewards. POST /v1/emergencies/:id/second: the other. */
export const EmergencyRequest = Type.Object(
  {
    actor: Actor,
    place: Place,
    subject: Type.Enum(["node", "model", "member"]),
    /** Node key id or name, model digest or name, or account. */
    id: PlatformId,
    reason: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  closed,
);
export type EmergencyRequest = Type.Static<typeof EmergencyRequest>;
export const SecondRequest = Type.Object({ actor: Actor }, closed);
export const EmergencyView = Type.Object(
  {
    id: Uuid,
    subject: Type.String(),
    subjectId: Type.String(),
    subjectName: Type.String(),
    reason: Type.String(),
    state: Type.Enum(["awaiting-second", "in-force", "ratified", "lapsed", "expired", "ended"]),
    words: Type.String(),
    stewards: Type.Array(PlatformId),
    proposedAt: EpochMs,
    inForceAt: nullable(EpochMs),
    lapsesAt: nullable(EpochMs),
    /** The proposal by which members ratify it. */
    proposal: nullable(Type.Integer({ minimum: 1 })),
  },
  closed,
);
export type EmergencyView = Type.Static<typeof EmergencyView>;
export const EmergenciesView = Type.Object({ emergencies: Type.Array(EmergencyView) }, closed);

/** GET /v1/governance/stewards */
export const StewardsView = Type.Object(
  {
    stewards: Type.Array(
      Type.Object({ accounts: Type.Array(PlatformId), since: EpochMs, how: Type.String() }, closed),
    ),
    founding: Type.Boolean(),
    words: Type.String(),
  },
  closed,
);
