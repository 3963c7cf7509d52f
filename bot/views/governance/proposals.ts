import type { ProposalsView } from "../../../protocol/wire/governance.ts";
import type { Names } from "../../commands/command.ts";
import { withNames } from "../../governance/account-names.ts";
import { momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView, Row } from "../view.ts";

/** Proposals and polls, newest first. */
export function proposalsCard(
  { proposals: written }: ProposalsView,
  words: Words,
  names: Pick<Names, "nameOf">,
): CardView {
  const proposals = written.map((one) => ({ ...one, title: withNames(one.title, names) }));
  const rows = proposals.map((one): Row => {
    const next =
      one.nextAt === null ? [] : [`${words.gov_list_next} ${momentIn(words, one.nextAt)}`];
    const advice = one.binding ? [] : [words.gov_advice];
    const told = [one.title, one.stateWords, ...advice, ...next].join(" · ");
    return { term: String(one.number), detail: sanitiseLine(told, 300), code: false };
  });
  return {
    kind: "card",
    id: "proposals",
    title: words.gov_list_title,
    line: rows.length === 0 ? words.gov_list_none : null,
    sections:
      rows.length === 0
        ? []
        : [{ id: "proposals", title: words.gov_list_title, rows, lines: [], ordered: false }],
    actions: [],
    menus:
      rows.length === 0
        ? []
        : [
            {
              id: "gov:open",
              label: words.button_card,
              choices: proposals.slice(0, 25).map(({ number, title, stateWords }) => ({
                value: String(number),
                label: sanitiseLine(`${number} ${title}`, 100),
                hint: sanitiseLine(stateWords, 100),
              })),
            },
          ],
  };
}
