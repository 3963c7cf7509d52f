import type { Transaction } from "kysely";
import type { Stage } from "../../../protocol/verify/poll-rows.ts";
import type { ProposalView } from "../../../protocol/wire/governance.ts";
import { knownPerson } from "../../members/person.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import { closes, receiptView, stateOfReceipt } from "../ballots/receipt.ts";
import { houseNames, voterOf } from "../ballots/voter.ts";
import { Refusal } from "../failures.ts";
import { say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";
import type { optionsOf } from "./load.ts";
import type { ProposalRow } from "./state.ts";

/** What a proposal is to one person: whether they may vote, and their ballot. */
export async function mine(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  options: Awaited<ReturnType<typeof optionsOf>>,
  state: ProposalView["state"],
): Promise<Unspoken<NonNullable<ProposalView["mine"]>>> {
  const stage = row.ratify_until === null ? "vote" : "ratify";
  const person = await knownPerson(trx, account);
  const own = person === row.proposer;
  const talking = state === "talk" || state === "seeking-sponsors";
  const rights = { mayEdit: own && (talking || state === "voting"), mayWithdraw: own && talking };
  try {
    const voter = await voterOf(trx, row, account, stage, options);
    const ballot = await ballotOf(trx, row.id, voter.person, stage);
    const logged = ballot && (await logEntry(trx, row.id, ballot.seq));
    return {
      mayVote: state === "voting" || state === "ratifying",
      words: say("mine_seat", { houses: houseNames(voter.houses) }),
      ballot:
        ballot === undefined
          ? null
          : receiptView(row, {
              ...{ receipt: ballot.receipt, seq: ballot.seq, hash: logged?.hash ?? "" },
              ...{ cast_at: ballot.cast_at, changed: false },
              until: closes(row, stage),
              state: await stateOfReceipt(trx, row, ballot.receipt),
            }),
      ...rights,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { mayVote: false, words: error.said, ballot: null, ...rights };
  }
}

function logEntry(db: Database, proposalId: string, seq: number) {
  return db
    .selectFrom("ballot_log")
    .select("hash")
    .where("proposal_id", "=", proposalId)
    .where("seq", "=", seq)
    .executeTakeFirst();
}

function ballotOf(db: Database, proposalId: string, person: string, stage: Stage) {
  return db
    .selectFrom("ballot")
    .selectAll()
    .where("proposal_id", "=", proposalId)
    .where("person_id", "=", person)
    .where("stage", "=", stage)
    .executeTakeFirst();
}
