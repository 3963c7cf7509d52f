import { fitsPolicy, type PolicyKey } from "../../protocol/wire/policy.ts";
import type { Words } from "../words/catalogue.ts";
import type { NamedKind, Names } from "./command.ts";

/** What a typed value means for a setting; `unset` follows the wider place again; null: it will not do. */
export type TypedSetting =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "unset" }
  | null;

const LISTS: Partial<Record<PolicyKey, NamedKind>> = {
  channels_allowed: "room",
  moderator_roles: "role",
  may_ask: "role",
};

/**
 * Reads a value as people type it: numbers, `none`, `everyone`, lists with commas, mentions and names. What the
 * card shows for a value can be typed too, in the reader's own language.
 */
export function readSetting(
  key: PolicyKey,
  typed: string,
  words: Words,
  names: Names,
): TypedSetting {
  const text = typed.trim();
  const lower = text.toLowerCase();
  if (text === "") return null;
  if (lower === "default" || lower === words.set_default.toLowerCase()) return { kind: "unset" };
  const value = meaningOf(key, text, lower, words, names);
  return value !== undefined && fitsPolicy(key, value) ? { kind: "value", value } : null;
}

function meaningOf(
  key: PolicyKey,
  text: string,
  lower: string,
  words: Words,
  names: Names,
): unknown {
  const says = (...texts: string[]) => texts.some((one) => one.toLowerCase() === lower);
  const none = says("none", "null", "off", "-", words.value_none);
  if (key === "may_ask" && says("everyone", "all", words.value_everyone)) return "everyone";
  if (key === "channels_allowed" && (none || says("all", words.value_every_room))) return null;
  if (key === "moderator_roles" && none) return [];
  const kind = LISTS[key];
  if (kind !== undefined) {
    const ids = text
      .split(",")
      .filter((one) => one.trim() !== "")
      .map((one) => names.idOf(kind, one.trim()));
    if (ids.includes(null)) return undefined;
    return key === "may_ask" ? { roles: ids } : ids;
  }
  if (none) return key === "privacy" ? undefined : null;
  if (key === "report_room" || key === "votes_room") return names.idOf("room", text) ?? undefined;
  if (key === "quota_per_day" || key === "retention_days") {
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }
  if (key === "privacy" || key === "language") {
    return key === "privacy"
      ? (PRIVACY.find((one) => says(one, words[`value_${one}`])) ?? text)
      : text;
  }
  return text;
}

const PRIVACY = ["own", "trusted", "open"] as const;
