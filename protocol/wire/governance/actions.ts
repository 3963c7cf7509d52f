import Type from "typebox";
import { KeyId, PlatformId, Sha256Hex, Uuid } from "../primitives.ts";

const closed = { additionalProperties: false } as const;

/** Where a setting holds: `pool`, `community:<id>`, or `room:<community>/<room>`, both URI-encoded. */
export const Scope = Type.String({
  pattern: "^(pool|community:.{1,255}|room:[^/]{1,800}/[^/]{1,800})$",
});
export type Scope = Type.Static<typeof Scope>;

/** One change of a rule: a JSON pointer (RFC 6901) into the constitution and the value to stand there. */
export const RuleChange = Type.Object(
  {
    path: Type.String({ pattern: "^(/[^/]{1,100}){1,8}$", maxLength: 300 }),
    value: Type.Unknown(),
  },
  closed,
);
export type RuleChange = Type.Static<typeof RuleChange>;

/** What a proposal would do when it passes: a closed list, each kind with the values it needs. */
export const Action = Type.Union([
  Type.Object({ kind: Type.Literal("model.add"), model: Sha256Hex, name: Type.String() }, closed),
  Type.Object(
    { kind: Type.Literal("model.remove"), model: Sha256Hex, name: Type.String() },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("quota"),
      scope: Scope,
      /** Answers a person may have in a day; never below 1 (the commons floor); null: no limit. */
      perDay: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()]),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("policy"),
      scope: Scope,
      key: Type.String({ minLength: 1, maxLength: 60 }),
      value: Type.Unknown(),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("node.admit"), node: KeyId, name: Type.String() }, closed),
  Type.Object({ kind: Type.Literal("node.bar"), node: KeyId, name: Type.String() }, closed),
  Type.Object({ kind: Type.Literal("steward.elect"), account: PlatformId }, closed),
  Type.Object({ kind: Type.Literal("steward.recall"), account: PlatformId }, closed),
  Type.Object(
    {
      kind: Type.Literal("system-prompt"),
      scope: Scope,
      text: Type.Union([Type.String({ minLength: 1, maxLength: 4000 }), Type.Null()]),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("retention"),
      scope: Scope,
      days: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()]),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("amend"),
      changes: Type.Array(RuleChange, { minItems: 1, maxItems: 20 }),
    },
    closed,
  ),
  /** Changes nothing by itself: the answer is the outcome. */
  Type.Object({ kind: Type.Literal("question") }, closed),
  Type.Object({ kind: Type.Literal("revert"), proposal: Type.Integer({ minimum: 1 }) }, closed),
  /** Opened by the pool itself when two stewards have acted; nobody proposes it by hand. */
  Type.Object({ kind: Type.Literal("ratify"), emergency: Uuid }, closed),
]);
export type Action = Type.Static<typeof Action>;
export type ActionKind = Action["kind"];
export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>;

/** What a form asks for. `type` says how a door fills it: by autocomplete, choice, number or free text. */
export const FormField = Type.Object(
  {
    name: Type.String(),
    label: Type.String(),
    help: Type.String(),
    type: Type.Enum([
      "model",
      "node",
      "scope",
      "setting",
      "proposal",
      "rule",
      "value",
      "integer",
      "text",
      "long-text",
      "options",
    ]),
    required: Type.Boolean(),
    maxLength: Type.Integer({ minimum: 1 }),
  },
  closed,
);
export type FormField = Type.Static<typeof FormField>;

/** A kind of proposal as `/propose` lists it. */
export const KindView = Type.Object(
  {
    kind: Type.String(),
    title: Type.String(),
    /** One sentence: what such a proposal is for. */
    words: Type.String(),
    /** Which entry of the constitution governs it. */
    type: Type.String(),
    /** What that entry asks for, in plain words. */
    needs: Type.String(),
    fields: Type.Array(FormField),
  },
  closed,
);
export type KindView = Type.Static<typeof KindView>;

/** GET /v1/governance/kinds */
export const KindsView = Type.Object({ kinds: Type.Array(KindView) }, closed);

/** GET /v1/governance/choices?type=model&text=…&community=…&room=…: at most 25, for autocomplete. */
export const ChoicesQuery = Type.Object(
  {
    type: Type.String({ maxLength: 40 }),
    text: Type.Optional(Type.String({ maxLength: 200 })),
    community: Type.Optional(Type.String({ maxLength: 255 })),
    room: Type.Optional(Type.String({ maxLength: 255 })),
    /** For `value`: the setting or rule it is a value of. */
    of: Type.Optional(Type.String({ maxLength: 300 })),
  },
  closed,
);
export const ChoicesView = Type.Object(
  {
    choices: Type.Array(Type.Object({ value: Type.String(), label: Type.String() }, closed), {
      maxItems: 25,
    }),
  },
  closed,
);
