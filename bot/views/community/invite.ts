import type { InviteCreated } from "../../../protocol/wire/invites.ts";
import type { Names } from "../../commands/command.ts";
import { momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView } from "../view.ts";

/** A fresh invite: the command in full, whose questions the machine will see, until when it is good. */
export function inviteCard(made: InviteCreated, words: Words, names: Names): CardView {
  const { trust, owner, expiresAt } = made.invite;
  const row = (term: string, detail: string) => ({
    term,
    detail: sanitiseLine(detail, 300),
    code: false,
  });
  return {
    kind: "card",
    id: "invite",
    title: words.invite_title,
    line: words.invite_line,
    sections: [
      {
        id: "steps",
        title: words.invite_steps,
        // A command that was cut would be of no use, so that it is let through whole.
        rows: [
          { term: words.invite_command, detail: sanitiseLine(made.command, 1500), code: true },
          row(words.invite_serves, words[`trust_${trust}`]),
          ...(owner === null ? [] : [row(words.invite_counts_for, names.nameOf("account", owner))]),
          { ...row(words.invite_until, momentIn(words, expiresAt)), at: expiresAt },
        ],
        lines: made.warning === null ? [] : [sanitiseLine(made.warning, 500)],
        ordered: false,
      },
    ],
    actions: [],
  };
}
