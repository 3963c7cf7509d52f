import type { Place } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import type { ProposalRow } from "./state.ts";

/** Where cards and threads of a proposal stand, the room it was made in first. */
export async function placesOf(
  db: Database,
  row: Pick<ProposalRow, "id" | "community" | "room">,
): Promise<Place[]> {
  const rows = await db
    .selectFrom("proposal_place")
    .select(["community", "room", "thread", "message"])
    .where("proposal_id", "=", row.id)
    .orderBy("community")
    .orderBy("room")
    .execute();
  const isHome = (place: Place) => place.community === row.community && place.room === row.room;
  const home = rows.find(isHome) ?? {
    community: row.community,
    room: row.room,
    thread: null,
    message: null,
  };
  return [home, ...rows.filter((place) => !isHome(place))];
}

/** Notes where a card stands; a later card in the same room takes its place. */
export async function keepPlace(db: Database, proposalId: string, place: Place): Promise<void> {
  const { community, room, thread = null, message = null } = place;
  await db
    .insertInto("proposal_place")
    .values({ proposal_id: proposalId, community, room, thread, message })
    .onConflict((conflict) =>
      conflict.columns(["proposal_id", "community", "room"]).doUpdateSet({ thread, message }),
    )
    .execute();
}
