import { sql, type Transaction } from "kysely";
import type { Place } from "../../../protocol/wire/governance.ts";
import { fitsPolicy } from "../../../protocol/wire/policy.ts";
import { placeOf } from "../../policy/scope.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import type { ProposalRow } from "./state.ts";

/** A door that shows a card says so within this time; if not, it is asked to. */
const CARD_MS = 60_000;

/**
 * Where a proposal is told: the room it was made in first, then the rooms that other communities chose for votes, as
 * long as they choose them.
 */
export async function placesOf(
  db: Database,
  row: Pick<ProposalRow, "id" | "community" | "room">,
): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select community, room, thread, message from proposal_place place
    where proposal_id = ${row.id}::uuid and (not by_setting or exists (
      select 1 from policy where scope = 'community:' || place.community and key = 'votes_room'
        and value = to_jsonb(place.room)))
    order by community, room`.execute(db);
  const isHome = (place: Place) => place.community === row.community && place.room === row.room;
  const home = rows.find(isHome) ?? {
    community: row.community,
    room: row.room,
    thread: null,
    message: null,
  };
  return [home, ...rows.filter((place) => !isHome(place))];
}

/** The rooms in which communities want to hear of votes. */
export async function votesRooms(db: Database): Promise<Place[]> {
  const rows = await db
    .selectFrom("policy")
    .select(["scope", "value"])
    .where("key", "=", "votes_room")
    .orderBy("scope")
    .execute();
  return rows.flatMap(({ scope, value }): Place[] => {
    const { community } = placeOf(scope);
    return community === null || value === null || !fitsPolicy("votes_room", value)
      ? []
      : [{ community, room: value }];
  });
}

/** A place and, after it, the rooms for votes; each once. */
export async function withVotesRooms(db: Database, home: Place): Promise<Place[]> {
  const isOther = ({ community, room }: Place) =>
    community !== home.community || room !== home.room;
  return [home, ...(await votesRooms(db)).filter(isOther)];
}

/** Notes where a new proposal is to have its cards. */
export async function openPlaces(
  trx: Transaction<Tables>,
  proposalId: string,
  [home, ...others]: readonly Place[],
  now: number,
): Promise<void> {
  const place = ({ community, room, thread = null, message = null }: Place) => ({
    ...{ proposal_id: proposalId, community, room, thread, message },
    card_due: message === null ? now + CARD_MS : null,
  });
  await trx
    .insertInto("proposal_place")
    .values([
      place(home as Place),
      ...others.map((other) => ({ ...place(other), by_setting: true })),
    ])
    .execute();
}

/** Of a proposal that is closed: no door is asked for a card of it any more. */
export async function closePlaces(trx: Transaction<Tables>, proposalId: string): Promise<void> {
  await trx
    .updateTable("proposal_place")
    .set({ card_due: null })
    .where("proposal_id", "=", proposalId)
    .where("card_due", "is not", null)
    .execute();
}

/** Notes where a card stands; a later card in the same room takes its place. */
export async function keepPlace(db: Database, proposalId: string, place: Place): Promise<void> {
  const { community, room, thread = null, message = null } = place;
  await db
    .insertInto("proposal_place")
    .values({ proposal_id: proposalId, community, room, thread, message, card_due: null })
    .onConflict((conflict) =>
      conflict
        .columns(["proposal_id", "community", "room"])
        .doUpdateSet({ thread, message, card_due: null }),
    )
    .execute();
}
