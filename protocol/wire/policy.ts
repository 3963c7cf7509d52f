import Type from "typebox";
import { Check } from "typebox/value";
import { EpochMs, PlatformId } from "./primitives.ts";

/** Settings that a community's moderators or the members' votes can change, and how they travel. */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const roleList = Type.Array(PlatformId, { minItems: 1, maxItems: 100 });

/**
 * Who acts. The door vouches for what the platform says of the person; the pool decides what that allows.
 * `community`: where the platform says so; a right in one community is none in another.
 */
export const Actor = Type.Object(
  {
    account: PlatformId,
    /** Discord: Manage Server; Matrix: power level of 50 or more. */
    moderator: Type.Boolean(),
    roles: Type.Array(PlatformId, { maxItems: 500 }),
    community: Type.Optional(PlatformId),
  },
  closed,
);
export type Actor = Type.Static<typeof Actor>;

/** The same in the query of a GET: `?account=…&moderator=true&roles=a&roles=b`. */
export const ActorQuery = Type.Object(
  {
    account: PlatformId,
    moderator: Type.Optional(Type.Boolean()),
    roles: Type.Optional(Type.Array(PlatformId, { maxItems: 500 })),
    community: Type.Optional(PlatformId),
  },
  closed,
);
export type ActorQuery = Type.Static<typeof ActorQuery>;

/** Where a setting is kept. The nearest one holds: room, else community, else pool, else the default. */
export type PolicyLevel = "pool" | "community" | "room";

interface PolicyKeySpec<T extends Type.TSchema = Type.TSchema> {
  readonly schema: T;
  /** Holds where nobody has set anything. */
  readonly fallback: Type.Static<T>;
  readonly levels: readonly PolicyLevel[];
  /** Name on a card. */
  readonly title: string;
  /** One sentence: what it does. */
  readonly meaning: string;
  /** What to write, for refusals. */
  readonly write: string;
}
const key = <T extends Type.TSchema>(spec: PolicyKeySpec<T>): PolicyKeySpec<T> => spec;
const EVERYWHERE = ["pool", "community", "room"] as const;

/** Every setting there is. */
export const POLICY_KEYS = {
  channels_allowed: key({
    schema: nullable(Type.Array(PlatformId, { minItems: 1, maxItems: 500 })),
    fallback: null,
    levels: ["community"],
    title: "Rooms",
    meaning: "The rooms in which questions are answered.",
    write: "a list of rooms, or null for every room",
  }),
  default_model: key({
    schema: nullable(Type.String({ minLength: 1, maxLength: 200 })),
    fallback: null,
    levels: EVERYWHERE,
    title: "Default model",
    meaning: "The model that answers when nobody names one.",
    write: "a model's name or SHA-256, or null for the most capable one online",
  }),
  models_allowed: key({
    schema: nullable(
      Type.Array(Type.String({ pattern: "^[0-9a-f]{64}$" }), { minItems: 1, maxItems: 500 }),
    ),
    fallback: null,
    levels: ["pool"],
    title: "Models served",
    meaning: "The models this pool serves; any other is refused.",
    write: "a list of model files' SHA-256 digests, or null for every model",
  }),
  may_ask: key({
    schema: Type.Union([Type.Literal("everyone"), Type.Object({ roles: roleList }, closed)]),
    fallback: "everyone",
    levels: EVERYWHERE,
    title: "Who may ask",
    meaning: "Who gets answers. Moderators always do.",
    write: '"everyone", or {"roles": […]} with at least one role',
  }),
  quota_per_day: key({
    // At least one: nobody can be shut out altogether (the commons floor).
    schema: nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    fallback: null,
    levels: EVERYWHERE,
    title: "Questions a day",
    meaning:
      "Questions one person may ask a day (UTC), all linked accounts together; each answer their own machines gave in the last 24 hours adds one.",
    write: "a number from 1 to 1,000,000, or null for no limit",
  }),
  retention_days: key({
    schema: nullable(Type.Integer({ minimum: 1, maximum: 36_500 })),
    fallback: null,
    levels: EVERYWHERE,
    title: "Texts are kept",
    meaning: "Days after which questions and answers are erased; receipts' digests stay.",
    write: "a number of days from 1 to 36,500, or null to keep them",
  }),
  language: key({
    schema: nullable(Type.String({ pattern: "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", maxLength: 35 })),
    fallback: null,
    levels: EVERYWHERE,
    title: "Language",
    meaning: "The language the pool speaks here.",
    write: "a language tag such as en or pt-BR, or null for each person's own",
  }),
  privacy: key({
    schema: Type.Union([Type.Literal("own"), Type.Literal("trusted"), Type.Literal("open")]),
    fallback: "open",
    levels: EVERYWHERE,
    title: "Who may see questions",
    meaning:
      "Whose machines answer, and so can read: own (this community's hardware), trusted (its trusted circle too), open (every volunteer in the pool).",
    write: '"own", "trusted" or "open"',
  }),
  report_room: key({
    schema: nullable(PlatformId),
    fallback: null,
    levels: ["community"],
    title: "Reports go to",
    meaning: "The room in which moderators see reported answers.",
    write: "a room, or null for none",
  }),
  votes_room: key({
    schema: nullable(PlatformId),
    fallback: null,
    levels: ["community"],
    title: "Votes are told in",
    meaning:
      "The room that is shown every new proposal of the pool, wherever it was made, and told what comes of it.",
    write: "a room, or null for none",
  }),
  moderator_roles: key({
    schema: Type.Array(PlatformId, { maxItems: 100 }),
    fallback: [],
    levels: ["community"],
    title: "Moderators",
    meaning: "Roles that may change these settings, beside those who manage the place.",
    write: "a list of roles, which may be empty",
  }),
  system_prompt: key({
    schema: nullable(Type.String({ minLength: 1, maxLength: 4000 })),
    fallback: null,
    levels: EVERYWHERE,
    title: "Instructions to the model",
    meaning: "What the model is told before each question; receipts name its digest.",
    write: "a text of at most 4,000 characters, or null for none",
  }),
} as const;

export type PolicyKey = keyof typeof POLICY_KEYS;
export type PolicyValues = {
  [K in PolicyKey]: Type.Static<(typeof POLICY_KEYS)[K]["schema"]>;
};
export type PrivacyClass = PolicyValues["privacy"];

export const policyKeys = Object.keys(POLICY_KEYS) as PolicyKey[];

export function isPolicyKey(name: string): name is PolicyKey {
  return Object.hasOwn(POLICY_KEYS, name);
}

/** True when the value will do for this setting. */
export function fitsPolicy<K extends PolicyKey>(name: K, value: unknown): value is PolicyValues[K] {
  return Check(POLICY_KEYS[name].schema, value);
}

/** Who set a value: a moderator, the members by a vote, or whoever runs the pool. */
export const PolicySetter = Type.Union([
  Type.Object({ kind: Type.Literal("moderator"), account: PlatformId }, closed),
  Type.Object(
    { kind: Type.Literal("vote"), proposal: Type.Union([Type.String(), Type.Integer()]) },
    closed,
  ),
  Type.Object({ kind: Type.Literal("operator") }, closed),
]);
export type PolicySetter = Type.Static<typeof PolicySetter>;

const Level = Type.Union([
  Type.Literal("pool"),
  Type.Literal("community"),
  Type.Literal("room"),
  Type.Literal("default"),
]);

/** One setting as it holds in a place. */
export const PolicyEntry = Type.Object(
  {
    key: Type.String(),
    /** By the key's schema in POLICY_KEYS. */
    value: Type.Unknown(),
    /** Where the value comes from. */
    level: Level,
    /** Null for a default. */
    setBy: nullable(PolicySetter),
    setAt: nullable(EpochMs),
    /** False where a vote has set it: moderators cannot change it here. */
    open: Type.Boolean(),
  },
  closed,
);
export type PolicyEntry = Type.Static<typeof PolicyEntry>;

/** GET /v1/communities/:id/policy?room=, GET /v1/policy (pool), and what a PUT answers. */
export const Policy = Type.Object(
  {
    community: nullable(PlatformId),
    room: nullable(PlatformId),
    entries: Type.Array(PolicyEntry),
  },
  closed,
);
export type Policy = Type.Static<typeof Policy>;

const Changes = Type.Record(Type.String({ minLength: 1, maxLength: 60 }), Type.Unknown());

/**
 * PUT /v1/communities/:id/policy. All changes together or none. `expected`: the values the person saw (as they
 * held there); where one is another by now nothing is changed (409 `policy_stale`). `unset`: keys that shall
 * follow the wider place again.
 */
export const PolicyChange = Type.Object(
  {
    actor: Actor,
    room: Type.Optional(PlatformId),
    changes: Changes,
    expected: Type.Optional(Changes),
    unset: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 60 }),
    ),
  },
  closed,
);
export type PolicyChange = Type.Static<typeof PolicyChange>;

/** PUT /v1/policy: the pool's own, by its moderators. */
export const PoolPolicyChange = Type.Omit(PolicyChange, ["room"]);
export type PoolPolicyChange = Type.Static<typeof PoolPolicyChange>;

/** One change as it was made. `from` and `to` are null where the key was not set there. */
export const PolicyChangeEntry = Type.Object(
  {
    level: Type.Union([Type.Literal("pool"), Type.Literal("community"), Type.Literal("room")]),
    room: nullable(PlatformId),
    key: Type.String(),
    from: Type.Unknown(),
    to: Type.Unknown(),
    by: PolicySetter,
    at: EpochMs,
  },
  closed,
);
export type PolicyChangeEntry = Type.Static<typeof PolicyChangeEntry>;

/** GET /v1/communities/:id/policy/changes and GET /v1/policy/changes: newest first, at most 200. */
export const PolicyChanges = Type.Object({ changes: Type.Array(PolicyChangeEntry) }, closed);
export type PolicyChanges = Type.Static<typeof PolicyChanges>;
