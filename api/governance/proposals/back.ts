import type { Transaction } from "kysely";
import type { Actor } from "../../../protocol/wire/policy.ts";
import { personOf } from "../../members/person.ts";
import type { Tables } from "../../storage/tables.ts";
import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import type { GovernanceParts } from "../parts.ts";
import { requireMember } from "../people/membership.ts";
import { say } from "../words/say.ts";
import { written } from "../written.ts";
import { requireState } from "./change.ts";
import { backersByHouse, type Locked, lockProposal } from "./load.ts";
import { placesOf } from "./places.ts";

/** Backs a proposal; once enough people do, talk begins. */
export function sponsor(parts: GovernanceParts, number: number, actor: Actor): Promise<void> {
  return parts.ctx.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    if (row.talk_until !== null) return;
    requireState(locked, ["seeking-sponsors"], say("what_back"));
    const person = await requireMember(trx, actor, parts.rights.poolModerators, "back", now);
    if (person === row.proposer) return;
    await back(trx, locked, person, actor.account, "sponsor", null);
    const { count } = await trx
      .selectFrom("backing")
      .select((select) => select.fn.countAll<number>().as("count"))
      .where("proposal_id", "=", row.id)
      .where("kind", "=", "sponsor")
      .executeTakeFirstOrThrow();
    // The proposer is one of them.
    if (Number(count) + 1 < row.terms.sponsors) return;
    const talkUntil = now + row.terms.talkMs;
    await trx
      .updateTable("proposal")
      .set({ talk_until: talkUntil, vote_until: talkUntil + row.terms.voteMs })
      .where("id", "=", row.id)
      .execute();
    await tell(trx, {
      key: `seconded:${row.id}`,
      type: "seconded",
      proposal: number,
      words: say("event_seconded", {
        number: `${number}`,
        needed: row.terms.sponsors,
        at: { at: talkUntil },
      }),
      places: await placesOf(trx, row),
      data: { talkUntil },
    });
  });
}

/** Objects, with reasons, to what would pass by consent; enough objections make it a vote. */
export function object(
  parts: GovernanceParts,
  number: number,
  actor: Actor,
  reason: string,
): Promise<void> {
  return parts.ctx.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    requireState(locked, ["talk"], say("what_object"));
    if (locked.row.terms.consent === null) {
      throw governanceFailures.wrongState(say("what_object_voted"), say("state_no_consent"));
    }
    const person = await seatHolder(trx, locked, actor);
    await back(trx, locked, person, actor.account, "objection", written(reason));
  });
}

/** Holds a passed action, once, so that there is time for a vote to revert it. Returns how many hold it. */
export function hold(parts: GovernanceParts, number: number, actor: Actor): Promise<number> {
  return parts.ctx.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    const effect = await trx
      .selectFrom("effect")
      .selectAll()
      .where("proposal_id", "=", row.id)
      .forUpdate()
      .executeTakeFirst();
    if (effect === undefined || effect.state !== "waiting" || effect.due_at <= now) {
      throw governanceFailures.wrongState(
        say("what_hold"),
        say(effect?.state === "held" ? "state_held_already" : "state_not_waiting"),
      );
    }
    const person = await seatHolder(trx, locked, actor);
    await back(trx, locked, person, actor.account, "hold", null);
    const holds = await backersByHouse(trx, row.id, "hold");
    const most = Math.max(holds.members, holds.producers);
    if (most < row.terms.holders) return most;
    const due = Math.max(effect.due_at, now + row.terms.holdMs);
    await trx
      .updateTable("effect")
      .set({ state: "held", held_at: now, due_at: due })
      .where("proposal_id", "=", row.id)
      .execute();
    await tell(trx, {
      key: `held:${row.id}`,
      type: "held",
      proposal: number,
      words: say("event_held", { number: `${number}`, have: most, at: { at: due } }),
      places: await placesOf(trx, row),
      data: { dueAt: due },
    });
    return most;
  });
}

async function seatHolder(
  trx: Transaction<Tables>,
  { row, now }: Locked,
  actor: Actor,
): Promise<string> {
  const person = await personOf(trx, actor.account, now);
  const seat = await trx
    .selectFrom("roll")
    .select("house")
    .where("proposal_id", "=", row.id)
    .where("person_id", "=", person)
    .executeTakeFirst();
  if (seat === undefined) {
    throw governanceFailures.notOnRoll(say("roll_only"));
  }
  return person;
}

async function back(
  trx: Transaction<Tables>,
  { row, now }: Locked,
  person: string,
  account: string,
  kind: "sponsor" | "objection" | "hold",
  reason: string | null,
): Promise<void> {
  await trx
    .insertInto("backing")
    .values({ proposal_id: row.id, person_id: person, kind, account, reason, at: now })
    .onConflict((conflict) => conflict.columns(["proposal_id", "person_id", "kind"]).doNothing())
    .execute();
}
