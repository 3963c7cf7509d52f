import type { PolicyEntry, PolicyKey, PolicySetter } from "../../../protocol/wire/policy.ts";
import { isPolicyKey } from "../../../protocol/wire/policy.ts";
import type { Names } from "../../commands/command.ts";
import { counted, filled, numberIn, type Words } from "../../words/catalogue.ts";
import { dayInWords } from "../measures.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView, Menu, Row } from "../view.ts";

/** Custom id of the list of settings. */
export const SETTINGS_MENU = "settings:choose";

/** Settings of a community that moderators see and change; the pool's own list of models is not among them. */
export const COMMUNITY_KEYS = [
  "channels_allowed",
  "may_ask",
  "quota_per_day",
  "default_model",
  "privacy",
  "retention_days",
  "language",
  "report_room",
  "votes_room",
  "moderator_roles",
  "system_prompt",
] as const satisfies readonly PolicyKey[];
export type CommunityKey = (typeof COMMUNITY_KEYS)[number];

export function isCommunityKey(name: string): name is CommunityKey {
  return COMMUNITY_KEYS.some((key) => key === name);
}

/** What holds in a community, who set it, and how it is changed. */
export function settingsCard(
  entries: readonly PolicyEntry[],
  command: string,
  words: Words,
  names: Names,
): CardView {
  const known = COMMUNITY_KEYS.flatMap((key) => entries.filter((entry) => entry.key === key));
  return {
    kind: "card",
    id: "settings",
    title: words.settings_title,
    line: words.settings_line,
    sections: [
      {
        id: "now",
        title: words.settings_now,
        rows: known.map((entry) => settingRow(entry, words, names)),
        lines: [],
        ordered: false,
      },
      {
        id: "how",
        title: words.settings_how,
        rows: [],
        lines: [filled(words.settings_type, { command }), words.settings_unset],
        ordered: false,
        typing: true,
      },
    ],
    actions: [],
    menus: [settingsMenu(words)],
  };
}

function settingsMenu(words: Words): Menu {
  return {
    id: SETTINGS_MENU,
    label: words.settings_menu,
    choices: COMMUNITY_KEYS.map((key) => ({
      value: key,
      label: titleOf(key, words),
      hint: words[`setting_${key}_means`],
    })),
  };
}

function settingRow(entry: PolicyEntry, words: Words, names: Names): Row {
  const value = isPolicyKey(entry.key) ? valueInWords(entry.key, entry.value, words, names) : "";
  const told = [value, setterInWords(entry, words, names)];
  const term = isCommunityKey(entry.key) ? titleOf(entry.key, words) : entry.key;
  return {
    term: `${term} (${entry.key})`,
    detail: sanitiseLine(told.join(" · "), 600),
    code: false,
  };
}

/** A setting's name on a card. */
export function titleOf(key: CommunityKey, words: Words): string {
  return words[`setting_${key}`];
}

function setterInWords({ setBy, setAt }: PolicyEntry, words: Words, names: Names): string {
  if (setBy === null) return words.set_default;
  return setter(setBy, setAt === null ? "" : dayInWords(setAt, words), words, names);
}

function setter(by: PolicySetter, date: string, words: Words, names: Names): string {
  switch (by.kind) {
    case "moderator":
      return filled(words.set_by_member, { name: names.nameOf("account", by.account), date });
    case "vote":
      return filled(words.set_by_vote, { proposal: String(by.proposal) });
    case "operator":
      return words.set_by_operator;
  }
}

/** A value as people read it. `value` fits the key's schema: it came from the pool. */
export function valueInWords(key: PolicyKey, value: unknown, words: Words, names: Names): string {
  const list = (kind: "room" | "role", ids: readonly string[]) =>
    shortList(
      ids.map((id) => sanitiseLine(names.nameOf(kind, id), 80)),
      words,
    );
  switch (key) {
    case "channels_allowed":
      return value === null ? words.value_every_room : list("room", value as string[]);
    case "may_ask":
      return value === "everyone"
        ? words.value_everyone
        : list("role", (value as { roles: string[] }).roles);
    case "moderator_roles":
      return (value as string[]).length === 0 ? words.value_none : list("role", value as string[]);
    case "report_room":
    case "votes_room":
      return value === null ? words.value_nowhere : names.nameOf("room", String(value));
    case "quota_per_day":
      return value === null
        ? words.value_no_limit
        : counted(words, words.value_per_day, Number(value));
    case "retention_days":
      return value === null ? words.value_forever : counted(words, words.value_days, Number(value));
    case "language":
      return value === null ? words.value_own_language : languageName(String(value), words);
    case "privacy":
      return words[`value_${value as "own" | "trusted" | "open"}`];
    case "default_model":
      return value === null ? words.value_best_model : sanitiseLine(String(value), 120);
    case "system_prompt":
      return value === null ? words.value_none : sanitiseLine(String(value), 200);
    case "models_allowed":
      return value === null ? words.value_none : numberIn(words, (value as string[]).length);
    default:
      return sanitiseLine(JSON.stringify(value) ?? "", 200);
  }
}

const MOST_NAMES = 8;

function shortList(shown: readonly string[], words: Words): string {
  if (shown.length <= MOST_NAMES) return shown.join(", ");
  const first = shown.slice(0, MOST_NAMES).join(", ");
  return filled(words.value_more, { first, n: numberIn(words, shown.length - MOST_NAMES) });
}

function languageName(tag: string, words: Words): string {
  try {
    return new Intl.DisplayNames(words.locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
