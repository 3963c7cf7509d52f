import { sql, type Transaction } from "kysely";
import { choosesFirst } from "../../../protocol/counting/poll.ts";
import type { HouseName, Stage } from "../../../protocol/verify/poll-rows.ts";
import type { Tables } from "../../storage/tables.ts";
import { governanceFailures } from "../failures.ts";
import { controllerOf } from "../people/membership.ts";
import { type OptionRow, pollRules } from "../proposals/load.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { each, type Said, say } from "../words/say.ts";

/** Who an account votes as, and where that counts. */
export interface Voter {
  readonly person: string;
  readonly houses: readonly HouseName[];
  readonly agent: boolean;
}

/** The houses that are asked at this stage. */
function askedHouses(row: ProposalRow, stage: Stage, options: readonly OptionRow[]): HouseName[] {
  if (stage === "ratify") return ["producers"];
  const rules = pollRules(row, options);
  return choosesFirst(rules) ? ["members"] : rules.houses.map(({ house }) => house);
}

/** A seat on the roll that an account may use. */
export interface Seat {
  readonly house: HouseName;
  readonly person_id: string;
  readonly agent: boolean;
}

/** The seats of accounts on the roll of a proposal, in one statement. */
export async function seatsOf(
  trx: Transaction<Tables>,
  row: ProposalRow,
  accounts: readonly string[],
): Promise<Map<string, Seat[]>> {
  const { rows } = await sql<Seat & { account: string }>`
    with who as materialized (
      select account, (select controller from agent a where a.account = asked.account) as controller,
        (select person_id from account a where a.account = asked.account) as person
      from unnest(${[...accounts]}::text[]) as asked(account))
    select who.account, r.house, r.person_id, r.agent from who
    join roll r on r.proposal_id = ${row.id}::uuid and r.person_id = who.person and not r.agent
    where who.controller is null
    union all
    select who.account, r.house, r.person_id, r.agent from who
    join roll r on r.proposal_id = ${row.id}::uuid and r.controller = who.controller and r.agent
    where who.controller is not null
    order by house`.execute(trx);
  const seats = new Map<string, Seat[]>();
  for (const seat of rows) seats.set(seat.account, [...(seats.get(seat.account) ?? []), seat]);
  return seats;
}

/** Finds the seat of an account on the roll. Throws `not_on_roll` with the reason. */
export async function voterOf(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  stage: Stage,
  options: readonly OptionRow[],
): Promise<Voter> {
  const seats = (await seatsOf(trx, row, [account])).get(account) ?? [];
  return voterIn(trx, row, account, stage, options, seats);
}

/** The same where the account's seats are known. Throws `not_on_roll` with the reason. */
export async function voterIn(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  stage: Stage,
  options: readonly OptionRow[],
  seats: readonly Seat[],
): Promise<Voter> {
  const asked = askedHouses(row, stage, options);
  const here = seats.filter(({ house }) => asked.includes(house));
  const [first] = here;
  if (first !== undefined) {
    return {
      person: first.person_id,
      houses: [...new Set(here.map(({ house }) => house))],
      agent: first.agent,
    };
  }
  throw governanceFailures.notOnRoll(await whyNot(trx, row, account, seats.length > 0, asked));
}

async function whyNot(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  elsewhere: boolean,
  asked: readonly HouseName[],
): Promise<Said> {
  if ((await controllerOf(trx, account)) !== null) return say("roll_agents");
  if (elsewhere) return say("roll_elsewhere", { houses: houseNames(asked) });
  const member = await trx
    .selectFrom("member as m")
    .innerJoin("account as a", "a.person_id", "m.person_id")
    .select("m.votes_from")
    .where("a.account", "=", account)
    .executeTakeFirst();
  if (member === undefined) return say("roll_guest");
  return member.votes_from > row.created_at
    ? say("roll_later", { day: { day: member.votes_from } })
    : say("roll_no_seat");
}

/** `members and producers` */
export function houseNames(houses: readonly HouseName[]) {
  return each(
    houses.map((house) => say(`house_${house}`)),
    "and",
  );
}
