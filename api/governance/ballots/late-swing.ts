import type { Transaction } from "kysely";
import { countPoll } from "../../../protocol/counting/poll.ts";
import type { SigningKey } from "../../../protocol/keys.ts";
import type { HouseName, Stage } from "../../../protocol/verify/poll-rows.ts";
import type { Tables } from "../../storage/tables.ts";
import { tell } from "../events/tell.ts";
import { optionsOf, pollRules } from "../proposals/load.ts";
import { placesOf } from "../proposals/places.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { say } from "../words/say.ts";
import { collectBallots, turnout } from "./collect.ts";

/** What may be compared before and after a late ballot; null outside the last part of a vote. */
export type LateLook = {
  readonly turnout: Record<HouseName, number>;
  readonly leader: string;
} | null;

/**
 * In the last tenth of a vote something decisive makes it last longer, so that nobody is surprised at the bell. In
 * an open vote: another leader, or the quorum reached. In a sealed one only how many voted is looked at, so the
 * extension says nothing that was not public.
 */
export async function beforeSwing(
  trx: Transaction<Tables>,
  row: ProposalRow,
  stage: Stage,
  now: number,
  key: SigningKey,
): Promise<LateLook> {
  const { lateSwing, voteMs } = row.terms;
  const [a, b] = lateSwing.window;
  const begins = (row.vote_until ?? 0) - Math.floor((voteMs * a) / b);
  if (stage !== "vote" || row.extensions >= lateSwing.times || now < begins) return null;
  return look(trx, row, key);
}

/** Extends the vote where the ballot just stored was decisive; returns when the stage closes now. */
export async function lookForSwing(
  trx: Transaction<Tables>,
  row: ProposalRow,
  stage: Stage,
  before: LateLook,
  key: SigningKey,
): Promise<number> {
  const until = (stage === "ratify" ? row.ratify_until : row.vote_until) as number;
  if (before === null) return until;
  const after = await look(trx, row, key);
  const reached = row.terms.houses.some(
    ({ house, quorum }) => before.turnout[house] < quorum && (after?.turnout[house] ?? 0) >= quorum,
  );
  if (!reached && before.leader === after?.leader) return until;
  const later = until + row.terms.lateSwing.extendMs;
  await trx
    .updateTable("proposal")
    .set({ vote_until: later, extensions: row.extensions + 1 })
    .where("id", "=", row.id)
    .execute();
  await tell(trx, {
    key: `extended:${row.id}:${row.revision}:${row.extensions + 1}`,
    type: "extended",
    proposal: row.number,
    words: say(reached ? "event_extended_turnout" : "event_extended_lead", {
      number: `${row.number}`,
      at: { at: later },
    }),
    places: await placesOf(trx, row),
    data: { voteUntil: later },
  });
  return later;
}

async function look(
  trx: Transaction<Tables>,
  row: ProposalRow,
  key: SigningKey,
): Promise<LateLook> {
  const counts = await turnout(trx, row, "vote");
  if (row.sealed) return { turnout: counts, leader: "" };
  const rules = pollRules(row, await optionsOf(trx, row.id));
  const ballots = await collectBallots(trx, row, key);
  const { outcome, winner, winners = [winner] } = countPoll(rules, ballots, "00", false);
  return { turnout: counts, leader: `${outcome} ${winners.join(" ")}` };
}
