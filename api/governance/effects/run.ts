import { sql } from "kysely";
import { tell } from "../events/tell.ts";
import { Stale } from "../kinds/kind.ts";
import { kindOf } from "../kinds/table.ts";
import { decided, type GovernanceParts } from "../parts.ts";
import { placesOf } from "../proposals/places.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { titleOf } from "../proposals/title.ts";
import { say } from "../words/say.ts";

/**
 * Takes one due action into effect, once: what it changes, the mark that it is done and the news of it are one
 * transaction, so a crash leaves either all or nothing, and of several replicas one finds it waiting. Where what it
 * changes is not what was voted on any more it does nothing and says so. Returns false when nothing is due.
 */
export async function runDueEffect(parts: GovernanceParts): Promise<boolean> {
  const { ctx } = parts;
  const done = await ctx.db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ proposal_id: string }>`
      select e.proposal_id from effect e join proposal p on p.id = e.proposal_id
      where e.state in ('waiting', 'held') and e.due_at <= pool_now()
      order by e.due_at, p.number limit 1 for update of e skip locked`.execute(trx);
    const id = rows[0]?.proposal_id;
    if (id === undefined) return false;
    const effect = await trx
      .selectFrom("effect")
      .selectAll()
      .where("proposal_id", "=", id)
      .executeTakeFirstOrThrow();
    const proposal = (await trx
      .selectFrom("proposal")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow()) as ProposalRow;
    const { rows: times } = await sql<{ now: number }>`select pool_now() as now`.execute(trx);
    const now = Number(times[0]?.now);
    const kind = kindOf(effect.action.kind);
    await sql`savepoint effect`.execute(trx);
    try {
      const context = { trx, now, proposalId: id, number: proposal.number };
      const inverse = await kind.apply?.(effect.action as never, effect.expected, context);
      const title = titleOf(proposal);
      const number = `${proposal.number}`;
      const words = JSON.stringify(say("effect_done", { at: { at: now } }));
      await trx
        .updateTable("effect")
        .set({ state: "done", done_at: now, inverse: JSON.stringify(inverse ?? null), words })
        .where("proposal_id", "=", id)
        .execute();
      await tell(trx, {
        key: `effect:${id}`,
        type: "in-effect",
        proposal: proposal.number,
        words: say("event_in_effect", { number, title }),
        places: await placesOf(trx, proposal),
        data: { action: effect.action },
      });
      if (effect.action.kind === "revert") {
        await tell(trx, {
          key: `reverted:${id}`,
          type: "reverted",
          proposal: effect.action.proposal,
          words: say("event_reverted", { number: `${effect.action.proposal}`, by: number }),
          places: await placesOf(trx, proposal),
          data: { by: proposal.number },
        });
      }
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      await sql`rollback to savepoint effect`.execute(trx);
      await trx
        .updateTable("effect")
        .set({
          state: "stale",
          done_at: now,
          words: JSON.stringify(say("effect_stale", { why: error.said })),
        })
        .where("proposal_id", "=", id)
        .execute();
      await tell(trx, {
        key: `effect:${id}`,
        type: "stale",
        proposal: proposal.number,
        words: say("event_stale", { number: `${proposal.number}`, why: error.said }),
        places: await placesOf(trx, proposal),
        data: { action: effect.action },
      });
    }
    return true;
  });
  if (done) await decided(parts);
  return done;
}
