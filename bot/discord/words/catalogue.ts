import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { pt } from "./pt.ts";

/** Everything this door says of its own, in one language. */
export type Words = { readonly [K in keyof typeof en]: string };

/** By Discord's locale; a language without an entry falls back to its main one, then to English. */
const CATALOGUE: Record<string, Words> = {
  de,
  "es-ES": es,
  "es-419": es,
  fr,
  "pt-BR": pt,
};

export const LOCALES = Object.keys(CATALOGUE);

/** The words for a locale of Discord's, such as `de` or `pt-BR`. */
export function wordsFor(locale: string | null | undefined): Words {
  return CATALOGUE[locale ?? ""] ?? en;
}

/** A sentence with its `{name}`s filled in. */
export function filled(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** One entry in every language but English, as Discord's `…_localizations`. */
export function localised(key: keyof Words): Record<string, string> {
  return Object.fromEntries(LOCALES.map((locale) => [locale, wordsFor(locale)[key]]));
}
