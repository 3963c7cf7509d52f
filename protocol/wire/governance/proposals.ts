import Type from "typebox";
import { Actor } from "../policy.ts";
import { EpochMs, PlatformId, Sha256Hex } from "../primitives.ts";
import { Action } from "./actions.ts";
import { BallotReceipt } from "./ballots.ts";
import { Place } from "./people.ts";
import { EffectView } from "./rules.ts";

const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });
const number = Type.Integer({ minimum: 1 });
const words = Type.String();

/** Values of a kind's form, as typed or chosen: name of the field → text. */
export const FormValues = Type.Record(
  Type.String({ maxLength: 40 }),
  Type.String({ maxLength: 4000 }),
);

/** POST /v1/proposals, and POST /v1/proposals/preview (the same card, nothing made). */
export const ProposeRequest = Type.Object(
  {
    actor: Actor,
    /** The platform's own event id: the same twice gives the same proposal. */
    requestKey: PlatformId,
    place: Place,
    kind: Type.String({ maxLength: 40 }),
    fields: FormValues,
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  closed,
);
export type ProposeRequest = Type.Static<typeof ProposeRequest>;

/** POST /v1/polls: a poll that a moderator runs; what is left out comes from the constitution. */
export const PollRequest = Type.Object(
  {
    actor: Actor,
    requestKey: PlatformId,
    place: Place,
    question: Type.String({ minLength: 1, maxLength: 300 }),
    options: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 20 }),
    method: Type.Optional(Type.String({ maxLength: 40 })),
    /** Of `stv` and `stv-scottish`: how many are elected; given alone it means `stv`. */
    seats: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
    binding: Type.Optional(Type.Boolean()),
    sealed: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type PollRequest = Type.Static<typeof PollRequest>;

/** POST /v1/proposals/:number/options, while talk is open: another way to settle the same thing. */
export const OptionRequest = Type.Object({ actor: Actor, fields: FormValues }, closed);
/** POST /v1/proposals/:number/edit: a new revision; ballots on the old one are void and their voters are told. */
export const EditRequest = Type.Object(
  {
    actor: Actor,
    fields: FormValues,
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  closed,
);
/** POST …/sponsors, …/withdraw, …/hold: the actor is all they need. */
export const ByActor = Type.Object({ actor: Actor }, closed);
/** POST …/objections: what would pass by consent is voted on when enough people object. */
export const ObjectRequest = Type.Object(
  { actor: Actor, reason: Type.String({ minLength: 1, maxLength: 1000 }) },
  closed,
);
/** POST /v1/proposals/:number/places: where a card or thread of this proposal stands; events name it. */
export const PlaceRequest = Type.Object({ place: Place }, closed);

/** From first to last; a state follows from times, never from somebody's click. */
export const ProposalState = Type.Union([
  /** Waiting for more people to back it. */
  Type.Literal("seeking-sponsors"),
  Type.Literal("talk"),
  Type.Literal("voting"),
  /** The members chose among several options; the producers say yes or no to that one. */
  Type.Literal("ratifying"),
  /** Closed a moment ago. */
  Type.Literal("counting"),
  Type.Literal("rejected"),
  /** Passed; waiting for its lock to end. */
  Type.Literal("locked"),
  Type.Literal("held"),
  Type.Literal("in-effect"),
  /** What it would change had changed meanwhile: nothing was done. */
  Type.Literal("stale"),
  Type.Literal("reverted"),
  /** An advisory or factual outcome; nothing to do. */
  Type.Literal("answered"),
  Type.Literal("withdrawn"),
  Type.Literal("not-seconded"),
]);
export type ProposalState = Type.Static<typeof ProposalState>;

/** How a voter answers; it follows from the method and the number of options. */
export const BallotKind = Type.Enum(["yes-no", "approval", "ranking", "scores", "votes"]);
export type BallotKind = Type.Static<typeof BallotKind>;

export const ProposalOption = Type.Object(
  {
    /** `A`, `B` … in the order they came; `Z` is "leave it as it is". */
    id: Type.String({ pattern: "^[A-Z]$" }),
    title: Type.String(),
    /** Plain words, one row per thing that would change. */
    changes: Type.Array(Type.Object({ what: words, now: words, becomes: words }, closed)),
    isDefault: Type.Boolean(),
    addedBy: nullable(PlatformId),
    action: nullable(Action),
  },
  closed,
);
export type ProposalOption = Type.Static<typeof ProposalOption>;

/** One house that votes. */
export const HouseView = Type.Object(
  {
    house: Type.Enum(["members", "producers"]),
    /** Seats on the roll, frozen when the proposal was made. */
    size: count,
    /** Ballots for an option that it needs. */
    quorum: count,
    /** a : b, for : against. */
    ratio: Type.Tuple([count, count]),
    /** Ballots cast so far: how many, never what. */
    turnout: count,
    words,
  },
  closed,
);
export type HouseView = Type.Static<typeof HouseView>;

/** One option against "leave it as it is" in one house; weights as exact text (`3`, `2500001/1000000`). */
export const ResultRow = Type.Object(
  {
    option: Type.String(),
    for: Type.String(),
    against: Type.String(),
    ballotsFor: Type.String(),
    quorum: count,
    quorumMet: Type.Boolean(),
    ratioMet: Type.Boolean(),
    passes: Type.Boolean(),
  },
  closed,
);
export const HouseResult = Type.Object(
  {
    house: Type.Enum(["members", "producers"]),
    size: count,
    ballots: count,
    abstained: count,
    rows: Type.Array(ResultRow),
    passes: Type.Boolean(),
  },
  closed,
);

/** For pictures: what to draw, with the option ids of the card. */
export const Picture = Type.Object(
  {
    bars: Type.Array(
      Type.Object({ option: Type.String(), label: Type.String(), value: Type.Number() }, closed),
    ),
    barsOf: words,
    /** Runoffs: votes by option in each round, and who left. */
    rounds: Type.Array(
      Type.Object(
        {
          votes: Type.Record(Type.String(), Type.Number()),
          exhausted: Type.Number(),
          eliminated: Type.Array(Type.String()),
        },
        closed,
      ),
    ),
    /** pairwise[a][b] = ballots that put a above b; null where the method has none. */
    pairwise: nullable(Type.Record(Type.String(), Type.Record(Type.String(), Type.Number()))),
  },
  closed,
);
export type Picture = Type.Static<typeof Picture>;

/** Who voted how: in an open vote everybody, in a sealed one declared agents only, after the close. */
export const RollCallLine = Type.Object(
  {
    /** `(erased)`: somebody who had their data erased. */
    account: PlatformId,
    /** As people write it: `yes`, `A, C`, `A > B = C`, `A=5 B=3`. */
    choice: Type.String(),
    /** What the producers answered on the members' choice; absent: the vote itself. */
    stage: Type.Optional(Type.Literal("ratify")),
    agent: Type.Optional(Type.Boolean()),
    reason: Type.Optional(Type.String()),
  },
  closed,
);
export type RollCallLine = Type.Static<typeof RollCallLine>;

export const ProposalResult = Type.Object(
  {
    outcome: Type.Enum(["passed", "rejected", "answered", "tied", "no-ballots"]),
    winner: nullable(Type.String()),
    /** Where seats were filled: all who are elected, in that order. */
    winners: Type.Optional(Type.Array(Type.String())),
    /** Plain words: what was asked, who could vote, the counts, the rule, what changes when, how to object. */
    words: Type.Array(Type.String()),
    houses: Type.Array(HouseResult),
    picture: Picture,
    /** What voters wrote with their ballots, grouped by what they wanted; the outvoted first. */
    reasons: Type.Array(
      Type.Object({ side: words, minority: Type.Boolean(), text: Type.String() }, closed),
    ),
    /** By account; absent where the vote was sealed and no agent voted. */
    rollCall: Type.Optional(Type.Array(RollCallLine)),
    tieSeed: nullable(Type.String()),
    closedAt: EpochMs,
    /** When the same question may be put again. */
    retryAfter: nullable(EpochMs),
    logHead: Sha256Hex,
    /** Name and content of the whole working: GET /v1/proposals/:number/working */
    workingPath: Type.String(),
    /** GET /v1/proposals/:number/export: recount it with `npm run verify -- poll FILE`. */
    exportPath: Type.String(),
  },
  closed,
);
export type ProposalResult = Type.Static<typeof ProposalResult>;

/** The card. GET /v1/proposals/:number (with ?account=… also `mine`). */
export const ProposalView = Type.Object(
  {
    number,
    revision: number,
    kind: Type.String(),
    kindTitle: words,
    title: words,
    reason: Type.String(),
    proposer: PlatformId,
    place: Place,
    /** Where cards and threads of it stand. */
    places: Type.Array(Place),
    createdAt: EpochMs,
    state: ProposalState,
    stateWords: words,
    binding: Type.Boolean(),
    bindingWords: words,
    options: Type.Array(ProposalOption),
    houses: Type.Array(HouseView),
    /** Who may vote. */
    whoWords: words,
    /** The rule that decides. */
    ruleWords: words,
    objectWords: words,
    type: Type.String(),
    rules: Type.Object({ version: number, digest: Sha256Hex }, closed),
    secrecy: Type.Object({ level: Type.Enum(["open", "sealed"]), words }, closed),
    method: Type.String(),
    methodWords: words,
    ballotKind: BallotKind,
    /** How to vote by typing, with an example of this very proposal. */
    ballotWords: words,
    highestScore: count,
    credits: count,
    times: Type.Object(
      {
        /** Database time of this view. */
        now: EpochMs,
        /** The last moment for an edit, an option or a withdrawal. */
        noEditAfter: EpochMs,
        talkUntil: EpochMs,
        voteUntil: EpochMs,
        ratifyUntil: nullable(EpochMs),
        /** When it would take, takes or took effect; null: nothing takes effect. */
        effectAt: nullable(EpochMs),
        extensions: count,
      },
      closed,
    ),
    sponsors: Type.Object({ needed: count, accounts: Type.Array(PlatformId) }, closed),
    holds: Type.Object({ needed: count, have: count }, closed),
    /** Of a decision by consent: who objects, with reasons; null for any other. */
    objections: nullable(
      Type.Object(
        {
          needed: Type.Object({ members: count, producers: count }, closed),
          made: Type.Array(Type.Object({ account: PlatformId, reason: Type.String() }, closed)),
        },
        closed,
      ),
    ),
    /** Running count of an open poll, by option; null while sealed, always. */
    running: nullable(Type.Array(Type.Object({ option: Type.String(), ballots: count }, closed))),
    /** The roll call so far of an open poll that runs; absent while sealed, always. */
    rollCall: Type.Optional(Type.Array(RollCallLine)),
    result: nullable(ProposalResult),
    effect: nullable(EffectView),
    mine: nullable(
      Type.Object(
        {
          mayVote: Type.Boolean(),
          /** Why not, or in which houses. */
          words,
          ballot: nullable(BallotReceipt),
          /** The proposer, while it may be changed. */
          mayEdit: Type.Boolean(),
          mayWithdraw: Type.Boolean(),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ProposalView = Type.Static<typeof ProposalView>;

/** GET /v1/proposals?state=open|all&community=…&text=…: newest first, at most 50. */
export const ProposalsQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(["open", "all"])),
    text: Type.Optional(Type.String({ maxLength: 100 })),
    before: Type.Optional(number),
  },
  closed,
);
export const ProposalLine = Type.Object(
  {
    number,
    kind: Type.String(),
    title: words,
    state: ProposalState,
    stateWords: words,
    binding: Type.Boolean(),
    /** The next moment something happens by itself; null: nothing will. */
    nextAt: nullable(EpochMs),
  },
  closed,
);
export const ProposalsView = Type.Object({ proposals: Type.Array(ProposalLine) }, closed);
export type ProposalsView = Type.Static<typeof ProposalsView>;
