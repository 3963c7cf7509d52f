import { sql, type Transaction } from "kysely";
import { fillsSeats } from "../../../protocol/counting/poll.ts";
import type { HouseName, PollRules } from "../../../protocol/verify/poll-rows.ts";
import type { BallotKind } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import type { BallotForm } from "../ballots/choice.ts";
import { governanceFailures } from "../failures.ts";
import { poolNow } from "../time.ts";
import { type ProposalRow, stateOf } from "./state.ts";

/** A proposal locked for a change, with the database time of the lock. */
export interface Locked {
  readonly row: ProposalRow;
  readonly now: number;
  readonly objected: boolean;
}

/** Locks a proposal by number until the transaction ends. Throws `proposal_unknown`. */
export async function lockProposal(trx: Transaction<Tables>, number: number): Promise<Locked> {
  const found = await trx
    .with(
      (name) => name("locked").materialized(),
      (db) => db.selectFrom("proposal").selectAll().where("number", "=", number).forUpdate(),
    )
    .selectFrom("locked")
    .selectAll()
    // Read once the lock is had: whoever waited for it must not act by an earlier time.
    .select(poolNow.as("now"))
    .executeTakeFirst();
  if (found === undefined) throw governanceFailures.proposalUnknown(number);
  const { now, ...row } = found;
  return { row, now: Number(now), objected: await isObjected(trx, row) };
}

/** True where enough people object for consent not to be enough. */
export async function isObjected(db: Database, row: ProposalRow): Promise<boolean> {
  const { consent } = row.terms;
  if (consent === null) return true;
  const objections = await backersByHouse(db, row.id, "objection");
  return objections.producers >= consent.producers || objections.members >= consent.members;
}

/** How many people of each house's roll back it in this way. */
export async function backersByHouse(
  db: Database,
  proposalId: string,
  kind: "objection" | "hold",
): Promise<Record<HouseName, number>> {
  const { rows } = await sql<{ house: HouseName; n: number }>`
    select r.house, count(distinct r.person_id)::integer as n from backing b
    join roll r on r.proposal_id = b.proposal_id and r.person_id = b.person_id
    where b.proposal_id = ${proposalId}::uuid and b.kind = ${kind}
    group by r.house`.execute(db);
  const of = (house: HouseName) => rows.find((row) => row.house === house)?.n ?? 0;
  return { members: of("members"), producers: of("producers") };
}

export function stateNow({ row, now, objected }: Locked) {
  return stateOf(row, null, objected, now);
}

export async function optionsOf(db: Database, proposalId: string) {
  return db
    .selectFrom("proposal_option")
    .selectAll()
    .where("proposal_id", "=", proposalId)
    .orderBy("id")
    .execute();
}

export type OptionRow = Awaited<ReturnType<typeof optionsOf>>[number];

/** "Leave it as it is". */
export const DEFAULT_OPTION = "Z";

/** What counting needs to know of a proposal. */
export function pollRules(row: ProposalRow, options: readonly OptionRow[]): PollRules {
  const { terms } = row;
  return {
    options: options.map(({ id, title }) => ({ id, title, isDefault: id === DEFAULT_OPTION })),
    method: row.method,
    binding: row.binding,
    houses: terms.houses.map(({ house, size, quorum }) => ({ house, size, quorum })),
    ratio: [...terms.ratio],
    agentShareMax: [...terms.agentShareMax],
    highestScore: terms.highestScore,
    credits: terms.credits,
    ...(terms.seats === undefined ? {} : { seats: terms.seats }),
  };
}

/** What a ballot may say: in the ratifying window it is yes or no, whatever the method. */
export function ballotForm(
  row: ProposalRow,
  options: readonly Pick<OptionRow, "id">[],
): BallotForm {
  return {
    kind: row.ratify_until === null ? (row.ballot_kind as BallotKind) : "yes-no",
    strict: fillsSeats(row.method),
    options: options.map(({ id }) => id),
    highestScore: row.terms.highestScore,
    credits: row.terms.credits,
  };
}
