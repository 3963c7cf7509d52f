import type { Selectable, Transaction } from "kysely";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import { entryHash, type LogEntry, NO_ENTRY } from "../../../protocol/verify/poll-rows.ts";
import type { Tables } from "../../storage/tables.ts";
import type { BallotLogTable } from "../tables.ts";

/** What is appended; the log adds its place, its time and what came before. */
export interface Step extends Pick<LogEntry, "kind" | "stage" | "revision" | "voter" | "ballot"> {
  readonly receipt: string | null;
  readonly eventId: string | null;
}

export interface Appended {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Adds a step to a proposal's log, chained to the last one. The caller holds the proposal's row, so steps come one
 * by one. The table itself refuses changes. Returns the entry as it is kept.
 */
export async function append(
  trx: Transaction<Tables>,
  proposalId: string,
  step: Step,
  at: number,
  last?: Appended | null,
): Promise<Selectable<BallotLogTable>> {
  if (last === undefined) last = await lastEntry(trx, proposalId);
  const { receipt, eventId, ...said } = step;
  const seq = last === null ? 0 : last.seq + 1;
  const entry: LogEntry = { poll: proposalId, seq, at, ...said, prev: last?.hash ?? NO_ENTRY };
  const row = {
    ...{ proposal_id: proposalId, seq, at, receipt, event_id: eventId },
    ...{ entry: canonicalBytes(entry).toString("utf8"), hash: entryHash(entry) },
  };
  await trx.insertInto("ballot_log").values(row).execute();
  return row;
}

/** The end of a proposal's log; null before its first entry. */
export async function lastEntry(
  trx: Transaction<Tables>,
  proposalId: string,
): Promise<Appended | null> {
  const last = await trx
    .selectFrom("ballot_log")
    .select(["seq", "hash"])
    .where("proposal_id", "=", proposalId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return last ?? null;
}

/** How a person is called in one poll's log and export: nobody can tell who it is without the salt. */
export function voterName(rollSalt: string, person: string): string {
  return sha256Hex(`${rollSalt}:${person}`);
}

/** Letters and digits that are not mistaken for each other (RFC 4648 base32 without padding), in fours. */
export function receiptCode(bytes: Uint8Array): string {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 16; i++, bits >>= 5n) text += alphabet[Number(bits & 31n)];
  return (text.match(/.{4}/g) as string[]).join("-");
}
