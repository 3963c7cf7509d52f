import { sql, type Transaction } from "kysely";
import type { Tables } from "../../storage/tables.ts";
import { currentRules } from "../constitution/book.ts";
import { tell } from "../events/tell.ts";
import { Stale } from "../kinds/kind.ts";
import { undoSetting } from "../kinds/setting-change.ts";
import { STEWARDS } from "../kinds/standing-words.ts";
import { decided, type GovernanceParts } from "../parts.ts";
import { withVotesRooms } from "../proposals/places.ts";
import { HOUR_MS } from "../time.ts";
import { say } from "../words/say.ts";

/** Ends what lapsed and what was never seconded. */
export async function lapseEmergencies(parts: GovernanceParts): Promise<void> {
  const { ctx } = parts;
  const { rows } = await sql<{ id: string }>`
    select id from emergency where state = 'in-force' and lapses_at <= pool_now()`.execute(ctx.db);
  for (const { id } of rows) await lapse(ctx, id);
  if (rows.length > 0) await decided(parts);
  const { constitution } = await currentRules(ctx.db);
  await sql`
    update emergency set state = 'expired' where state = 'awaiting-second'
      and proposed_at + ${constitution.checks.emergency.secondWithinH * HOUR_MS}::bigint <= pool_now()`.execute(
    ctx.db,
  );
}

function lapse(ctx: GovernanceParts["ctx"], id: string): Promise<void> {
  return ctx.db.transaction().execute(async (trx) => {
    const act = await trx
      .selectFrom("emergency")
      .selectAll()
      .where("id", "=", id)
      .where("state", "=", "in-force")
      .forUpdate()
      .executeTakeFirst();
    if (act === undefined) return;
    await trx.updateTable("emergency").set({ state: "lapsed" }).where("id", "=", id).execute();
    await trx.deleteFrom("suspension").where("emergency_id", "=", id).execute();
    if (act.subject === "node") {
      await trx
        .deleteFrom("node_standing")
        .where("node_key", "=", act.subject_id)
        .where("scope", "=", "*")
        .where("set_by", "=", STEWARDS)
        .execute();
      const before = act.undo as Record<string, unknown> | null;
      if (before !== null) {
        await trx
          .insertInto("node_standing")
          .values({ node_key: act.subject_id, scope: "*", ...(before as never as object) } as never)
          .onConflict((conflict) => conflict.columns(["node_key", "scope"]).doNothing())
          .execute();
      }
    }
    if (act.subject === "model") await putModelBack(trx, act);
    await tell(trx, {
      key: `emergency-lapsed:${id}`,
      type: "emergency-lapsed",
      words: say("event_suspension_over", {
        subject: say(`the_${act.subject}`, { name: act.subject_name }),
      }),
      places: await withVotesRooms(trx, { community: act.community, room: act.room }),
      data: { emergency: id },
    });
  });
}

/** As it was; or, where members have decided about models meanwhile, as they decided. */
async function putModelBack(
  trx: Transaction<Tables>,
  act: {
    readonly undo: unknown;
    readonly lapses_at: number | null;
    readonly proposal_id: string | null;
  },
): Promise<void> {
  const { number } = await trx
    .selectFrom("proposal")
    .select("number")
    .where("id", "=", act.proposal_id)
    .executeTakeFirstOrThrow();
  try {
    const context = { trx, now: act.lapses_at ?? 0, proposalId: "", number };
    await undoSetting(act.undo, context);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}
