import { POLICY_KEYS, type PolicyKey } from "../../../protocol/wire/policy.ts";
import { placeOf } from "../../policy/scope.ts";

/** What "none" means for each setting. */
const NONE: Partial<Record<PolicyKey, string>> = {
  channels_allowed: "every room",
  default_model: "the most capable model online",
  models_allowed: "every model",
  quota_per_day: "no limit",
  retention_days: "kept until erased",
  language: "each person's own",
  report_room: "no room",
  votes_room: "no room",
  system_prompt: "no instructions",
};

/** A setting's value as a person reads it. `nameOf` turns a model's digest into its name. */
export function settingWords(
  key: PolicyKey,
  value: unknown,
  nameOf: (sha256: string) => string = (sha256) => sha256.slice(0, 12),
): string {
  if (value === null) return NONE[key] ?? "nothing";
  if (key === "models_allowed") return (value as string[]).map(nameOf).sort().join(", ");
  if (key === "retention_days") return `${value} day${value === 1 ? "" : "s"}`;
  if (key === "quota_per_day") return `${value} a day and person`;
  if (key === "may_ask" && typeof value === "object") {
    return `only roles ${(value as { roles: string[] }).roles.join(", ")}`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "nobody" : value.join(", ");
  return typeof value === "string" ? `“${value}”` : JSON.stringify(value);
}

/** The name of a setting in a place: `Language (room #general)`. */
export function settingName(key: PolicyKey, scope: string): string {
  return `${POLICY_KEYS[key].title} (${scopeWords(scope)})`;
}

export function scopeWords(scope: string): string {
  const { level, community, room } = placeOf(scope);
  if (level === "pool") return "whole pool";
  return level === "community" ? `community ${community}` : `room ${room} of ${community}`;
}
