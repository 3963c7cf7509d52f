import type { Plural } from "../../protocol/words/sentence.ts";
import type { En } from "./en/index.ts";

/** Everything all doors say of their own, in one language. */
export type Words = {
  readonly [K in keyof En]: En[K] extends Plural ? Plural : En[K] extends string ? string : En[K];
};
