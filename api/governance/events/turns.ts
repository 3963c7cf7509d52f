import { sql } from "kysely";
import type { Database } from "../../storage/open.ts";
import { lockProposal, stateNow } from "../proposals/load.ts";
import { placesOf } from "../proposals/places.ts";
import { titleOf } from "../proposals/title.ts";
import { DAY_MS } from "../time.ts";
import { say } from "../words/say.ts";
import { tell } from "./tell.ts";

/**
 * Tells what time alone has brought: a vote that opened, and a day before its close a reminder to those who asked for
 * one and have not voted. Each is told once; telling late changes nothing.
 */
export async function tellTurns(db: Database): Promise<void> {
  const due = await db
    .selectFrom("proposal")
    .select("number")
    .where("closed_at", "is", null)
    .where("talk_until", "<=", sql<number>`pool_now()`)
    .where("vote_until", ">", sql<number>`pool_now()`)
    .where("told", "!=", "reminded")
    .where(
      sql<boolean>`(told <> 'voting ' || revision or (vote_until - ${DAY_MS}::bigint <= pool_now()
        and (terms ->> 'voteMs')::bigint > ${DAY_MS}::bigint))`,
    )
    .orderBy("number")
    .execute();
  for (const { number } of due) await tellTurn(db, number);
}

function tellTurn(db: Database, number: number): Promise<void> {
  return db.transaction().execute(async (trx) => {
    // The proposal first and the feed second, as everybody who tells of a proposal: they would wait for each other.
    const locked = await lockProposal(trx, number);
    const { row } = locked;
    if (stateNow(locked) !== "voting" || row.told === "reminded") return;
    const told = {
      number: `${row.number}`,
      at: { at: row.vote_until as number },
      title: titleOf(row),
    };
    const opened = `voting ${row.revision}`;
    if (row.told !== opened) {
      // Without time to talk the vote was open when it was proposed: its card said so.
      const talked = row.revision > 1 || (row.talk_until as number) > row.created_at;
      await tell(trx, {
        key: `vote-opened:${row.id}:${row.revision}`,
        type: "vote-opened",
        proposal: row.number,
        words: say("event_vote", told),
        places: talked ? await placesOf(trx, row) : [],
        data: { voteUntil: row.vote_until },
      });
      await trx.updateTable("proposal").set({ told: opened }).where("id", "=", row.id).execute();
    }
    const { rows } = await sql<{ due: boolean }>`
      select pool_now() >= ${(row.vote_until as number) - DAY_MS}::bigint as due`.execute(trx);
    if (rows[0]?.due !== true || row.terms.voteMs <= DAY_MS) return;
    const waiting = await sql<{ account: string }>`
      select distinct m.account from reminder m
      join roll r on r.proposal_id = ${row.id}::uuid and r.person_id = m.person_id
      where not exists (select 1 from ballot b where b.proposal_id = r.proposal_id
        and b.person_id = m.person_id and b.state = 'counts' and b.revision = ${row.revision})
      order by m.account`.execute(trx);
    await tell(trx, {
      key: `reminder:${row.id}:${row.revision}`,
      type: "reminder",
      proposal: row.number,
      words: say("event_reminder", told),
      tell: waiting.rows.map(({ account }) => account),
      data: { voteUntil: row.vote_until },
    });
    await trx.updateTable("proposal").set({ told: "reminded" }).where("id", "=", row.id).execute();
  });
}
