import type { Language } from "../../../protocol/words/languages.ts";
import {
  dayText,
  filled,
  formFor,
  momentText,
  numberText,
  remembered,
} from "../../../protocol/words/sentence.ts";
import { de } from "./de/index.ts";
import { en } from "./en/index.ts";
import { es } from "./es/index.ts";
import { fr } from "./fr/index.ts";
import { pt } from "./pt/index.ts";
import type { Joint, Said, Sentences, Text, Value } from "./say.ts";

interface Tongue {
  /** BCP 47; numbers and dates are written as people do there. */
  readonly locale: string;
  readonly sentences: Sentences;
}

const TONGUES: Readonly<Record<Language, Tongue>> = {
  en: { locale: "en", sentences: en },
  de: { locale: "de", sentences: de },
  es: { locale: "es", sentences: es },
  fr: { locale: "fr", sentences: fr },
  pt: { locale: "pt-BR", sentences: pt },
};

/** A value in which our sentences have no language yet; what people wrote is text already. */
export type Unspoken<T> = T extends string
  ? string extends T
    ? Text
    : T
  : T extends readonly (infer Each)[]
    ? readonly Unspoken<Each>[]
    : T extends object
      ? { readonly [K in keyof T]: Unspoken<T[K]> }
      : T;

/** A sentence, or what somebody wrote, for a reader of this language. */
export function spoken(language: Language, text: Text): string {
  return typeof text === "string" ? text : oneStop(sentence(TONGUES[language], text));
}

/** In the language of the record: for exports, logs and whatever is signed. */
export function inEnglish(text: Text): string {
  return spoken("en", text);
}

/** The same value with every sentence of ours in words. */
export function spokenAll<T>(language: Language, value: Unspoken<T>): T {
  return translated(language, value) as T;
}

function translated(language: Language, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => translated(language, one));
  if (isSaid(value)) return spoken(language, value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, translated(language, inner)]),
  );
}

function isSaid(value: object): value is Said {
  return "say" in value && typeof value.say === "string" && Object.hasOwn(en, value.say);
}

function sentence({ locale, sentences }: Tongue, { say, with: filling = {} }: Said): string {
  const entry = sentences[say];
  const values = Object.fromEntries(
    Object.entries(filling).map(([name, value]) => [name, written({ locale, sentences }, value)]),
  );
  if (typeof entry === "string") return filled(entry, values);
  return filled(formFor(locale, entry, Number(filling.n)), values);
}

function written(tongue: Tongue, value: Value): string {
  const { locale } = tongue;
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(locale, value);
  if ("say" in value) return sentence(tongue, value);
  if ("at" in value) return momentText(locale, value.at);
  if ("day" in value) return dayText(locale, value.day);
  if ("hours" in value) return duration(tongue, value.hours);
  if ("tongue" in value) return tongueName(locale, value.tongue);
  return joined(
    locale,
    value.each.map((one) => written(tongue, one)),
    value.by,
  );
}

function joined(locale: string, parts: readonly string[], by: Joint): string {
  switch (by) {
    case "and":
      return list(locale, "conjunction").format(parts);
    case "or":
      return list(locale, "disjunction").format(parts);
    case "comma":
      return parts.join(", ");
    case "semicolon":
      return parts.join(locale === "fr" ? " ; " : "; ");
    case "space":
      return parts.filter((part) => part !== "").join(" ");
  }
}

/** Two days and below in hours, longer times in days where they are whole ones. */
function duration(tongue: Tongue, hours: number): string {
  if (hours === 0) return sentence(tongue, { say: "duration_none" });
  return hours % 24 === 0 && hours > 48
    ? sentence(tongue, { say: "duration_days", with: { n: hours / 24 } })
    : sentence(tongue, { say: "duration_hours", with: { n: hours } });
}

/** A title that ends in a question mark needs no full stop behind it. */
function oneStop(words: string): string {
  return words.replace(/([.?!…])\.(?=\s|$)/g, "$1");
}

function list(locale: string, type: "conjunction" | "disjunction"): Intl.ListFormat {
  return remembered(`list ${locale} ${type}`, () => new Intl.ListFormat(locale, { type }));
}

/** The tag itself where nobody knows what it names. */
function tongueName(locale: string, tag: string): string {
  const names = remembered(
    `languages ${locale}`,
    () => new Intl.DisplayNames(locale, { type: "language", fallback: "code" }),
  );
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
