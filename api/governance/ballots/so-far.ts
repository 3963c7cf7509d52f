import { type Selectable, sql, type Transaction } from "kysely";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { Stage } from "../../../protocol/verify/poll-rows.ts";
import type { Actor } from "../../../protocol/wire/policy.ts";
import type { Tables } from "../../storage/tables.ts";
import type { ProposalRow } from "../proposals/state.ts";
import type { BallotLogTable, BallotTable } from "../tables.ts";
import type { Appended } from "./log.ts";
import { type Seat, seatsOf } from "./voter.ts";

/** An act on a ballot: who, and the platform's own id of what they did. */
export interface Act {
  readonly actor: Pick<Actor, "account">;
  readonly eventId: string;
}

/** What stands in the records before some ballots are cast; who casts one notes it here for the next. */
export interface SoFar {
  /** Entries that these acts have made already, by event key. */
  readonly told: Map<string, Selectable<BallotLogTable>>;
  /** The end of the log. */
  last: Appended | null;
  /** By account. */
  readonly seats: ReadonlyMap<string, readonly Seat[]>;
  /** By stage and person. */
  readonly ballots: Map<string, Pick<Selectable<BallotTable>, "voter" | "state" | "revision">>;
}

/**
 * Reads it for all acts together, in as many statements as for one: whoever votes holds the proposal, and thousands
 * may wait for it. The caller holds the proposal.
 */
export async function soFar(
  trx: Transaction<Tables>,
  row: ProposalRow,
  acts: readonly Act[],
): Promise<SoFar> {
  const events = acts.map(eventKey);
  const { rows: entries } = await sql<Selectable<BallotLogTable> & { known: boolean }>`
    select *, true as known from ballot_log
      where proposal_id = ${row.id}::uuid and event_id = any(${events}::text[])
    union all
    (select *, false from ballot_log where proposal_id = ${row.id}::uuid order by seq desc limit 1)`.execute(
    trx,
  );
  const seats = await seatsOf(trx, row, [...new Set(acts.map(({ actor }) => actor.account))]);
  const persons = [...new Set([...seats.values()].flat().map(({ person_id }) => person_id))];
  const ballots = await trx
    .selectFrom("ballot")
    .select(["stage", "person_id", "voter", "state", "revision"])
    .where("proposal_id", "=", row.id)
    .where("person_id", "in", persons.length === 0 ? [NOBODY] : persons)
    .execute();
  const told = entries.filter(({ known }) => known);
  return {
    told: new Map(told.map((entry) => [entry.event_id as string, entry])),
    last: entries.find(({ known }) => !known) ?? null,
    seats,
    ballots: new Map(ballots.map((each) => [ballotKey(each.stage, each.person_id), each])),
  };
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

export function ballotKey(stage: Stage, person: string): string {
  return `${stage} ${person}`;
}

/** Event ids of platforms are theirs alone, so each counts for the account that sent it. */
export function eventKey({ actor: { account }, eventId }: Act): string {
  return sha256Hex(`${account}\n${eventId}`);
}
