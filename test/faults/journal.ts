import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { JobState } from "../../protocol/wire/http.ts";

/** One line of what askers did and saw. A killed process's lines stay: the kernel has them. */
export type Entry =
  | { readonly is: "asked"; readonly key: string; readonly prompt: string; readonly at: number }
  /** The pool took the question: from here on it must not be lost. */
  | { readonly is: "acknowledged"; readonly key: string; readonly id: string; readonly at: number }
  /** The pool said no, in words. */
  | { readonly is: "refused"; readonly key: string; readonly code: string; readonly words: string }
  | {
      readonly is: "told";
      readonly key: string;
      readonly id: string;
      readonly state: JobState;
      /** The answer in the final state; null where there is none. */
      readonly answer: string | null;
      /** What the stream had put together by then; null where this reader saw no text. */
      readonly shown: string | null;
      /** Words where there is no answer. */
      readonly notice: string | null;
      readonly at: number;
    };

export type Told = Extract<Entry, { is: "told" }>;

/** All that is known of one question. */
export interface Question {
  readonly key: string;
  readonly prompt: string;
  readonly askedAt: number;
  readonly acknowledged: readonly Extract<Entry, { is: "acknowledged" }>[];
  readonly refused: Extract<Entry, { is: "refused" }> | null;
  readonly told: readonly Told[];
}

export function note(file: string, entry: Entry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** The questions in a journal, by key, in the order they were asked. */
export function readJournal(file: string): Map<string, Question> {
  const questions = new Map<string, Question>();
  if (!existsSync(file)) return questions;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line === "") continue;
    const entry = JSON.parse(line) as Entry;
    const known = questions.get(entry.key);
    if (entry.is === "asked") {
      const { key, prompt, at } = entry;
      const blank = { acknowledged: [], refused: null, told: [] };
      if (known === undefined) questions.set(key, { key, prompt, askedAt: at, ...blank });
    } else if (known === undefined) throw new Error(`the journal answers ${entry.key} unasked`);
    else if (entry.is === "acknowledged")
      questions.set(entry.key, { ...known, acknowledged: [...known.acknowledged, entry] });
    else if (entry.is === "refused") questions.set(entry.key, { ...known, refused: entry });
    else questions.set(entry.key, { ...known, told: [...known.told, entry] });
  }
  return questions;
}
