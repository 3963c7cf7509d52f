import {
  filled,
  formFor,
  momentText,
  numberText,
  type Plural,
} from "../../protocol/words/sentence.ts";
import { de } from "./de/index.ts";
import { en } from "./en/index.ts";
import { es } from "./es/index.ts";
import { fr } from "./fr/index.ts";
import { pt } from "./pt/index.ts";
import type { Words } from "./words.ts";

export { LANGUAGES } from "../../protocol/words/languages.ts";
export { filled, type Plural, type Words };

export const ENGLISH: Words = en;

/** BCP 47 tags and Discord's locales, by the language that serves them. */
const CATALOGUE: Readonly<Record<string, Words>> = {
  en,
  de,
  "es-ES": es,
  "es-419": es,
  fr,
  "pt-BR": pt,
};

/** Discord's locales that have words of their own beside English. */
export const LOCALES = Object.keys(CATALOGUE).filter((locale) => locale !== "en");

/**
 * The words for a locale: its own, else those of its main language (`fr-CA`, `es`, `pt-PT`), else English.
 * Takes BCP 47 tags in any case and Discord's locales; null and what is no locale at all is English.
 */
export function wordsFor(locale: string | null | undefined): Words {
  const wanted = (locale ?? "").toLowerCase().replaceAll("_", "-");
  const tags = Object.keys(CATALOGUE);
  const main = wanted.split("-")[0];
  const tag =
    tags.find((one) => one.toLowerCase() === wanted) ??
    tags.find((one) => one.split("-")[0] === main);
  return CATALOGUE[tag ?? ""] ?? en;
}

/** A sentence with a number, in the form the number asks for: `1 answer`, `1,204 answers`. */
export function counted(
  words: Words,
  plural: Plural,
  count: number,
  values: Readonly<Record<string, string>> = {},
): string {
  const sentence = formFor(words.locale, plural, count);
  return filled(sentence, { n: numberIn(words, count), ...values });
}

/** A number as people write it: `1,204`, `1.204`; at most `digits` decimals. */
export function numberIn({ locale }: Words, value: number, digits = 0): string {
  return numberText(locale, value, digits);
}

/** A moment to the minute, in UTC; ms since the epoch. */
export function momentIn({ locale }: Words, at: number): string {
  return momentText(locale, at);
}

/** One entry in every language but English, as Discord's `…_localizations`. */
export function localised(key: TextKey): Record<string, string> {
  return Object.fromEntries(LOCALES.map((locale) => [locale, wordsFor(locale)[key]]));
}

/** Keys whose entry is one sentence. */
export type TextKey = { [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words];

/** The sentence under a key that is known only at run time; undefined where the catalogue has none. */
export function textAt(words: Words, key: string): string | undefined {
  const entry = Object.hasOwn(words, key) ? words[key as TextKey] : undefined;
  return typeof entry === "string" ? entry : undefined;
}
