import type { GovernanceEvent } from "../../protocol/wire/governance.ts";
import type { Names } from "../commands/command.ts";
import { infoNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";

/** Accounts as the pool writes them within a sentence; a dot or comma behind one is the sentence's. */
const ACCOUNT = /\b(?:discord:\d{15,21}|matrix:@[^\s,;()]*[^\s,;().])/g;

/** What happened, with people by the names that this door knows them by. */
export function eventNotice(
  { type, words }: Pick<GovernanceEvent, "type" | "words">,
  names: Pick<Names, "nameOf">,
): NoticeView {
  return infoNotice(
    type,
    words.replace(ACCOUNT, (id) => names.nameOf("account", id)),
  );
}
