import type { ProposalView } from "../../../protocol/wire/governance.ts";
import { proposalCard } from "../../views/governance/proposal.ts";
import { infoNotice } from "../../views/notice.ts";
import { sanitiseLine } from "../../views/text/sanitise.ts";
import { filled } from "../../words/catalogue.ts";
import { type CommandContext, namesOf, type Outcome, privately, wordsOf } from "../command.ts";
import { placeOf } from "./place.ts";

/** The card for everybody, in the place's language, and a thread to talk it over; the pool learns where it stands. */
export async function published(context: CommandContext, proposal: ProposalView): Promise<Outcome> {
  const words = wordsOf(context);
  const publicWords = context.publicWords ?? words;
  // Everybody reads it in the place's language, which need not be the proposer's.
  const card =
    publicWords.locale === words.locale
      ? proposal
      : await context.pool.speaking(publicWords.locale).proposal(proposal.number);
  const number = String(proposal.number);
  const title = sanitiseLine(proposal.title, 80);
  const place = placeOf(context);
  return {
    kind: "view",
    view: infoNotice("proposed", filled(words.gov_is_up, { number, title })),
    private: true,
    elsewhere: {
      room: context.room,
      // What holds for the proposer alone is no part of what everybody reads.
      view: proposalCard({ ...card, mine: null }, publicWords, namesOf(context), false),
      // A thread cannot begin inside a thread.
      ...(place.thread === undefined
        ? { thread: `${number} ${sanitiseLine(card.title, 80)}` }
        : {}),
      posted: async ({ message, thread }) => {
        await context.pool.placeProposal(proposal.number, {
          ...place,
          message,
          thread: thread ?? place.thread ?? null,
        });
      },
    },
  };
}

/** What changed is told to everybody by the pool's own events; who did it sees the card as it is now. */
export function seen(context: CommandContext, proposal: ProposalView): Outcome {
  return privately(proposalCard(proposal, wordsOf(context), namesOf(context)));
}
