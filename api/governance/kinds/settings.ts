import {
  isPolicyKey,
  POLICY_KEYS,
  type PolicyKey,
  policyKeys,
} from "../../../protocol/wire/policy.ts";
import { communityScope, POOL_SCOPE, placeOf, roomScope } from "../../policy/scope.ts";
import { governanceFailures } from "../failures.ts";
import { each, say } from "../words/say.ts";
import { field, fieldValue, type Kind } from "./kind.ts";
import { applySetting, draftSetting, undoSetting } from "./setting-change.ts";
import { NONE, readNumber, readScope, readValue } from "./setting-values.ts";

const SCOPE = field("scope", say("field_scope"), "scope", {
  required: false,
  help: say("help_scope"),
});

export const quotaKind: Kind<"quota"> = {
  kind: "quota",
  fields: [
    field("per_day", say("field_per_day"), "integer", { help: say("help_per_day") }),
    { ...SCOPE, help: say("help_scope_pool") },
  ],
  types: ["quota.set"],
  type: () => "quota.set",
  async draft(values, context) {
    const scope = readScope(fieldValue(this.fields, values, "scope"), context, POOL_SCOPE);
    const perDay = readNumber(say("field_per_day"), fieldValue(this.fields, values, "per_day"));
    const floor = context.rules.constitution.commons.floorPerDay;
    if (perDay !== null && perDay < floor) {
      throw governanceFailures.forbidden([say("floor", { floor })]);
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
  fields: [field("days", say("field_days"), "integer", { help: say("help_days") }), SCOPE],
  types: ["room.policy", "pool.policy"],
  type: (action) => typeOfScope(action?.scope),
  async draft(values, context) {
    const scope = readScope(
      fieldValue(this.fields, values, "scope"),
      context,
      communityScope(context.community),
    );
    const days = readNumber(say("field_days"), fieldValue(this.fields, values, "days"));
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
  fields: [
    field("text", say("field_text"), "long-text", {
      maxLength: 4000,
      help: say("help_text"),
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
  fields: [
    field("setting", say("field_setting"), "setting", { maxLength: 60 }),
    field("value", say("field_value"), "value", { maxLength: 4000 }),
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
      throw governanceFailures.field(
        say("field_setting"),
        say("why_setting", { known: each(policyKeys, "comma") }),
      );
    }
    const levels: readonly string[] = POLICY_KEYS[key].levels;
    const usual = levels.includes("community") ? communityScope(context.community) : POOL_SCOPE;
    const scope = readScope(fieldValue(this.fields, values, "scope"), context, usual);
    if (!levels.includes(placeOf(scope).level)) {
      throw governanceFailures.field(
        say("field_scope"),
        say("why_level", { levels: each(levels, "comma") }),
      );
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
