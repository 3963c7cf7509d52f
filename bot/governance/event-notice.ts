import type { GovernanceEvent } from "../../protocol/wire/governance.ts";
import type { Names } from "../commands/command.ts";
import { infoNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import { withNames } from "./account-names.ts";

/** What happened, in the words of a place or a member, with people by the names that this door knows them by. */
export function eventNotice(
  { type, words: said, inWords = {} }: Pick<GovernanceEvent, "type" | "words" | "inWords">,
  names: Pick<Names, "nameOf">,
  { locale }: Pick<Words, "locale">,
): NoticeView {
  const [language = ""] = locale.split("-");
  const told = Object.hasOwn(inWords, language) ? (inWords[language] as string) : said;
  return infoNotice(type, withNames(told, names));
}
