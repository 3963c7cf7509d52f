import type { IncomingHttpHeaders } from "node:http";
import { type Language, languageAccepted } from "../../../protocol/words/languages.ts";
import { spokenAll, type Unspoken } from "../words/speak.ts";

/** The language of whoever asks: doors name that of the place or the member they ask for. */
export function languageOf(headers: IncomingHttpHeaders): Language {
  return languageAccepted(headers["accept-language"]);
}

/** An answer in the language of whoever asks. */
export function read<T>(headers: IncomingHttpHeaders, value: Unspoken<T>): T {
  return spokenAll<T>(languageOf(headers), value);
}
