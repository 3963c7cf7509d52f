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

/** Finds the seat of an account on the roll. Throws `not_on_roll` with the reason. */
export async function voterOf(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  stage: Stage,
  options: readonly OptionRow[],
): Promise<Voter> {
  const asked = askedHouses(row, stage, options);
  // One statement: whoever votes holds the proposal, and thousands may wait for it.
  const { rows: seats } = await sql<{ house: HouseName; person_id: string; agent: boolean }>`
    with who as materialized (
      select (select controller from agent where account = ${account}) as controller,
        (select person_id from account where account = ${account}) as person)
    select r.house, r.person_id, r.agent from who
    join roll r on r.proposal_id = ${row.id}::uuid and r.person_id = who.person and not r.agent
    where who.controller is null
    union all
    select r.house, r.person_id, r.agent from who
    join roll r on r.proposal_id = ${row.id}::uuid and r.controller = who.controller and r.agent
    where who.controller is not null
    order by house`.execute(trx);
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
