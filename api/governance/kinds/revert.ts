import { governanceFailures } from "../failures.ts";
import { type Change, type Drafted, field, fieldValue, type Kind, Stale } from "./kind.ts";
import { kindOf } from "./table.ts";

export const revertKind: Kind<"revert"> = {
  kind: "revert",
  title: "Revert a decision",
  words: "Undoes what an earlier proposal did, or stops it before it takes effect.",
  fields: [field("proposal", "Proposal", "proposal", { maxLength: 12 })],
  types: ["revert"],
  type: () => "revert",
  async draft(values, { db }) {
    const written = fieldValue(this.fields, values, "proposal").replace(/^#/, "");
    const number = Number(written);
    if (!/^[1-9][0-9]{0,8}$/.test(written)) {
      throw governanceFailures.field("Proposal", "write its number.");
    }
    const target = await db
      .selectFrom("proposal as p")
      .innerJoin("effect as e", "e.proposal_id", "p.id")
      .innerJoin("proposal_option as o", (join) =>
        join.onRef("o.proposal_id", "=", "p.id").onRef("o.id", "=", "p.chosen"),
      )
      .select(["p.title", "e.state", "o.changes"])
      .where("p.number", "=", number)
      .executeTakeFirst();
    if (target === undefined || !["waiting", "held", "done"].includes(target.state)) {
      throw governanceFailures.field(
        "Proposal",
        `proposal ${number} has nothing in effect or about to be.`,
      );
    }
    const done = target.state === "done";
    const changes: Change[] = done
      ? target.changes.map(({ what, now, becomes }) => ({ what, now: becomes, becomes: now }))
      : [{ what: `Proposal ${number}`, now: "about to take effect", becomes: "never does" }];
    return {
      action: { kind: "revert", proposal: number },
      title: `${done ? "Revert" : "Stop"} proposal ${number} (${target.title})`.slice(0, 200),
      changes,
      expected: target.state === "done" ? "done" : "waiting",
    };
  },
  async apply(action, _expected, context) {
    const { trx } = context;
    const target = await trx
      .selectFrom("effect as e")
      .innerJoin("proposal as p", "p.id", "e.proposal_id")
      .select(["e.proposal_id", "e.action", "e.inverse", "e.state"])
      .where("p.number", "=", action.proposal)
      .forUpdate("e")
      .executeTakeFirst();
    if (target === undefined || !["waiting", "held", "done"].includes(target.state)) {
      throw new Stale(`proposal ${action.proposal} has nothing in effect any more`);
    }
    if (target.state === "done") {
      await kindOf(target.action.kind).undo?.(target.action, target.inverse, context);
    }
    const state = target.state === "done" ? "reverted" : "stopped";
    const words =
      state === "reverted"
        ? `Reverted by proposal ${context.number}.`
        : `Stopped by proposal ${context.number} before it took effect.`;
    await trx
      .updateTable("effect")
      .set({ state, words })
      .where("proposal_id", "=", target.proposal_id)
      .execute();
    return { state };
  },
};

/** The draft by which members ratify an emergency act; the pool makes it itself. */
export function ratifyDraft(emergency: {
  readonly id: string;
  readonly subject: string;
  readonly subject_name: string;
  readonly reason: string;
  readonly hours: number;
}): Drafted {
  const { id, subject, subject_name: name, reason, hours } = emergency;
  return {
    action: { kind: "ratify", emergency: id },
    title: `Keep the ${subject} ${name} suspended`,
    changes: [
      {
        what: `Suspension of the ${subject} ${name} (${reason})`,
        now: `ends ${hours} hours after it began`,
        becomes: "stays until members revert it",
      },
    ],
    expected: "in-force",
  };
}
