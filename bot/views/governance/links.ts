import type { LinkCode, LinkOutcome } from "../../../protocol/wire/governance.ts";
import { filled, momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView } from "../view.ts";

/** A one-time code, for the member's eyes alone. */
export function linkCodeCard({ code, expiresAt }: LinkCode, words: Words): CardView {
  return {
    kind: "card",
    id: "link",
    title: words.gov_link_title,
    line: filled(words.gov_link_how, { code }),
    sections: [
      {
        id: "code",
        title: words.gov_link_code,
        rows: [
          { term: words.gov_link_code, detail: code, code: true },
          {
            term: words.gov_link_until,
            detail: momentIn(words, expiresAt),
            code: false,
            at: expiresAt,
          },
        ],
        lines: [],
        ordered: false,
      },
    ],
    actions: [],
  };
}

/** Which accounts are one person now, and what became of ballots that both had cast. */
export function linkedCard(outcome: LinkOutcome, words: Words): CardView {
  const merged = outcome.mergedBallots.map(({ proposal, kept, dropped }) =>
    filled(words.gov_ballot_merged, { number: String(proposal), kept, dropped }),
  );
  return {
    kind: "card",
    id: "linked",
    title: words.gov_linked_accounts,
    line: sanitiseLine(outcome.words, 400),
    sections: [
      {
        id: "accounts",
        title: words.gov_linked_accounts,
        rows: [],
        lines: [...outcome.accounts.map((account) => sanitiseLine(account, 255)), ...merged],
        ordered: false,
      },
    ],
    actions: [],
  };
}
