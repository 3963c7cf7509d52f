import { sql } from "kysely";
import type { Database } from "../../storage/open.ts";
import { say } from "../words/say.ts";
import { tell } from "./tell.ts";

interface Missing {
  readonly id: string;
  readonly number: number;
  readonly community: string;
  readonly room: string;
  readonly due: number;
}

/**
 * Asks doors for the cards of open proposals that nobody has said to stand anywhere: the door that proposed died
 * before it could post, or the post was lost. It is asked again at growing intervals, three times as old each time.
 */
export async function askForCards(db: Database): Promise<void> {
  const { rows } = await sql<Missing>`
    select p.id, p.number, place.community, place.room, place.card_due as due
    from proposal_place place join proposal p on p.id = place.proposal_id
    where place.card_due <= pool_now() and p.closed_at is null
    order by p.number, place.community, place.room limit 50`.execute(db);
  for (const missing of rows) await askFor(db, missing);
}

function askFor(db: Database, { id, number, community, room, due }: Missing): Promise<void> {
  return db.transaction().execute(async (trx) => {
    // Of several replicas one finds it due; a door that said meanwhile where the card stands is not asked.
    const asked = await sql`
      update proposal_place place set card_due = pool_now() + 2 * (pool_now() - p.created_at)
      from proposal p where p.id = place.proposal_id and p.id = ${id}::uuid and p.closed_at is null
        and place.community = ${community} and place.room = ${room} and place.card_due = ${due}::bigint
      returning 1`.execute(trx);
    if (asked.rows.length === 0) return;
    await tell(trx, {
      key: `card-missing:${id}:${due}:${community}/${room}`,
      type: "card-missing",
      proposal: number,
      words: say("event_card_missing", { number: `${number}` }),
      places: [{ community, room }],
    });
  });
}
