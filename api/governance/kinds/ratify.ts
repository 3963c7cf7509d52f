import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import { withVotesRooms } from "../proposals/places.ts";
import { say } from "../words/say.ts";
import { type Drafted, type Kind, Stale } from "./kind.ts";

/** Nobody proposes it: two stewards' act opens it. */
export const ratifyKind: Kind<"ratify"> = {
  kind: "ratify",
  fields: [],
  types: ["emergency.ratify"],
  type: () => "emergency.ratify",
  async draft() {
    throw governanceFailures.field(say("field_kind"), say("why_pool_opens"));
  },
  async apply({ emergency }, _expected, { trx, number }) {
    const kept = await trx
      .updateTable("emergency")
      .set({ state: "ratified" })
      .where("id", "=", emergency)
      .where("state", "=", "in-force")
      .returning(["id", "subject", "subject_id", "subject_name", "community", "room"])
      .executeTakeFirst();
    if (kept === undefined) throw new Stale(say("stale_ratify"));
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
      words: say("event_suspension_kept", {
        subject: say(`the_${kept.subject}`, { name: kept.subject_name }),
      }),
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

/** The draft by which members ratify an emergency act; the pool makes it itself. */
export function ratifyDraft(emergency: {
  readonly id: string;
  readonly subject: "node" | "model" | "member";
  readonly subject_name: string;
  readonly reason: string;
  readonly hours: number;
}): Drafted {
  const { id, subject, subject_name: name, reason, hours } = emergency;
  const named = say(`named_${subject}`, { name });
  return {
    action: { kind: "ratify", emergency: id },
    title: say("title_ratify", { subject: named }),
    changes: [
      {
        what: say("change_suspension", { subject: named, reason }),
        now: say("change_ends", { time: { hours } }),
        becomes: say("change_stays"),
      },
    ],
    expected: "in-force",
  };
}
