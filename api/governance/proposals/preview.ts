import type { ProposeRequest } from "../../../protocol/wire/governance.ts";
import type { GovernanceParts } from "../parts.ts";
import { propose } from "./propose.ts";
import { type Card, proposalByNumber, viewRow } from "./view.ts";

/** Carries the card out of the transaction that is taken back. */
class Previewed extends Error {
  readonly card: Card;

  constructor(card: Card) {
    super("a preview is never kept");
    this.card = card;
  }
}

/** The card as it would be: made like a real one, and taken back. Throws what `propose` throws. */
export async function previewProposal(
  parts: GovernanceParts,
  request: ProposeRequest,
): Promise<Card> {
  try {
    await propose(
      parts,
      { ...request, requestKey: `preview ${request.requestKey}` },
      async (trx, number) => {
        const row = await proposalByNumber(trx, number);
        throw new Previewed(await viewRow(trx, parts.ctx.secrets, row, request.actor.account));
      },
    );
  } catch (error) {
    if (error instanceof Previewed) return error.card;
    throw error;
  }
  throw new Error("a preview was kept");
}
