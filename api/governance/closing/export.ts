import type { PollCount } from "../../../protocol/counting/poll.ts";
import { publicKeyToPem, type SigningKey } from "../../../protocol/keys.ts";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { signEnvelope } from "../../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import {
  type BallotRow,
  type HeaderRow,
  type LogEntry,
  POLL_PAYLOAD_TYPE,
  type PollRow,
  type PollRules,
  type PollSeal,
  type RollRow,
} from "../../../protocol/verify/poll-rows.ts";
import type { Collected } from "../ballots/collect.ts";
import { voterName } from "../ballots/log.ts";
import { nameKey } from "../ballots/roll-call.ts";
import type { ProposalRow } from "../proposals/state.ts";

export interface Reason {
  readonly side: string;
  readonly text: string;
}

export interface ClosedPoll {
  readonly row: ProposalRow;
  readonly rules: PollRules;
  readonly closedAt: number;
  readonly roll: readonly {
    readonly house: RollRow["house"];
    readonly person_id: string;
    readonly weight: number;
    readonly agent: boolean;
    readonly controller: string;
  }[];
  readonly log: readonly { readonly entry: LogEntry; readonly hash: string }[];
  readonly ballots: readonly Collected[];
  readonly reasons: readonly Reason[];
  readonly count: PollCount;
  /** Commitments to the names of those whom the roll call names. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The export of a poll: canonical JSON, one row a line, the last one signed over the digests of the others. Voters
 * are salted digests; the ballots of a sealed poll stand in the order of their own bytes, which says nothing.
 */
export function exportPoll(poll: ClosedPoll, key: SigningKey): string {
  const { row } = poll;
  const name = (person: string) => voterName(row.roll_salt, person);
  const header: HeaderRow = {
    row: "poll",
    format: 1,
    poll: row.id,
    number: row.number,
    revision: row.revision,
    kind: row.kind,
    title: row.title,
    sealed: row.sealed,
    constitution: { version: row.rules_version, digest: row.terms.rulesDigest },
    rules: poll.rules,
    createdAt: row.created_at,
    closedAt: poll.closedAt,
    tieCommitment: row.terms.tieCommitment,
    poolKey: publicKeyToPem(key.publicKey),
  };
  const roll = poll.roll.map(
    ({ house, person_id, weight, agent, controller }): RollRow => ({
      row: "roll",
      house,
      voter: name(person_id),
      weight: Number(weight),
      agent,
      controller: name(controller),
    }),
  );
  const rows: PollRow[] = [
    header,
    ...inOrder(roll),
    ...poll.log.map(({ entry, hash }) => ({ row: "log" as const, entry, hash })),
    ...inOrder(
      poll.ballots.map((ballot) => ballotRow(ballot, row.sealed, poll.names.get(nameKey(ballot)))),
    ),
    ...inOrder(poll.reasons.map((reason) => ({ row: "reason" as const, ...reason }))),
    { row: "result", tieSecret: row.tie_secret, count: poll.count },
  ];
  const lines = rows.map((each) => canonicalBytes(each).toString("utf8"));
  const seal: PollSeal = {
    poll: row.id,
    lines: lines.map((line) => sha256Hex(line)),
    logHead: poll.log.at(-1)?.hash ?? "",
  };
  const envelope = signEnvelope(key, POLL_PAYLOAD_TYPE, canonicalBytes(seal));
  return `${[...lines, canonicalBytes({ envelope, row: "seal" }).toString("utf8")].join("\n")}\n`;
}

/** What is counted and published of a ballot. An agent's is public even in a sealed poll. */
export function ballotRow(ballot: Collected, sealed: boolean, name?: string): BallotRow {
  const { stage, house, choice, weight, agent, voter, opening } = ballot;
  return {
    row: "ballot",
    ...{ stage, house, choice, weight, agent },
    voter: sealed && !agent ? null : voter,
    opening: sealed ? null : opening,
    ...(name === undefined ? {} : { name }),
  };
}

/** By their bytes: the order in which rows came in is not in the export. */
function inOrder<T extends PollRow>(rows: readonly T[]): T[] {
  return rows
    .map((each) => [canonicalBytes(each).toString("utf8"), each] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, each]) => each);
}
