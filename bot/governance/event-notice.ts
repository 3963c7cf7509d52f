import type { GovernanceEvent } from "../../protocol/wire/governance.ts";
import type { Names } from "../commands/command.ts";
import { infoNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";

/** Accounts as the pool writes them within a sentence; a dot or comma behind one is the sentence's. */
const ACCOUNT = /\b(?:discord:\d{15,21}|matrix:@[^\s,;()]*[^\s,;().])/g;

/** What happened, in the words of a place or a member, with people by the names that this door knows them by. */
export function eventNotice(
  { type, words: said, inWords = {} }: Pick<GovernanceEvent, "type" | "words" | "inWords">,
  names: Pick<Names, "nameOf">,
  { locale }: Pick<Words, "locale">,
): NoticeView {
  const [language = ""] = locale.split("-");
  const told = Object.hasOwn(inWords, language) ? (inWords[language] as string) : said;
  return infoNotice(
    type,
    told.replace(ACCOUNT, (id) => names.nameOf("account", id)),
  );
}
