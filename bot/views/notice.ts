import { PoolError } from "../pool/errors.ts";
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

/** The notice for a failure of the pool. Rethrows what is not one: that is our own fault and must be seen. */
export function poolErrorNotice(error: unknown): NoticeView {
  if (error instanceof PoolError) return errorNotice(error.code, error.message);
  throw error;
}
