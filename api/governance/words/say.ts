import type { Plural } from "../../../protocol/words/sentence.ts";
import type { en } from "./en/index.ts";

/** A sentence of governance: its place in the catalogue. */
export type SentenceKey = keyof typeof en;

/**
 * A sentence of ours before it has a language: which one, and what fills its places. It can be stored as JSON and is
 * put into words when it is read (words/speak.ts).
 */
export interface Said {
  readonly say: SentenceKey;
  readonly with?: Readonly<Record<string, Value>>;
}

/** What people wrote, as they wrote it, or a sentence of ours. Rows from before languages hold English text. */
export type Text = string | Said;

/** What fills a place. Text stands as it is; the rest is written as the reader's language does. */
export type Value =
  | Text
  | number
  /** A moment, to the minute, in UTC; ms since the epoch. */
  | { readonly at: number }
  /** The day of a moment, in UTC. */
  | { readonly day: number }
  | { readonly hours: number }
  /** The name of a language, from its tag (BCP 47). */
  | { readonly tongue: string }
  | { readonly each: readonly Value[]; readonly by: Joint };
export type Joint = "and" | "or" | "comma" | "semicolon" | "space";

type Places<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type PlacesOf<Entry> = Entry extends string
  ? Places<Entry>
  : Entry extends { readonly other: infer Other }
    ? Places<Other> | "n"
    : never;
/** What a sentence must be given: `n`, the number that a plural goes by, is a number. */
type Filling<K extends SentenceKey> = {
  readonly [Name in PlacesOf<(typeof en)[K]>]: Name extends "n" ? number : Value;
};

/** A sentence of the catalogue. Its places are part of the type: one left out, or one too many, does not compile. */
export function say<K extends SentenceKey>(
  key: K,
  ...[filling]: PlacesOf<(typeof en)[K]> extends never ? [] : [Filling<K>]
): Said {
  return filling === undefined
    ? { say: key }
    : { say: key, with: filling as Said["with"] & object };
}

/** Several sentences, or parts of one. */
export function each(values: readonly Value[], by: Joint): Value {
  return { each: values, by };
}

/** The same entries in another language. */
export type Sentences = {
  readonly [K in SentenceKey]: (typeof en)[K] extends string ? string : Plural;
};
