import type { BallotReceipt } from "../../../protocol/wire/governance.ts";
import { filled, momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView } from "../view.ts";

/** What a voter keeps: that the ballot is in the log, never what it says. */
export function receiptCard(receipt: BallotReceipt, words: Words): CardView {
  const { proposal, revision, state, until } = receipt;
  const counts = state === "counts";
  return {
    kind: "card",
    id: `receipt:${proposal}`,
    title: filled(words.gov_receipt_title, { number: String(proposal) }),
    line: sanitiseLine(receipt.words, 400),
    sections: [
      {
        id: "receipt",
        title: words.gov_receipt,
        rows: [
          { term: words.gov_receipt, detail: receipt.receipt, code: true },
          {
            term: words.gov_receipt_place,
            detail: `${receipt.logIndex} · ${receipt.logHash.slice(0, 16)}`,
            code: true,
          },
          ...(counts
            ? [
                {
                  term: words.gov_receipt_until,
                  detail: momentIn(words, until),
                  code: false,
                  at: until,
                },
              ]
            : []),
        ],
        lines: [],
        ordered: false,
      },
    ],
    actions: counts
      ? [
          { id: `gov:${proposal}:change.${revision}`, label: words.button_vote, member: null },
          { id: `gov:${proposal}:unvote`, label: words.button_withdraw_ballot, member: null },
        ]
      : [],
  };
}
