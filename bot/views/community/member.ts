import type { Member } from "../../../protocol/wire/members.ts";
import type { Names } from "../../commands/command.ts";
import { nameIn } from "../../commands/names.ts";
import { counted, filled, momentIn, numberIn, type Words } from "../../words/catalogue.ts";
import { dayInWords } from "../measures.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView, Row, Section } from "../view.ts";

const INVITE = { name: "pool invite" };

/** What a member has left today and how more is earned, their accounts and machines. */
export function memberCard(member: Member, words: Words, names: Names): CardView {
  const { limit, left } = member.quota;
  return {
    kind: "card",
    id: "me",
    title: words.me_title,
    line: limit === null || left === null ? words.me_no_limit : counted(words, words.me_left, left),
    sections: [
      quotaSection(member, words),
      {
        id: "accounts",
        title: words.me_accounts,
        rows: member.accounts.map(({ account, firstSeenAt, linkedAt }) => {
          const date = dayInWords(linkedAt ?? firstSeenAt, words);
          const name = sanitiseLine(names.nameOf("account", account), 120);
          return row(name, filled(words.me_since, { date }));
        }),
        lines: [],
        ordered: false,
      },
      machinesSection(member, words),
    ],
    actions: [],
  };
}

function quotaSection({ quota }: Member, words: Words): Section {
  const { limit, bonus, used, left, resetsAt } = quota;
  const number = (value: number | null) =>
    value === null ? words.value_no_limit : numberIn(words, value);
  const rows = [row(words.me_a_day, number(limit))];
  if (limit !== null) rows.push(row(words.me_earned, `+${numberIn(words, bonus)}`));
  rows.push(row(words.me_used, numberIn(words, used)));
  if (limit !== null) rows.push(row(words.me_still, number(left)));
  rows.push({ ...row(words.me_new_day, momentIn(words, resetsAt)), at: resetsAt });
  return {
    id: "today",
    title: words.me_today,
    rows,
    lines: [words.me_how_to_earn],
    ordered: false,
  };
}

function machinesSection({ nodes, credits }: Member, words: Words): Section {
  const rows = nodes.map(({ name, online, answers, lastDay }) =>
    row(
      sanitiseLine(name, 60),
      filled(words.me_machine, {
        state: online ? words.online : words.offline,
        all: counted(words, words.answers, answers),
        day: counted(words, words.answers, lastDay.answers),
      }),
    ),
  );
  if (nodes.length > 0) rows.push(row(words.me_credits, counted(words, words.tokens, credits)));
  const lines =
    nodes.length === 0 ? [filled(words.me_no_machines, { command: nameIn(words, INVITE) })] : [];
  return { id: "machines", title: words.me_machines, rows, lines, ordered: false };
}

function row(term: string, detail: string): Row {
  return { term, detail: sanitiseLine(detail, 300), code: false };
}
