import type { Action } from "../../../protocol/wire/governance.ts";
import { governanceFailures } from "../failures.ts";
import { titleOf } from "../proposals/title.ts";
import { say } from "../words/say.ts";
import { type Change, field, fieldValue, type Kind, Stale } from "./kind.ts";

const FIELDS = [field("proposal", say("field_proposal"), "proposal", { maxLength: 12 })];

/** Undoes what any other kind did, in that kind's own way. */
export const revertKind = (kindOf: (kind: Action["kind"]) => Kind): Kind<"revert"> => ({
  kind: "revert",
  fields: FIELDS,
  types: ["revert"],
  type: () => "revert",
  async draft(values, { db }) {
    const written = fieldValue(FIELDS, values, "proposal").replace(/^#/, "");
    const number = Number(written);
    if (!/^[1-9][0-9]{0,8}$/.test(written)) {
      throw governanceFailures.field(say("field_proposal"), say("why_number"));
    }
    const target = await db
      .selectFrom("proposal as p")
      .innerJoin("effect as e", "e.proposal_id", "p.id")
      .innerJoin("proposal_option as o", (join) =>
        join.onRef("o.proposal_id", "=", "p.id").onRef("o.id", "=", "p.chosen"),
      )
      .select(["p.title", "p.title_said", "e.state", "o.changes"])
      .where("p.number", "=", number)
      .executeTakeFirst();
    if (target === undefined || !["waiting", "held", "done"].includes(target.state)) {
      throw governanceFailures.field(
        say("field_proposal"),
        say("why_nothing_done", { number: written }),
      );
    }
    const done = target.state === "done";
    const changes: Change[] = done
      ? target.changes.map(({ what, now, becomes }) => ({ what, now: becomes, becomes: now }))
      : [
          {
            what: say("change_proposal", { number: written }),
            now: say("change_about_to"),
            becomes: say("change_never"),
          },
        ];
    return {
      action: { kind: "revert", proposal: number },
      title: say(done ? "title_revert" : "title_stop", { number: written, title: titleOf(target) }),
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
      throw new Stale(say("stale_revert", { number: `${action.proposal}` }));
    }
    if (target.state === "done") {
      await kindOf(target.action.kind).undo?.(target.action, target.inverse, context);
    }
    const state = target.state === "done" ? "reverted" : "stopped";
    const words = say(`effect_${state}`, { number: `${context.number}` });
    await trx
      .updateTable("effect")
      .set({ state, words: JSON.stringify(words) })
      .where("proposal_id", "=", target.proposal_id)
      .execute();
    return { state };
  },
});
