import { nameIn, summaryIn, usageOf } from "../commands/names.ts";
import { COMMANDS } from "../commands/table.ts";
import { LIMITS } from "../door.ts";
import { filled, type Words, wordsFor } from "../words/catalogue.ts";
import type { CommandLine, PageWords, Snapshot } from "./wire.ts";

const SHARED = [
  "where_message",
  "button_export",
  "button_yes",
  "button_no",
  "button_abstain",
  "gov_reason",
  "gov_empty_ballot",
  "model_offline",
] as const;

/** The part of the catalogue that the page says by itself. */
export function pageWords(words: Words): PageWords {
  const own = Object.entries(words).filter(([key]) => key.startsWith("page_"));
  const shared = SHARED.map((key) => [key, words[key]]);
  return { locale: words.locale, ...Object.fromEntries([...own, ...shared]) };
}

/** Commands as the page's menu lists them. */
export function commandLines(words: Words): CommandLine[] {
  return COMMANDS.map((command) => ({
    name: nameIn(words, command),
    english: command.name,
    usage: usageOf(command, words),
    summary: summaryIn(words, command),
  }));
}

/** Limits that the page offers to try. */
export function limitChoices(words: Words): Snapshot["limits"] {
  return Object.values(LIMITS).map(({ id, label }) => ({
    id,
    label:
      id === "local"
        ? words.page_limits_local
        : filled(words.page_limits_like, { platform: label }),
  }));
}

/** The language a browser asks for first (RFC 9110 §12.5.4); browsers list them in their order. */
export function browserWords(acceptLanguage: string | undefined): Words {
  return wordsFor(acceptLanguage?.split(",")[0]?.split(";")[0]?.trim());
}
