import Type from "typebox";
import { EpochMs, PlatformId, Sha256Hex } from "../primitives.ts";
import { Action, RuleChange } from "./actions.ts";
import { Place } from "./people.ts";

const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** GET /v1/rules (or /v1/rules/:version): the constitution in plain words, and as data. */
export const RulesView = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    digest: Sha256Hex,
    adoptedAt: EpochMs,
    /** The proposal that made this version; null for the one the pool was founded with. */
    proposal: nullable(Type.Integer({ minimum: 1 })),
    founding: Type.Object(
      {
        over: Type.Boolean(),
        members: Type.Integer({ minimum: 0 }),
        until: EpochMs,
        words: Type.String(),
      },
      closed,
    ),
    sections: Type.Array(
      Type.Object({ title: Type.String(), lines: Type.Array(Type.String()) }, closed),
    ),
    /** What no amendment can change. */
    invariants: Type.Array(Type.Object({ id: Type.String(), words: Type.String() }, closed)),
    constitution: Type.Unknown(),
  },
  closed,
);
export type RulesView = Type.Static<typeof RulesView>;

/** POST /v1/rules/lint: what an amendment would change, and what forbids it. */
export const LintRequest = Type.Object(
  { changes: Type.Array(RuleChange, { minItems: 1, maxItems: 20 }) },
  closed,
);
export const LintView = Type.Object(
  {
    /** One sentence per change: now → then. */
    words: Type.Array(Type.String()),
    forbidden: Type.Array(Type.Object({ invariant: Type.String(), words: Type.String() }, closed)),
    /** `amend` or `amend.entrenched`: which entry of the constitution decides it. */
    type: Type.String(),
    needs: Type.String(),
  },
  closed,
);
export type LintView = Type.Static<typeof LintView>;

/** What the room is told. Types are stable; `words` is a sentence in the reader's language; `data` is for words of the door's own. */
export const GovernanceEvent = Type.Object(
  {
    /** Grows by time; resume with `after`. */
    id: Type.Integer({ minimum: 1 }),
    at: EpochMs,
    type: Type.Enum([
      "proposed",
      /** A card that should stand in a place does not: whoever keeps that place shows it. */
      "card-missing",
      "seconded",
      "option-added",
      "edited",
      "withdrawn",
      "not-seconded",
      "vote-opened",
      "extended",
      "reminder",
      "ratification-opened",
      "closed",
      "passed",
      "rejected",
      "held",
      "in-effect",
      "stale",
      "reverted",
      "emergency-proposed",
      "emergency-in-force",
      "emergency-ratified",
      "emergency-lapsed",
      "member-admitted",
      "ballots-merged",
      "founding-over",
      "log-head",
    ]),
    proposal: nullable(Type.Integer({ minimum: 1 })),
    words: Type.String(),
    /** The same in every language that the pool speaks, by its tag: one door tells many communities. */
    inWords: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** Say it publicly here; empty: in no room. The first is where it was begun. */
    places: Type.Array(Place),
    /** Say it to these accounts, in private. */
    tell: Type.Array(PlatformId),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);
export type GovernanceEvent = Type.Static<typeof GovernanceEvent>;

/**
 * GET /v1/governance/events?door=discord&wait=25000: events this door has not acknowledged, oldest first; waits up to
 * `wait` milliseconds for one. `after` reads from an id instead of the door's own place.
 */
export const EventsQuery = Type.Object(
  {
    door: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    wait: Type.Optional(Type.Integer({ minimum: 0, maximum: 30_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  closed,
);
export const EventsView = Type.Object({ events: Type.Array(GovernanceEvent) }, closed);
/** POST /v1/governance/events/seen: this door has told everything up to this id. */
export const SeenRequest = Type.Object(
  { door: Type.String({ minLength: 1, maxLength: 60 }), upTo: Type.Integer({ minimum: 0 }) },
  closed,
);

/** One row of an action's life, for cards: when it takes effect, or why it did not. */
export const EffectView = Type.Object(
  {
    state: Type.Enum(["waiting", "held", "done", "stale", "reverted", "stopped"]),
    words: Type.String(),
    dueAt: EpochMs,
    doneAt: nullable(EpochMs),
    action: Action,
    inverse: nullable(Type.Unknown()),
  },
  closed,
);
export type EffectView = Type.Static<typeof EffectView>;
