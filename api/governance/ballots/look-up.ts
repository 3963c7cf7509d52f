import type { LogEntry } from "../../../protocol/verify/poll-rows.ts";
import type { Database } from "../../storage/open.ts";
import { governanceFailures } from "../failures.ts";
import { proposalByNumber } from "../proposals/view.ts";
import { closes, type Receipt, receiptView, stateOfReceipt } from "./receipt.ts";

/** Whether the ballot of a receipt is in the log, and whether it counts: never what it says. */
export async function lookUpReceipt(
  db: Database,
  number: number,
  receipt: string,
): Promise<Receipt> {
  const row = await proposalByNumber(db, number);
  const found = await db
    .selectFrom("ballot_log")
    .selectAll()
    .where("proposal_id", "=", row.id)
    .where("receipt", "=", receipt.trim().toLowerCase())
    .executeTakeFirst();
  if (found === undefined) throw governanceFailures.receiptUnknown();
  const { kind, stage, voter } = JSON.parse(found.entry) as LogEntry;
  // A ballot given up when two members were linked: the log names its voter in a merge.
  const merged = (
    await db
      .selectFrom("ballot_log")
      .select(["entry", "seq"])
      .where("proposal_id", "=", row.id)
      .execute()
  ).some((each) => {
    const entry = JSON.parse(each.entry) as LogEntry;
    return entry.kind === "merge" && entry.voter === voter && each.seq > found.seq;
  });
  const state = await stateOfReceipt(db, row, found.receipt);
  return receiptView(row, {
    ...{ receipt: found.receipt as string, seq: found.seq, hash: found.hash, cast_at: found.at },
    until: closes(row, stage),
    state: kind === "withdraw" ? "withdrawn" : state === "replaced" && merged ? "merged" : state,
    changed: false,
  });
}
