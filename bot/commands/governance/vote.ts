import { receiptCard } from "../../views/governance/receipt.ts";
import { errorNotice } from "../../views/notice.ts";
import type { Words } from "../../words/catalogue.ts";
import { actorOf, type Command, privately, wordsOf } from "../command.ts";
import { numberIn } from "./place.ts";

/** Casts, changes or withdraws a ballot; the receipt is for the voter alone. */
export const vote: Command = {
  name: "vote",
  summary: "Cast, change or withdraw your ballot",
  options: [
    { name: "number", summary: "Number of the proposal", type: "first", required: true },
    { name: "choice", summary: "yes, no, abstain; A>C=B …", type: "text", required: true },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const number = numberIn(values.number);
    if (number === null) return privately(errorNotice("no_number", words.gov_need_number));
    const [choice = "", ...reason] = (values.choice ?? "").split("|");
    const actor = actorOf(context);
    const eventId = context.requestKey;
    if (
      ["withdraw", words.button_withdraw_ballot.toLowerCase()].includes(choice.trim().toLowerCase())
    ) {
      const receipt = await context.pool.withdrawBallot(number, actor, eventId);
      return privately(receiptCard(receipt, words));
    }
    const said = reason.join("|").trim();
    // Only a button knows which revision its presser saw.
    const revision = numberIn(values.revision);
    const receipt = await context.pool.vote(number, {
      actor,
      eventId,
      choice: { text: spoken(choice.trim().slice(0, 500), words) },
      ...(revision === null ? {} : { revision }),
      ...(said === "" ? {} : { reason: said.slice(0, 500) }),
    });
    return privately(receiptCard(receipt, words));
  },
};

/** The voter's own word for yes, no or abstain as the pool reads it; everything else as it was typed. */
function spoken(choice: string, words: Words): string {
  const said = choice.toLowerCase();
  if (said === words.button_yes.toLowerCase()) return "yes";
  if (said === words.button_no.toLowerCase()) return "no";
  return said === words.button_abstain.toLowerCase() ? "abstain" : choice;
}
