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
