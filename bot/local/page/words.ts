import type { PageKey, PageWords } from "../wire.ts";

/** The page's words; empty until the room has told them. */
let words: Partial<PageWords> = {};

/** From now on the page speaks these. */
export function speak(chosen: PageWords): void {
  if (chosen === words) return;
  words = chosen;
  document.documentElement.lang = chosen.locale;
}

/** The words under a key, with `{name}` filled in. */
export function t(key: PageKey, values: Readonly<Record<string, string>> = {}): string {
  return (words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A number, as the page's readers write it. */
export function inDigits(value: number): string {
  return value.toLocaleString(words.locale);
}

/** A moment in its reader's own time. */
export function inOwnTime(epochMs: number): string {
  return new Date(epochMs).toLocaleString(words.locale, {
    dateStyle: "medium",
    timeStyle: "short",
  });
}
