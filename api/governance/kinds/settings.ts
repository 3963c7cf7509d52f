import type { Action } from "../../../protocol/wire/governance.ts";
import {
  fitsPolicy,
  isPolicyKey,
  POLICY_KEYS,
  type PolicyKey,
  policyKeys,
} from "../../../protocol/wire/policy.ts";
import { ApiFailure } from "../../errors.ts";
import { effectivePolicy } from "../../policy/effective.ts";
import { communityScope, POOL_SCOPE, placeOf, roomScope } from "../../policy/scope.ts";
import { setPolicy } from "../../policy/set.ts";
import type { Database } from "../../storage/open.ts";
import { governanceFailures } from "../failures.ts";
import {
  type Drafted,
  type EffectContext,
  field,
  fieldValue,
  type Kind,
  type KindContext,
  Stale,
} from "./kind.ts";
import { settingName, settingWords } from "./setting-words.ts";

/** One setting in one place, and the value to stand there. */
export interface Setting {
  readonly scope: string;
  readonly key: PolicyKey;
  readonly value: unknown;
}

/** What a row was: null where the wider place's value held. */
interface SettingBefore extends Omit<Setting, "value"> {
  readonly before: { readonly value: unknown } | null;
  readonly set: unknown;
}

const SCOPE = field("scope", "Where", "scope", {
  required: false,
  help: "pool, community or room; empty: this place",
});

/** Words that a person writes for "none". */
const NONE = new Set(["none", "null", "no limit", "off", "-"]);

export const quotaKind: Kind<"quota"> = {
  kind: "quota",
  title: "Questions a day",
  words: "How many questions one person may ask a day.",
  fields: [
    field("per_day", "Questions a day", "integer", { help: "1 or more, or “none” for no limit" }),
    { ...SCOPE, help: "pool (if left empty), community or room" },
  ],
  types: ["quota.set"],
  type: () => "quota.set",
  async draft(values, context) {
    const scope = readScope(fieldValue(this.fields, values, "scope"), context, POOL_SCOPE);
    const perDay = readNumber("Questions a day", fieldValue(this.fields, values, "per_day"));
    const floor = context.rules.constitution.commons.floorPerDay;
    if (perDay !== null && perDay < floor) {
      throw governanceFailures.forbidden([
        `The commons floor is ${floor} a day: everyone is served.`,
      ]);
    }
    return draftSetting(
      { kind: "quota", scope, perDay },
      { scope, key: "quota_per_day", value: perDay },
      context,
    );
  },
  apply: ({ scope, perDay }, expected, context) =>
    applySetting({ scope, key: "quota_per_day", value: perDay }, expected, context),
  undo: (_action, inverse, context) => undoSetting(inverse, context),
};

export const retentionKind: Kind<"retention"> = {
  kind: "retention",
  title: "How long texts are kept",
  words: "After how many days questions and answers are erased.",
  fields: [field("days", "Days", "integer", { help: "1 or more, or “none” to keep them" }), SCOPE],
  types: ["room.policy", "pool.policy"],
  type: (action) => typeOfScope(action?.scope),
  async draft(values, context) {
    const scope = readScope(
      fieldValue(this.fields, values, "scope"),
      context,
      communityScope(context.community),
    );
    const days = readNumber("Days", fieldValue(this.fields, values, "days"));
    return draftSetting(
      { kind: "retention", scope, days },
      { scope, key: "retention_days", value: days },
      context,
    );
  },
  apply: ({ scope, days }, expected, context) =>
    applySetting({ scope, key: "retention_days", value: days }, expected, context),
  undo: (_action, inverse, context) => undoSetting(inverse, context),
};

export const systemPromptKind: Kind<"system-prompt"> = {
  kind: "system-prompt",
  title: "Instructions to the model",
  words: "What the model is told before each question in a room.",
  fields: [
    field("text", "Instructions", "long-text", {
      maxLength: 4000,
      help: "at most 4,000 characters, or “none”",
    }),
    SCOPE,
  ],
  types: ["room.policy", "pool.policy"],
  type: (action) => typeOfScope(action?.scope),
  async draft(values, context) {
    const here = roomScope(context.community, context.room);
    const scope = readScope(fieldValue(this.fields, values, "scope"), context, here);
    const written = fieldValue(this.fields, values, "text");
    const text = NONE.has(written.toLowerCase()) ? null : written;
    return draftSetting(
      { kind: "system-prompt", scope, text },
      { scope, key: "system_prompt", value: text },
      context,
    );
  },
  apply: ({ scope, text }, expected, context) =>
    applySetting({ scope, key: "system_prompt", value: text }, expected, context),
  undo: (_action, inverse, context) => undoSetting(inverse, context),
};

export const policyKind: Kind<"policy"> = {
  kind: "policy",
  title: "A setting",
  words: "Any setting of the pool, of a community or of a room.",
  fields: [
    field("setting", "Setting", "setting", { maxLength: 60 }),
    field("value", "Value", "value", { maxLength: 4000 }),
    SCOPE,
  ],
  types: ["quota.set", "model.allowlist", "room.policy", "pool.policy"],
  type: (action) =>
    action?.key === "quota_per_day"
      ? "quota.set"
      : action?.key === "models_allowed"
        ? "model.allowlist"
        : typeOfScope(action?.scope),
  async draft(values, context) {
    const key = fieldValue(this.fields, values, "setting");
    if (!isPolicyKey(key)) {
      throw governanceFailures.field("Setting", `choose one of ${policyKeys.join(", ")}.`);
    }
    const levels: readonly string[] = POLICY_KEYS[key].levels;
    const usual = levels.includes("community") ? communityScope(context.community) : POOL_SCOPE;
    const scope = readScope(fieldValue(this.fields, values, "scope"), context, usual);
    if (!levels.includes(placeOf(scope).level)) {
      throw governanceFailures.field("Where", `this setting has a value for ${levels.join(", ")}.`);
    }
    const value = readValue(key, fieldValue(this.fields, values, "value"));
    return draftSetting({ kind: "policy", scope, key, value }, { scope, key, value }, context);
  },
  apply: ({ scope, key, value }, expected, context) =>
    applySetting({ scope, key: key as PolicyKey, value }, expected, context),
  undo: (_action, inverse, context) => undoSetting(inverse, context),
};

/** Which entry of the constitution decides a setting: whole pool or one place. */
export function typeOfScope(scope: string | undefined): string {
  return scope === POOL_SCOPE ? "pool.policy" : "room.policy";
}

/** A draft that sets one setting. Throws `nothing_changes`. */
export async function draftSetting<A extends Action>(
  action: A,
  { scope, key, value }: Setting,
  { db, book }: Pick<KindContext, "db" | "book">,
): Promise<Drafted<A>> {
  const present = await presentValue(db, scope, key);
  const models = new Map((await book.all()).map((model) => [model.sha256, model.name]));
  const words = (each: unknown) =>
    settingWords(key, each, (sha256) => models.get(sha256) ?? sha256.slice(0, 12));
  const name = settingName(key, scope);
  if (JSON.stringify(present) === JSON.stringify(value)) {
    throw governanceFailures.nothingChanges(`${name} is ${words(present)} already.`);
  }
  return {
    action,
    title: `${name}: ${clipped(words(value))}`,
    changes: [{ what: name, now: words(present), becomes: words(value) }],
    expected: present,
  };
}

/** The value that holds in a place now. */
export async function presentValue(db: Database, scope: string, key: PolicyKey): Promise<unknown> {
  return (await effectivePolicy(db, placeOf(scope))).values[key];
}

/** Sets it, with what was there as the inverse. Throws Stale. */
export async function applySetting(
  { scope, key, value }: Setting,
  expected: unknown,
  { trx, now, number }: EffectContext,
): Promise<SettingBefore> {
  const row = await trx
    .selectFrom("policy")
    .select("value")
    .where("scope", "=", scope)
    .where("key", "=", key)
    .executeTakeFirst();
  await orStale(() =>
    setPolicy(trx, { scope, key, value, expected, by: { kind: "vote", proposal: number }, now }),
  );
  return { scope, key, before: row === undefined ? null : { value: row.value }, set: value };
}

/** Puts back what was there. Throws Stale where it was changed again. */
export async function undoSetting(inverse: unknown, context: EffectContext): Promise<void> {
  const { scope, key, before, set } = inverse as SettingBefore;
  const { trx, now, number } = context;
  await orStale(() =>
    setPolicy(trx, {
      ...{ scope, key, now, expected: set },
      value: before === null ? undefined : before.value,
      by: { kind: "vote", proposal: number },
    }),
  );
}

async function orStale(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ApiFailure) throw new Stale(error.message);
    throw error;
  }
}

/** `pool`, `community`, `room`, a full scope, or nothing. */
export function readScope(
  written: string,
  { community, room }: KindContext,
  usual: string,
): string {
  if (written === "") return usual;
  if (written === "pool") return POOL_SCOPE;
  if (written === "community") return communityScope(community);
  if (written === "room") return roomScope(community, room);
  try {
    placeOf(written);
  } catch {
    throw governanceFailures.field("Where", "write pool, community or room.");
  }
  return written;
}

function readNumber(label: string, written: string): number | null {
  if (NONE.has(written.toLowerCase())) return null;
  if (!/^[0-9]{1,6}$/.test(written) || Number(written) < 1) {
    throw governanceFailures.field(label, "write a whole number of at least 1, or “none”.");
  }
  return Number(written);
}

/** A value as people write it: JSON, plain text, a list with commas, or "none". */
function readValue(key: PolicyKey, written: string): unknown {
  const readings: unknown[] = [];
  if (NONE.has(written.toLowerCase())) readings.push(null);
  try {
    readings.push(JSON.parse(written));
  } catch {
    // Not JSON: then it is text.
  }
  readings.push(
    written,
    written
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
  const value = readings.find((reading) => fitsPolicy(key, reading));
  if (value === undefined) {
    throw governanceFailures.field("Value", `write ${POLICY_KEYS[key].write}.`);
  }
  return value;
}

function clipped(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
