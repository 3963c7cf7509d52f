import { dayText } from "../../protocol/words/sentence.ts";
import { ENGLISH, filled, numberIn, type Words } from "../words/catalogue.ts";

/** Numbers as people read them, in the language of their reader; the same on every machine. */

/** Decimal units, as download pages use: `98.4 MB`, `98,4 Mo`. */
export function bytesInWords(bytes: number, words: Words = ENGLISH): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(words.locale, {
    style: "unit",
    unit: units[unit] as string,
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(value);
}

/** `under a second`, `12 s`, `2 min`, `1 h 5 min`; rounded up, because a wait told too short is a broken promise. */
export function durationInWords(ms: number, words: Words = ENGLISH): string {
  if (ms < 1000) return words.under_a_second;
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `812 tokens/s`, `3.4 tokens/s`; null where it was not measured. */
export function speedInWords(
  tokensPerSecond: number | null,
  words: Words = ENGLISH,
): string | null {
  if (tokensPerSecond === null || tokensPerSecond <= 0) return null;
  const n = numberIn(words, tokensPerSecond, tokensPerSecond < 10 ? 1 : 0);
  return filled(words.tokens_per_second, { n });
}

/** Thousandths as a decimal fraction without trailing zeros: 700 → `0.7`. */
export function thousandths(value: number, words: Words = ENGLISH): string {
  return numberIn(words, value / 1000, 3);
}

/** `2026-03-01 14:05:09 UTC` */
export function momentInWords(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A day in UTC: `1 March 2026`, `1. März 2026`. */
export function dayInWords(epochMs: number, words: Words = ENGLISH): string {
  return dayText(words.locale, epochMs);
}

/** First digits of a digest, enough to compare by eye. */
export function shortDigest(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
