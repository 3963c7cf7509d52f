import { sanitiseLine } from "../views/text/sanitise.ts";
import { BREAK } from "./render/markdown.ts";

/** A thread's name from the beginning of its answer; Discord allows 100 characters. */
export function threadName(answer: string): string {
  const line = sanitiseLine(answer.replace(/[`*_~|#>]/g, ""), 80).replaceAll(BREAK, "");
  return line === "" ? "…" : line;
}
