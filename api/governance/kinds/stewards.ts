import { sql, type Transaction } from "kysely";
import { knownPerson } from "../../members/person.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import { currentRules } from "../constitution/book.ts";
import { stewardSeats } from "../constitution/formulas.ts";
import { governanceFailures } from "../failures.ts";
import { controllerOf, isMember, isSteward } from "../people/membership.ts";
import { stewardAccounts, stewards } from "../people/stewards.ts";
import { each, say } from "../words/say.ts";
import { type EffectContext, field, fieldValue, type Kind, Stale } from "./kind.ts";

const FIELDS = [field("member", say("field_member"), "text", { help: say("help_member") })];

/**
 * One seat at a time. Others put up other members as options of the same proposal; then it is an election between
 * them and leaving it as it is, always sealed.
 */
export const stewardElectKind: Kind<"steward.elect"> = {
  kind: "steward.elect",
  fields: FIELDS,
  types: ["steward.elect"],
  type: () => "steward.elect",
  async draft(values, { db }) {
    const name = fieldValue(FIELDS, values, "member");
    const person = await electable(db, name);
    if (person === null) {
      throw governanceFailures.field(say("field_member"), say("why_no_member", { name }));
    }
    if (await isSteward(db, person)) {
      throw governanceFailures.nothingChanges(say("same_steward", { name }));
    }
    const seats = await seatsOf(db);
    if ((await stewards(db)).length >= seats) {
      throw governanceFailures.field(say("field_member"), say("why_seats_taken", { seats }));
    }
    return {
      action: { kind: "steward.elect", account: name },
      title: say("title_steward_elect", { name }),
      changes: [{ what: name, now: say("steward_not"), becomes: say("steward_is") }],
      expected: false,
    };
  },
  async apply({ account }, expected, context) {
    const { trx, now, number } = context;
    await hold(trx);
    const person = await electable(trx, account);
    if (person === null) throw new Stale(say("stale_no_member", { name: account }));
    const full = (await stewards(trx)).length >= (await seatsOf(trx));
    if ((await isSteward(trx, person)) !== expected || full) throw new Stale(say("stale_stewards"));
    await take(context, { person_id: person, since: now, how: `proposal ${number}` });
    return null;
  },
  undo: async ({ account }, _inverse, { trx }) => {
    await leave(trx, account);
  },
};

export const stewardRecallKind: Kind<"steward.recall"> = {
  kind: "steward.recall",
  fields: FIELDS,
  types: ["steward.recall"],
  type: () => "steward.recall",
  async draft(values, { db }) {
    const name = fieldValue(FIELDS, values, "member");
    const person = await knownPerson(db, name);
    const known = await stewards(db);
    if (person === null || !known.includes(person)) {
      const accounts = each(await stewardAccounts(db), "comma");
      throw governanceFailures.field(
        say("field_member"),
        say("why_no_steward", { name, stewards: accounts }),
      );
    }
    if (known.length === 1) {
      throw governanceFailures.field(say("field_member"), say("why_last_steward", { name }));
    }
    return {
      action: { kind: "steward.recall", account: name },
      title: say("title_steward_recall", { name }),
      changes: [{ what: name, now: say("steward_is"), becomes: say("steward_not") }],
      expected: true,
    };
  },
  apply: ({ account }, _expected, { trx }) => leave(trx, account),
  async undo({ account }, inverse, context) {
    await hold(context.trx);
    const person = await electable(context.trx, account);
    if (person === null) throw new Stale(say("stale_no_member", { name: account }));
    if (await isSteward(context.trx, person)) throw new Stale(say("stale_stewards"));
    await take(context, { person_id: person, ...(inverse as Office) });
  },
};

/** Since when somebody is a steward, and by what. */
interface Office {
  readonly since: number;
  readonly how: string;
}

/** Two decisions about stewards take turns, so that neither empties their seats nor fills more than there are. */
async function hold(trx: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('stewards', 0))`.execute(trx);
}

async function take(
  { trx }: EffectContext,
  steward: Office & { readonly person_id: string },
): Promise<void> {
  await trx.insertInto("steward").values(steward).execute();
}

/** Takes a steward out, the last one never; returns the office. Throws Stale. */
async function leave(trx: Transaction<Tables>, account: string): Promise<Office> {
  await hold(trx);
  const person = await knownPerson(trx, account);
  const known = await stewards(trx);
  if (person === null || !known.includes(person)) throw new Stale(say("stale_stewards"));
  if (known.length === 1) throw new Stale(say("stale_last_steward"));
  return trx
    .deleteFrom("steward")
    .where("person_id", "=", person)
    .returning(["since", "how"])
    .executeTakeFirstOrThrow();
}

/** Somebody who may hold the office: a member, and no agent. Null for anybody else. */
async function electable(db: Database, account: string): Promise<string | null> {
  const person = await knownPerson(db, account);
  if (person === null || (await controllerOf(db, account)) !== null) return null;
  return (await isMember(db, person)) ? person : null;
}

async function seatsOf(db: Database): Promise<number> {
  const { constitution } = await currentRules(db);
  const { members } = await db
    .selectFrom("member")
    .select((select) => select.fn.countAll<number>().as("members"))
    .executeTakeFirstOrThrow();
  return stewardSeats(constitution.bodies.stewards.seats, Number(members));
}
