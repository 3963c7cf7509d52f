import Type from "typebox";
import { Answer, JobState, ModelRef } from "./http.ts";
import { EpochMs, KeyId, PlatformId, Uuid } from "./primitives.ts";

/** What a member can see and have erased of themselves. */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });

/** What a person may still ask today in one place. */
export const Quota = Type.Object(
  {
    /** Questions a day; null: no limit here. */
    limit: nullable(count),
    /** Added by answers that the person's own machines gave in the last 24 hours. */
    bonus: count,
    /** Asked today where the limit holds, all linked accounts together; failed ones do not count. */
    used: count,
    /** Null: no limit. */
    left: nullable(count),
    /** When a new day begins (UTC). */
    resetsAt: EpochMs,
  },
  closed,
);
export type Quota = Type.Static<typeof Quota>;

/** GET /v1/members/:account?community=&room= */
export const Member = Type.Object(
  {
    person: Uuid,
    accounts: Type.Array(
      Type.Object(
        { account: PlatformId, firstSeenAt: EpochMs, linkedAt: nullable(EpochMs) },
        closed,
      ),
    ),
    quota: Quota,
    /** The person's own machines. */
    nodes: Type.Array(
      Type.Object(
        {
          keyId: KeyId,
          name: Type.String(),
          online: Type.Boolean(),
          /** Answers and credits (completion tokens) ever, and in the last 24 hours. */
          answers: count,
          credits: count,
          lastDay: Type.Object({ answers: count, credits: count }, closed),
        },
        closed,
      ),
    ),
    /** Of all their nodes together. */
    credits: count,
  },
  closed,
);
export type Member = Type.Static<typeof Member>;

const proposal = Type.Integer({ minimum: 1 });
const Stage = Type.Enum(["vote", "ratify"]);

/** What a person did and is where the pool decides. Each list has the newest first, at most 1,000. */
const GovernanceData = Type.Object(
  {
    member: nullable(
      Type.Object({ since: EpochMs, votesFrom: EpochMs, how: Type.String() }, closed),
    ),
    steward: nullable(Type.Object({ since: EpochMs, how: Type.String() }, closed)),
    links: Type.Array(
      Type.Object(
        { account: PlatformId, firstSeenAt: EpochMs, linkedAt: nullable(EpochMs) },
        closed,
      ),
    ),
    /** When codes were made and by whom they were used; a code itself is kept nowhere. */
    linkCodes: Type.Array(
      Type.Object(
        {
          account: PlatformId,
          madeAt: EpochMs,
          usedAt: nullable(EpochMs),
          usedBy: nullable(PlatformId),
        },
        closed,
      ),
    ),
    /** The account that is reminded of votes. */
    reminders: nullable(PlatformId),
    /** Words given for others, and by others for this person. */
    vouches: Type.Array(Type.Object({ given: Type.Boolean(), at: EpochMs }, closed)),
    agents: Type.Array(
      Type.Object(
        { name: Type.String(), purpose: Type.String(), account: PlatformId, declaredAt: EpochMs },
        closed,
      ),
    ),
    proposals: Type.Array(
      Type.Object(
        {
          number: proposal,
          title: Type.String(),
          reason: Type.String(),
          kind: Type.String(),
          revision: Type.Integer({ minimum: 1 }),
          at: EpochMs,
        },
        closed,
      ),
    ),
    options: Type.Array(
      Type.Object({ proposal, option: Type.String(), title: Type.String(), at: EpochMs }, closed),
    ),
    /** Backings, objections, holds, and options asked for. */
    backings: Type.Array(
      Type.Object(
        {
          proposal,
          kind: Type.String(),
          account: PlatformId,
          reason: nullable(Type.String()),
          at: EpochMs,
        },
        closed,
      ),
    ),
    seats: Type.Array(
      Type.Object({ proposal, house: Type.String(), weightMillionths: count }, closed),
    ),
    ballots: Type.Object(
      {
        cast: Type.Array(
          Type.Object(
            {
              proposal,
              title: Type.String(),
              sealed: Type.Boolean(),
              stage: Stage,
              account: PlatformId,
              receipt: Type.String(),
              state: Type.String(),
              at: EpochMs,
              /** As people write it; null where the vote is sealed: nobody is shown that, not even its voter. */
              choice: nullable(Type.String()),
              reason: nullable(Type.String()),
            },
            closed,
          ),
        ),
        /** Lines in the roll calls of votes that are closed. */
        named: Type.Array(
          Type.Object(
            {
              proposal,
              title: Type.String(),
              stage: Stage,
              account: PlatformId,
              choice: Type.String(),
              reason: nullable(Type.String()),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    /** Emergency acts: as a steward, or about this person. */
    emergencies: Type.Array(
      Type.Object(
        {
          subject: Type.String(),
          about: Type.String(),
          reason: Type.String(),
          state: Type.String(),
          asSteward: Type.Boolean(),
          at: EpochMs,
        },
        closed,
      ),
    ),
  },
  closed,
);

/** GET /v1/members/:account/data: everything the pool keeps of what this person wrote, newest first. */
export const MemberData = Type.Object(
  {
    person: Uuid,
    accounts: Type.Array(PlatformId),
    exportedAt: EpochMs,
    /** False where only the newest questions fit. */
    complete: Type.Boolean(),
    questions: Type.Array(
      Type.Object(
        {
          id: Uuid,
          account: PlatformId,
          community: PlatformId,
          room: PlatformId,
          askedAt: EpochMs,
          state: JobState,
          model: ModelRef,
          private: Type.Boolean(),
          prompt: Type.String(),
          answer: nullable(Type.Pick(Answer, ["text", "receiptId"])),
          /** Set where the text is erased. */
          erasedAt: nullable(EpochMs),
        },
        closed,
      ),
    ),
    reports: Type.Array(Type.Object({ jobId: Uuid, reason: Type.String(), at: EpochMs }, closed)),
    governance: GovernanceData,
  },
  closed,
);
export type MemberData = Type.Static<typeof MemberData>;

/** DELETE /v1/members/:account/data */
export const Erased = Type.Object(
  {
    /** Questions whose texts are gone now. */
    questions: count,
    /** Questions that were waiting or being answered and have been stopped. */
    stopped: count,
    /** A sentence: what is gone and what stays. */
    message: Type.String(),
  },
  closed,
);
export type Erased = Type.Static<typeof Erased>;
