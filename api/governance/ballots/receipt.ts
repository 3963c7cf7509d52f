import type { Selectable, Transaction } from "kysely";
import type { Stage } from "../../../protocol/verify/poll-rows.ts";
import type { BallotReceipt } from "../../../protocol/wire/governance.ts";
import type { Tables } from "../../storage/tables.ts";
import { sentences } from "../constitution/words.ts";
import type { ProposalRow } from "../proposals/state.ts";
import type { BallotLogTable } from "../tables.ts";
import { say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";

/** A receipt before it is read. */
export type Receipt = Unspoken<BallotReceipt>;

/** A receipt in words that never say what was chosen. */
export function receiptView(
  row: ProposalRow,
  ballot: {
    readonly receipt: string;
    readonly seq: number;
    readonly hash: string;
    readonly cast_at: number;
    readonly until: number;
    readonly state: BallotReceipt["state"];
    readonly changed: boolean;
  },
): Receipt {
  const { state, changed, until } = ballot;
  const change =
    row.closed_at === null && state === "counts"
      ? [say("receipt_change", { at: { at: until } })]
      : [];
  return {
    proposal: row.number,
    revision: row.revision,
    receipt: ballot.receipt,
    state,
    logIndex: ballot.seq,
    logHash: ballot.hash,
    castAt: ballot.cast_at,
    until,
    changed,
    words: sentences(say(`receipt_${state}`), ...change, say("receipt_shows")),
  };
}

/** The receipt that an entry of the log gave, as it stands now. */
export async function receiptOf(
  trx: Transaction<Tables>,
  row: ProposalRow,
  entry: Selectable<BallotLogTable>,
): Promise<Receipt> {
  const { kind, stage } = JSON.parse(entry.entry) as { kind: string; stage: Stage };
  return receiptView(row, {
    receipt: entry.receipt as string,
    seq: entry.seq,
    hash: entry.hash,
    cast_at: Number(entry.at),
    until: closes(row, stage),
    state: kind === "withdraw" ? "withdrawn" : await stateOfReceipt(trx, row, entry.receipt),
    changed: false,
  });
}

/** Whether the ballot of a receipt is still the one that counts. */
export async function stateOfReceipt(
  trx: Pick<Transaction<Tables>, "selectFrom">,
  row: ProposalRow,
  receipt: string | null,
): Promise<BallotReceipt["state"]> {
  const ballot = await trx
    .selectFrom("ballot")
    .select(["state", "revision"])
    .where("proposal_id", "=", row.id)
    .where("receipt", "=", receipt)
    .executeTakeFirst();
  if (ballot === undefined) return "replaced";
  return ballot.state === "counts" && ballot.revision !== row.revision ? "void" : ballot.state;
}

/** When a stage is over. */
export function closes(row: ProposalRow, stage: Stage): number {
  return (stage === "ratify" ? row.ratify_until : row.vote_until) as number;
}
