import type { Actor } from "../../../protocol/wire/policy.ts";
import { governanceFailures } from "../failures.ts";
import { lockProposal, optionsOf } from "../proposals/load.ts";
import { type BallotParts, requireOpen } from "./cast.ts";
import { beforeSwing, lookForSwing } from "./late-swing.ts";
import { append, receiptCode } from "./log.ts";
import { type Receipt, receiptOf, receiptView } from "./receipt.ts";
import { ballotKey, eventKey, soFar } from "./so-far.ts";
import { voterIn } from "./voter.ts";

/** Takes a ballot back until the close. Throws `no_ballot`, `vote_closed`, `vote_not_open`. */
export function withdrawBallot(
  parts: BallotParts,
  number: number,
  actor: Actor,
  event: string,
): Promise<Receipt> {
  return parts.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    const act = { actor, eventId: event };
    const eventId = eventKey(act);
    const known = await soFar(trx, row, [act]);
    const told = known.told.get(eventId);
    if (told !== undefined) return receiptOf(trx, row, told);
    const stage = requireOpen(locked);
    const seats = known.seats.get(actor.account) ?? [];
    const voter = await voterIn(
      trx,
      row,
      actor.account,
      stage,
      await optionsOf(trx, row.id),
      seats,
    );
    const ballot = known.ballots.get(ballotKey(stage, voter.person));
    if (ballot === undefined || ballot.state !== "counts") throw governanceFailures.noBallot();
    const before = await beforeSwing(trx, row, stage, now, parts.secrets.poolKey);
    await trx
      .updateTable("ballot")
      .set({ state: "withdrawn" })
      .where("proposal_id", "=", row.id)
      .where("person_id", "=", voter.person)
      .where("stage", "=", stage)
      .execute();
    const receipt = receiptCode(parts.random(10));
    const step = { kind: "withdraw", stage, revision: row.revision, voter: ballot.voter } as const;
    const { seq, hash } = await append(
      trx,
      row.id,
      { ...step, ballot: null, receipt, eventId },
      now,
      known.last,
    );
    const until = await lookForSwing(trx, row, stage, before, parts.secrets.poolKey);
    const fields = { receipt, seq, hash, cast_at: now, until };
    return receiptView(row, { ...fields, state: "withdrawn", changed: true });
  });
}
