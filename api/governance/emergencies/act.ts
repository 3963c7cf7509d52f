import { randomUUID } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { EmergencyRequest } from "../../../protocol/wire/governance.ts";
import type { Actor } from "../../../protocol/wire/policy.ts";
import { knownPerson, personOf } from "../../members/person.ts";
import { POOL_SCOPE } from "../../policy/scope.ts";
import { lockPolicy } from "../../policy/set.ts";
import type { Tables } from "../../storage/tables.ts";
import { currentRules } from "../constitution/book.ts";
import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import { type KnownModels, knownModels } from "../kinds/known-models.ts";
import { change, readNode } from "../kinds/nodes.ts";
import { ratifyDraft } from "../kinds/ratify.ts";
import { applySetting, presentValue } from "../kinds/setting-change.ts";
import { STEWARDS } from "../kinds/standing-words.ts";
import { decided, type GovernanceParts } from "../parts.ts";
import { foundBy, isSteward } from "../people/membership.ts";
import { create } from "../proposals/create.ts";
import { withVotesRooms } from "../proposals/places.ts";
import { databaseNow, HOUR_MS } from "../time.ts";
import { say } from "../words/say.ts";
import { written } from "../written.ts";
import { actWords } from "./view.ts";

/** The first of two stewards: public at once, in force when another joins. Returns its id. */
export async function proposeEmergency(
  parts: GovernanceParts,
  request: EmergencyRequest,
): Promise<string> {
  const book = await knownModels(parts.book, [request.id]);
  const reason = written(request.reason);
  return parts.ctx.db.transaction().execute(async (trx) => {
    const now = await databaseNow(trx);
    const steward = await requireSteward(trx, parts, request.actor, now);
    const subject = await findSubject(trx, book, request);
    const { hours } = (await currentRules(trx)).constitution.checks.emergency;
    // The same facts are not renewed: what lapsed is for the members to decide.
    const { rows } = await sql<{ state: string; lapses_at: number | null }>`
      select state, lapses_at from emergency where subject = ${request.subject} and subject_id = ${subject.id}
        and (state in ('awaiting-second', 'in-force', 'ratified')
          or (state = 'lapsed' and lower(reason) = ${reason.toLowerCase()})) limit 1`.execute(trx);
    if (rows[0] !== undefined) {
      throw governanceFailures.emergency(
        rows[0].state === "lapsed"
          ? say("emergency_again")
          : say("emergency_there", {
              name: subject.name,
              state: actWords(rows[0].state, Number(rows[0].lapses_at)),
            }),
      );
    }
    const id = randomUUID();
    const { community, room } = request.place;
    await trx
      .insertInto("emergency")
      .values({
        id,
        subject: request.subject,
        subject_id: subject.id,
        subject_name: subject.name,
        reason,
        community,
        room,
        state: "awaiting-second",
        first_steward: steward,
        first_account: request.actor.account,
        proposed_at: now,
        undo: "null",
      })
      .execute();
    await tell(trx, {
      key: `emergency:${id}`,
      type: "emergency-proposed",
      words: say("event_suspend_asked", {
        subject: say(`the_${request.subject}`, { name: subject.name }),
        time: { hours },
        reason,
      }),
      places: await withVotesRooms(trx, request.place),
      data: { emergency: id, by: request.actor.account },
    });
    return id;
  });
}

/** The second steward: the suspension is in force, and members are asked whether it stays. */
export function secondEmergency(parts: GovernanceParts, id: string, actor: Actor): Promise<void> {
  return parts.ctx.db
    .transaction()
    .execute(async (trx) => {
      const now = await databaseNow(trx);
      const steward = await requireSteward(trx, parts, actor, now);
      const act = await trx
        .selectFrom("emergency")
        .selectAll()
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst();
      if (act === undefined) throw governanceFailures.emergencyUnknown();
      if (act.second_steward === steward) return;
      if (act.state !== "awaiting-second") {
        throw governanceFailures.emergency(
          say("emergency_state", { state: actWords(act.state, act.lapses_at) }),
        );
      }
      if (act.first_steward === steward) {
        throw governanceFailures.emergency(say("emergency_other"));
      }
      const rules = await currentRules(trx);
      const { hours, secondWithinH } = rules.constitution.checks.emergency;
      if (now > act.proposed_at + secondWithinH * HOUR_MS) {
        throw governanceFailures.emergency(say("emergency_slow"));
      }
      const lapsesAt = now + hours * HOUR_MS;
      if (act.subject === "node") {
        const standing = {
          reason: `emergency act of two stewards: ${act.reason}`,
          by: STEWARDS,
          until: lapsesAt,
        };
        const present = await trx
          .selectFrom("node_standing")
          .select("state")
          .where("node_key", "=", act.subject_id)
          .where("scope", "=", "*")
          .executeTakeFirst();
        const context = { trx, now, proposalId: id, number: 0 };
        const before = await change(
          act.subject_id,
          present?.state ?? null,
          "barred",
          context,
          standing,
        );
        await trx
          .updateTable("emergency")
          .set({ undo: JSON.stringify(before) })
          .where("id", "=", id)
          .execute();
      }
      await trx
        .insertInto("suspension")
        .values({
          ...{ subject: act.subject, subject_id: act.subject_id },
          ...{ emergency_id: id, until: lapsesAt },
        })
        .onConflict((conflict) =>
          conflict
            .columns(["subject", "subject_id"])
            .doUpdateSet({ emergency_id: id, until: lapsesAt }),
        )
        .execute();
      // The setting first and the feed second, as an effect takes them: they would wait for each other.
      if (act.subject === "model") await lockPolicy(trx, "models_allowed");
      const number = await create(trx, parts, rules, now, {
        requestKey: `emergency ${id}`,
        place: { community: act.community, room: act.room },
        kind: "ratify",
        type: rules.constitution.checks.emergency.ratifyType,
        reason: act.reason,
        proposer: { person: act.first_steward, account: act.first_account },
        drafts: [ratifyDraft({ ...act, hours })],
        withDefault: true,
        title: ratifyDraft({ ...act, hours }).title,
      });
      const undo =
        act.subject === "model" ? await takeModelOff(trx, { ...act, number, now }) : null;
      const made = await trx
        .selectFrom("proposal")
        .select("id")
        .where("number", "=", number)
        .executeTakeFirstOrThrow();
      await trx
        .updateTable("emergency")
        .set({
          ...{ state: "in-force", second_steward: steward, second_account: actor.account },
          ...{ in_force_at: now, lapses_at: lapsesAt, proposal_id: made.id },
          ...(act.subject === "model" ? { undo: JSON.stringify(undo) } : {}),
        })
        .where("id", "=", id)
        .execute();
      await tell(trx, {
        key: `emergency-in-force:${id}`,
        type: "emergency-in-force",
        proposal: number,
        words: say("event_suspended", {
          first: act.first_account,
          second: actor.account,
          subject: say(`the_${act.subject}`, { name: act.subject_name }),
          at: { at: lapsesAt },
          reason: act.reason,
          number: `${number}`,
        }),
        places: await withVotesRooms(trx, { community: act.community, room: act.room }),
        data: { emergency: id, lapsesAt },
      });
    })
    .then(() => decided(parts));
}

/** Leaves a model out of what the pool serves; returns the list as it was. Throws `emergency_refused`. */
async function takeModelOff(
  trx: Transaction<Tables>,
  act: { subject_id: string; subject_name: string; number: number; now: number },
): Promise<unknown> {
  const { subject_id: model, subject_name: name, number, now } = act;
  const present = (await presentValue(trx, POOL_SCOPE, "models_allowed")) as string[] | null;
  const known =
    present ?? (await trx.selectFrom("model").select("sha256").execute()).map((row) => row.sha256);
  const value = known.filter((sha256) => sha256 !== model).sort();
  if (value.length === 0) {
    throw governanceFailures.emergency(say("emergency_only_model", { name }));
  }
  const context = { trx, now, proposalId: "", number };
  return applySetting({ scope: POOL_SCOPE, key: "models_allowed", value }, present, context);
}

async function requireSteward(
  trx: Transaction<Tables>,
  { rights }: GovernanceParts,
  actor: Actor,
  now: number,
): Promise<string> {
  await foundBy(trx, rights.poolModerators, actor, now);
  const person = await personOf(trx, actor.account, now);
  if (!(await isSteward(trx, person))) throw governanceFailures.notSteward();
  return person;
}

async function findSubject(
  trx: Transaction<Tables>,
  book: KnownModels,
  { subject, id }: EmergencyRequest,
): Promise<{ id: string; name: string }> {
  if (subject === "node") {
    const node = await readNode({ node: id }, { db: trx });
    return { id: node.key_id, name: node.name };
  }
  if (subject === "model") {
    const model = await book.resolve(id);
    if (model === null)
      throw governanceFailures.emergency(say("emergency_no_model", { name: id.slice(0, 60) }));
    return { id: model.sha256, name: model.name };
  }
  const person = await knownPerson(trx, id);
  if (person === null)
    throw governanceFailures.emergency(say("emergency_no_account", { name: id.slice(0, 60) }));
  return { id: person, name: id };
}
