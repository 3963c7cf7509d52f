import type { BallotRequest } from "../../../protocol/wire/governance.ts";
import { ApiFailure } from "../../errors.ts";
import { Gather } from "../../storage/gather.ts";
import { lockProposal, optionsOf } from "../proposals/load.ts";
import { type BallotParts, castIn } from "./cast.ts";
import type { Receipt } from "./receipt.ts";
import { soFar } from "./so-far.ts";

interface Item {
  readonly number: number;
  readonly request: BallotRequest;
}
type Outcome = { readonly receipt: Receipt } | { readonly error: unknown };

/** Ballots of one transaction: it holds the proposal, and a close or an edit waits that long. */
const AT_MOST = 32;

/**
 * Casts ballots. Each is chained to the one before, so those on one proposal come one by one; those that arrive
 * together share a transaction. A crowd waits here, and not on connections that everybody else needs.
 */
export function ballotBox(
  parts: BallotParts,
): (number: number, request: BallotRequest) => Promise<Receipt> {
  const box = new Gather<Item, Outcome>((items) => castAll(parts, items), {
    atMost: AT_MOST,
    pauseMs: 0,
  });
  return async (number, request) => {
    const outcome = await box.add({ number, request });
    if ("error" in outcome) throw outcome.error;
    return outcome.receipt;
  };
}

async function castAll(parts: BallotParts, items: readonly Item[]): Promise<Outcome[]> {
  const numbers = [...new Set(items.map(({ number }) => number))];
  const outcomes = new Map<Item, Outcome>();
  await Promise.all(
    numbers.map(async (number) => {
      const mine = items.filter((item) => item.number === number);
      try {
        const cast = await castOnOne(
          parts,
          number,
          mine.map(({ request }) => request),
        );
        for (const [at, item] of mine.entries()) outcomes.set(item, cast[at] as Outcome);
      } catch (error) {
        // Nothing of this transaction stays; the same event may come again.
        for (const item of mine) outcomes.set(item, { error });
      }
    }),
  );
  return items.map((item) => outcomes.get(item) as Outcome);
}

function castOnOne(
  parts: BallotParts,
  number: number,
  requests: readonly BallotRequest[],
): Promise<Outcome[]> {
  return parts.db.transaction().execute(async (trx) => {
    let locked = await lockProposal(trx, number);
    const options = await optionsOf(trx, locked.row.id);
    const known = await soFar(trx, locked.row, requests);
    const outcomes: Outcome[] = [];
    for (const request of requests) {
      try {
        const receipt = await castIn(trx, parts, locked, options, request, known);
        outcomes.push({ receipt });
        const until = locked.row.ratify_until ?? locked.row.vote_until;
        // A late ballot made the vote last longer.
        if (receipt.until !== until) locked = await lockProposal(trx, number);
      } catch (error) {
        // A ballot is refused before anything of it is written, so the others stand.
        if (!(error instanceof ApiFailure)) throw error;
        outcomes.push({ error });
      }
    }
    return outcomes;
  });
}
