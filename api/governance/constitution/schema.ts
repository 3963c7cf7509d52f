import Type from "typebox";
import { Compile } from "typebox/compile";
import { valueParser } from "../../../protocol/parse.ts";

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1, maxLength: 400 });
const hours = Type.Integer({ minimum: 0, maximum: 24 * 365 });
const days = Type.Integer({ minimum: 0, maximum: 3650 });
const few = Type.Integer({ minimum: 1, maximum: 1000 });
/** [a, b]: a for b; whole numbers above zero. */
const ratio = Type.Tuple([few, few]);
const houseNames = Type.Array(Type.Enum(["members", "producers"]), {
  minItems: 1,
  maxItems: 2,
  uniqueItems: true,
});

/** One entry of `types`: who begins such a decision, which houses make it, how long, and what it takes. */
export const DecisionType = Type.Object(
  {
    /** How many people back it before talk begins: a number, or a formula of the members' number. */
    initiate: Type.Union([
      few,
      Type.Enum(["K", "2*K", "moderator", "automatic", "calendar", "the person"]),
    ]),
    house: Type.Optional(Type.Union([houseNames, Type.Literal("as the original")])),
    talkH: Type.Optional(hours),
    voteH: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 * 365 })),
    ratio: Type.Optional(ratio),
    lockH: Type.Optional(hours),
    binding: Type.Optional(Type.Boolean()),
    method: Type.Optional(text),
    sealed: Type.Optional(Type.Boolean()),
    credits: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    rule: Type.Optional(text),
    /** Passes by itself after these hours unless so many object, with reasons; then it is voted on. */
    consent: Type.Optional(
      Type.Object(
        { hours, producers: few, members: Type.Union([few, Type.Literal("K")]), elseType: text },
        closed,
      ),
    ),
    body: Type.Optional(text),
    passesWith: Type.Optional(few),
    hours: Type.Optional(hours),
    covers: Type.Optional(Type.Array(text, { maxItems: 30 })),
  },
  closed,
);
export type DecisionType = Type.Static<typeof DecisionType>;

/** The rules of a pool as data; config/constitution.default.json is the one it is founded with. */
export const Constitution = Type.Object(
  {
    constitution: text,
    version: Type.Integer({ minimum: 1 }),
    time: text,
    bodies: Type.Object(
      {
        members: Type.Object(
          {
            who: text,
            admit: Type.Object(
              { vouches: few, voucherDays: days, perVoucher: few, windowDays: days },
              closed,
            ),
            standingDays: days,
            vote: text,
          },
          closed,
        ),
        producers: Type.Object(
          {
            who: text,
            workDays: Type.Integer({ minimum: 1, maximum: 3650 }),
            standingDays: days,
            vote: text,
            agentShareMax: ratio,
            controllerShareMax: ratio,
            weight: text,
          },
          closed,
        ),
        stewards: Type.Object(
          {
            seats: text,
            elect: text,
            sealed: Type.Boolean(),
            termDays: days,
            maxTerms: few,
            samePersonSeats: few,
          },
          closed,
        ),
        jury: Type.Object(
          { size: few, draw: text, from: text, excludes: Type.Array(text, { maxItems: 20 }) },
          closed,
        ),
      },
      closed,
    ),
    formulas: Type.Object({ K: text, quorum: text, passes: text }, closed),
    types: Type.Record(Type.String({ pattern: "^[a-z][a-z.-]{1,39}$" }), DecisionType),
    procedure: Type.Object(
      {
        default: Type.Object(
          {
            method: text,
            options: Type.Union([few, Type.Literal("K")]),
            proposerCannotCallVote: Type.Boolean(),
            editExtendsTalkH: hours,
            talkMaxFactor: ratio,
            noEditLastH: hours,
            sealed: Type.Boolean(),
            changeUntilClose: Type.Boolean(),
          },
          closed,
        ),
        twoHouses: Type.Object({ ratifyH: hours }, closed),
        sponsorsWithinH: hours,
        lateSwing: Type.Object(
          { window: ratio, extendH: hours, times: Type.Integer({ minimum: 0, maximum: 10 }) },
          closed,
        ),
        retryAfterDays: days,
        delegation: Type.Object(
          {
            perTopic: Type.Boolean(),
            expiresDays: days,
            capPerDelegate: text,
            delegateBallotsPublic: Type.Boolean(),
            cycle: text,
            notFor: Type.Array(text, { maxItems: 30 }),
          },
          closed,
        ),
        rulesPinned: text,
      },
      closed,
    ),
    checks: Type.Object(
      {
        veto: Type.Object(
          {
            by: text,
            votes: few,
            effect: text,
            override: Type.Object({ house: houseNames, ratio }, closed),
          },
          closed,
        ),
        hold: Type.Object({ by: Type.Union([few, Type.Enum(["K", "2*K"])]), hours }, closed),
        exit: text,
        emergency: Type.Object(
          { stewards: few, hours, secondWithinH: hours, ratifyType: text },
          closed,
        ),
      },
      closed,
    ),
    agents: Type.Object(
      {
        declare: text,
        voice: Type.Boolean(),
        propose: text,
        vote: text,
        ballots: text,
        office: Type.Boolean(),
        delegateFor: text,
      },
      closed,
    ),
    founding: Type.Object(
      { untilMembers: few, untilDays: days, admit: text, before: text },
      closed,
    ),
    commons: Type.Object({ floorPerDay: Type.Integer({ minimum: 0, maximum: 1_000_000 }) }, closed),
    credits: Type.Object(
      { transferable: Type.Boolean(), buyable: Type.Boolean(), buyVotes: Type.Boolean() },
      closed,
    ),
    data: Type.Object({ erasure: text }, closed),
    log: Type.Object({ appendOnly: Type.Boolean() }, closed),
  },
  closed,
);
export type Constitution = Type.Static<typeof Constitution>;

/** Throws ParseError where a set of rules does not have this shape. */
export const parseConstitution = valueParser(Constitution, "constitution");

const shape = Compile(Constitution);

/** Where a set of rules does not have this shape: a JSON pointer, and what belongs there by JSON Schema; null: nowhere. */
export function shapeFault(rules: unknown) {
  const faults = shape.Errors(rules);
  const [first] = faults;
  if (first === undefined) return null;
  const { instancePath: path } = first;
  // Of a rule that may be one of several things, the list of names says most.
  const { keyword, params } =
    faults.find((fault) => fault.keyword === "enum" && fault.instancePath === path) ?? first;
  return { path, keyword, params: params as Readonly<Record<string, unknown>> };
}
