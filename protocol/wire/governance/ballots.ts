import Type from "typebox";
import { Actor } from "../policy.ts";
import { EpochMs, PlatformId } from "../primitives.ts";

const closed = { additionalProperties: false } as const;
const optionId = Type.String({ pattern: "^[A-Z]$" });

/**
 * What a ballot says. Doors with buttons and forms send it in parts; `text` is what a person typed:
 * `yes`, `A,C`, `A>C=B`, `A=5 B=3`. The pool reads either by the proposal's ballot kind.
 */
export const ChoiceInput = Type.Union([
  Type.Object({ text: Type.String({ minLength: 1, maxLength: 500 }) }, closed),
  Type.Object({ answer: Type.Enum(["yes", "no", "abstain"]) }, closed),
  Type.Object({ approve: Type.Array(optionId, { maxItems: 26 }) }, closed),
  /** Best rank first; options in one rank are equal. */
  Type.Object(
    { rank: Type.Array(Type.Array(optionId, { maxItems: 26 }), { maxItems: 26 }) },
    closed,
  ),
  /** Scores 0 … highestScore; or, by quadratic voting, votes that may be below zero. */
  Type.Object(
    {
      scores: Type.Record(
        Type.String({ pattern: "^[A-Z]$" }),
        Type.Integer({ minimum: -100, maximum: 100 }),
      ),
    },
    closed,
  ),
]);
export type ChoiceInput = Type.Static<typeof ChoiceInput>;

/** A ballot as it is counted and published. */
export const Choice = Type.Union([
  Type.Object({ answer: Type.Enum(["yes", "no", "abstain"]) }, closed),
  Type.Object({ approve: Type.Array(optionId) }, closed),
  Type.Object({ rank: Type.Array(Type.Array(optionId)) }, closed),
  Type.Object({ scores: Type.Record(Type.String(), Type.Integer()) }, closed),
]);
export type Choice = Type.Static<typeof Choice>;

/**
 * POST /v1/proposals/:number/ballots. `eventId` is the platform's own (the same twice: the same ballot);
 * `revision` is the one the voter was shown: after an edit the ballot is refused, with the new card.
 */
export const BallotRequest = Type.Object(
  {
    actor: Actor,
    eventId: PlatformId,
    revision: Type.Optional(Type.Integer({ minimum: 1 })),
    choice: ChoiceInput,
    /** Kept and printed with the result; in a sealed poll sealed too, and without a name. */
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);
export type BallotRequest = Type.Static<typeof BallotRequest>;

/** POST /v1/proposals/:number/ballots/withdraw: until the vote closes. */
export const WithdrawBallotRequest = Type.Object({ actor: Actor, eventId: PlatformId }, closed);

/** For the voter alone. It shows that the ballot is in the log, and not what it says. */
export const BallotReceipt = Type.Object(
  {
    proposal: Type.Integer({ minimum: 1 }),
    revision: Type.Integer({ minimum: 1 }),
    /** Short code a person can keep; GET /v1/proposals/:number/receipts/:receipt looks it up. */
    receipt: Type.String(),
    state: Type.Enum(["counts", "replaced", "withdrawn", "void", "merged"]),
    /** Place in the proposal's ballot log, from 0, and the hash of the entry, which the next one includes. */
    logIndex: Type.Integer({ minimum: 0 }),
    logHash: Type.String(),
    castAt: EpochMs,
    /** Until when it can be changed or withdrawn. */
    until: EpochMs,
    /** It replaced an earlier ballot of the same person. */
    changed: Type.Boolean(),
    words: Type.String(),
  },
  closed,
);
export type BallotReceipt = Type.Static<typeof BallotReceipt>;
