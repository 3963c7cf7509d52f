import type { PoolSentences } from "../sentences.ts";

/** The pool writes English itself, with names and numbers that belong there: nothing is replaced. */
export const poolSentences: PoolSentences | null = null;
