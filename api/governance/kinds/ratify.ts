import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import { withVotesRooms } from "../proposals/places.ts";
import { type Kind, Stale } from "./kind.ts";

/** Nobody proposes it: two stewards' act opens it. */
export const ratifyKind: Kind<"ratify"> = {
  kind: "ratify",
  title: "Ratify an emergency act",
  words: "Opened by the pool when two stewards have acted; nobody proposes it by hand.",
  fields: [],
  types: ["emergency.ratify"],
  type: () => "emergency.ratify",
  async draft() {
    throw governanceFailures.field("Kind", "the pool opens it itself after an emergency act.");
  },
  async apply({ emergency }, _expected, { trx, number }) {
    const kept = await trx
      .updateTable("emergency")
      .set({ state: "ratified" })
      .where("id", "=", emergency)
      .where("state", "=", "in-force")
      .returning(["id", "subject", "subject_id", "subject_name", "community", "room"])
      .executeTakeFirst();
    if (kept === undefined) throw new Stale("the act has lapsed");
    await trx
      .updateTable("suspension")
      .set({ until: null })
      .where("emergency_id", "=", emergency)
      .execute();
    if (kept.subject === "node") {
      await trx
        .updateTable("node_standing")
        .set({ until: null })
        .where("node_key", "=", kept.subject_id)
        .where("scope", "=", "*")
        .execute();
    }
    await tell(trx, {
      key: `emergency-ratified:${emergency}`,
      type: "emergency-ratified",
      proposal: number,
      words: `Members ratified the suspension of the ${kept.subject} ${kept.subject_name}: it stays until they revert it.`,
      places: await withVotesRooms(trx, { community: kept.community, room: kept.room }),
      data: { emergency },
    });
    return { emergency };
  },
  async undo({ emergency }, _inverse, { trx, now }) {
    await trx
      .updateTable("emergency")
      .set({ state: "in-force", lapses_at: now })
      .where("id", "=", emergency)
      .execute();
  },
};
