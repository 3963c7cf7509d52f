import type { Transaction } from "kysely";
import { choosesFirst } from "../../../protocol/counting/poll.ts";
import type { HouseName, Stage } from "../../../protocol/verify/poll-rows.ts";
import { personOf } from "../../members/person.ts";
import type { Tables } from "../../storage/tables.ts";
import { governanceFailures } from "../failures.ts";
import { controllerOf } from "../people/membership.ts";
import { optionsOf, pollRules } from "../proposals/load.ts";
import type { ProposalRow } from "../proposals/state.ts";

/** Who an account votes as, and where that counts. */
export interface Voter {
  readonly person: string;
  readonly houses: readonly HouseName[];
  readonly agent: boolean;
}

/** The houses that are asked at this stage. */
export async function askedHouses(
  trx: Transaction<Tables>,
  row: ProposalRow,
  stage: Stage,
): Promise<HouseName[]> {
  if (stage === "ratify") return ["producers"];
  const rules = pollRules(row, await optionsOf(trx, row.id));
  return choosesFirst(rules) ? ["members"] : rules.houses.map(({ house }) => house);
}

/** Finds the seat of an account on the roll. Throws `not_on_roll` with the reason. */
export async function voterOf(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  stage: Stage,
  now: number,
): Promise<Voter> {
  const asked = await askedHouses(trx, row, stage);
  const controller = await controllerOf(trx, account);
  const person = controller ?? (await personOf(trx, account, now));
  const seats = await trx
    .selectFrom("roll")
    .select(["house", "person_id", "agent"])
    .where("proposal_id", "=", row.id)
    .where(controller === null ? "person_id" : "controller", "=", person)
    .where("agent", "=", controller !== null)
    .orderBy("house")
    .execute();
  const here = seats.filter(({ house }) => asked.includes(house));
  const [first] = here;
  if (first !== undefined) {
    return {
      person: first.person_id,
      houses: [...new Set(here.map(({ house }) => house))],
      agent: first.agent,
    };
  }
  throw governanceFailures.notOnRoll(
    await whyNot(trx, row, person, controller !== null, seats.length > 0, asked),
  );
}

async function whyNot(
  trx: Transaction<Tables>,
  row: ProposalRow,
  person: string,
  agent: boolean,
  elsewhere: boolean,
  asked: readonly HouseName[],
): Promise<string> {
  if (agent) {
    return "Agents vote among producers, with one ballot for all agents of a controller, and only where the controller has no seat there.";
  }
  if (elsewhere) return `Only the ${asked.join(" and ")} are asked now.`;
  const member = await trx
    .selectFrom("member")
    .select("votes_from")
    .where("person_id", "=", person)
    .executeTakeFirst();
  const made = "The roll was fixed when the proposal was made";
  if (member === undefined) return `${made}, and you were not a member then. /me shows the way.`;
  return member.votes_from > row.created_at
    ? `${made}; you are counted in proposals made from ${new Date(member.votes_from).toISOString().slice(0, 10)} on.`
    : `${made}, and you have no seat in the houses that decide this one.`;
}
