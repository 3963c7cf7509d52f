import { filled } from "../../protocol/words/sentence.ts";
import type { Words } from "./words.ts";

/** A sentence of the pool, in these words; in the pool's own where its code is not known here. */
export function poolSentence(
  words: Words,
  code: string,
  message: string,
  known: Readonly<Record<string, string>> = {},
): string {
  const translation = words.sentences?.byCode[code];
  if (translation === undefined) return message;
  return completed(translation, { ...quotedIn(message), ...known }) ?? message;
}

/** A check's title and detail. A failed check keeps the pool's detail: it says what differs. */
export function checkInWords(
  words: Words,
  check: { readonly id: string; readonly title: string; readonly state: string; detail: string },
): { title: string; detail: string } {
  const known = words.sentences?.checks[check.id];
  if (!known) return check;
  if (check.state === "failed") return { title: known.title, detail: check.detail };
  const detail = completed(known.detail, quotedIn(check.detail));
  return { title: known.title, detail: detail ?? check.detail };
}

/** `Apache-2.0 · training data open`, `keep the notices; say what was changed`: phrase by phrase. */
export function phrasesInWords(words: Words, line: string): string {
  const phrases = words.sentences?.phrases;
  if (!phrases) return line;
  return line
    .split(/( · |; | \((?=[^()]*\)$)|\)$)/)
    .map((part) => phrases[part] ?? part)
    .join("");
}

/** The verb of a relation: `quantised`. */
export function verbInWords(words: Words, verb: string): string {
  return words.sentences?.verbs[verb] ?? verb;
}

/** Steps of verifying: the pool's own in English. */
export function verifyStepsIn(
  words: Words,
  steps: readonly string[],
  names: { readonly receipt: string; readonly job: string },
): readonly string[] {
  return words.sentences?.howToVerify.map((step) => filled(step, names)) ?? steps;
}

/** What a sentence puts in quotation marks, counts or dates, as `{1}`, `{2}` … */
function quotedIn(message: string): Record<string, string> {
  const found = message.matchAll(
    /“([^”]*)”|\b([0-9a-f]{64})\b|SHA256:\S+|\d{4}-\d\d-\d\d \d\d:\d\d UTC|(?<![\w-])(\d[\d,]*)/g,
  );
  return Object.fromEntries(
    [...found].map((match, at) => [`${at + 1}`, match[1] ?? match[2] ?? match[3] ?? match[0]]),
  );
}

/** Null when a place stays empty: a sentence with a hole is worse than one in English. */
function completed(sentence: string, values: Readonly<Record<string, string>>): string | null {
  const places = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  return places.every((name) => name in values) ? filled(sentence, values) : null;
}
