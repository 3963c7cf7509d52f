import type { PolicyKey } from "../../../protocol/wire/policy.ts";
import { placeOf } from "../../policy/scope.ts";
import { each, type Said, type SentenceKey, say, type Text } from "../words/say.ts";
import { clipped } from "../written.ts";

/** What "none" means for each setting. */
const NONE = {
  channels_allowed: "value_every_room",
  default_model: "value_best_model",
  models_allowed: "value_every_model",
  may_ask: "value_everyone",
  quota_per_day: "value_no_limit",
  retention_days: "value_forever",
  language: "value_own_language",
  privacy: "value_none",
  report_room: "value_nowhere",
  votes_room: "value_nowhere",
  moderator_roles: "value_none",
  system_prompt: "value_no_instructions",
} as const satisfies Record<PolicyKey, SentenceKey>;

/**
 * A setting's value as a person reads it. `nameOf` turns a model's digest into its name; `most`: of a long text no
 * more characters than these.
 */
export function settingWords(
  key: PolicyKey,
  value: unknown,
  nameOf: (sha256: string) => string,
  most = Number.POSITIVE_INFINITY,
): Text {
  if (value === null) return say(NONE[key]);
  switch (key) {
    case "models_allowed":
      return (value as string[]).map(nameOf).sort().join(", ");
    case "default_model":
      return nameOf(String(value));
    case "retention_days":
      return say("value_days", { n: Number(value) });
    case "quota_per_day":
      return say("value_per_day", { n: Number(value) });
    case "may_ask":
      return value === "everyone"
        ? say("value_everyone")
        : say("value_only_roles", {
            roles: each((value as { readonly roles: string[] }).roles, "comma"),
          });
    case "privacy":
      return say(`value_${value as "own" | "trusted" | "open"}`);
    case "language":
      return say("quoted", { text: { tongue: String(value) } });
    case "system_prompt":
      return say("quoted", { text: clipped(String(value), most) });
    default:
      if (!Array.isArray(value)) return String(value);
      return value.length === 0 ? say("value_none") : value.join(", ");
  }
}

/** The name of a setting in a place: `Language (room #general)`. */
export function settingName(key: PolicyKey, scope: string): Said {
  return say("setting_in", { setting: say(`setting_${key}`), place: scopeWords(scope) });
}

function scopeWords(scope: string): Said {
  const { level, community, room } = placeOf(scope);
  if (level === "pool" || community === null) return say("place_pool");
  return room === null || level === "community"
    ? say("place_community", { community })
    : say("place_room", { room, community });
}
