import type { PoolError } from "../pool/errors.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";
import { poolSentence } from "../words/pool-sentences.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { NoticeView } from "./view.ts";

/** Something worth saying that is no failure. */
export function infoNotice(code: string, text: string): NoticeView {
  return { kind: "notice", tone: "info", code, text: sanitiseLine(text, 1000) };
}

/** Something that did not work, and what to do about it. */
export function errorNotice(code: string, text: string): NoticeView {
  return { kind: "notice", tone: "error", code, text: sanitiseLine(text, 1000) };
}

/** A refusal by the pool, in the reader's language where its code is known, else in the pool's own words. */
export function refusalNotice({ code, message }: PoolError, words: Words = ENGLISH): NoticeView {
  return errorNotice(code, poolSentence(words, code, message));
}
