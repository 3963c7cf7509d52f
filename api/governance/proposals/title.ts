import { type Said, say, type Text } from "../words/say.ts";
import { inEnglish } from "../words/speak.ts";
import { clipped } from "../written.ts";
import { DEFAULT_OPTION } from "./load.ts";

/** As the `title` column holds it, at most. */
const MOST = 300;

/** A title for its two columns: the record's, and ours to be put into the reader's words; what people wrote has none. */
export function titleColumns(title: Text): { title: string; title_said: string | null } {
  return {
    title: clipped(inEnglish(title), MOST),
    title_said: typeof title === "string" ? null : JSON.stringify(title),
  };
}

/** The title of a proposal or an option, for readers. */
export function titleOf(row: {
  readonly id?: string;
  readonly title: string;
  readonly title_said: Said | null;
}): Text {
  if (row.title_said !== null) return row.title_said;
  return row.id === DEFAULT_OPTION ? say("title_default") : row.title;
}
