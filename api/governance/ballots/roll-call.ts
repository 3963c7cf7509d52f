import type { Transaction } from "kysely";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import { type NameRow, nameCommitment } from "../../../protocol/verify/poll-names.ts";
import type { Stage } from "../../../protocol/verify/poll-rows.ts";
import type { Choice, ProposalResult, RollCallLine } from "../../../protocol/wire/governance.ts";
import type { Random } from "../../context.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import type { Text } from "../words/say.ts";
import { inEnglish, type Unspoken } from "../words/speak.ts";
import type { Collected } from "./collect.ts";

/** A result before it is read. */
export type Result = Unspoken<ProposalResult>;

/** Stands for somebody who had their data erased. */
export const ERASED_ACCOUNT = "(erased)";

/** A ballot as people write it: `yes`, `A, C`, `A > B = C`, `A=5 B=3`. */
export function choiceWords(choice: Choice): string {
  if ("answer" in choice) return choice.answer;
  if ("approve" in choice) return choice.approve.join(", ") || "none of them";
  if ("rank" in choice) return choice.rank.map((ids) => ids.join(" = ")).join(" > ");
  return Object.entries(choice.scores)
    .map(([id, score]) => `${id}=${score}`)
    .join(" ");
}

/** Which ballot a name belongs to. */
export function nameKey({
  stage,
  voter,
}: {
  readonly stage: Stage;
  readonly voter: string;
}): string {
  return `${stage} ${voter}`;
}

/** Once each, whoever has seats in both houses; of a sealed poll only declared agents, whose ballots are public. */
export function named(ballots: readonly Collected[], sealed: boolean): Collected[] {
  const once = new Map(
    ballots
      .filter(({ agent }) => agent || !sealed)
      .map((ballot) => [nameKey(ballot), ballot] as const),
  );
  return [...once.values()].sort((a, b) =>
    a.account < b.account ? -1 : a.account > b.account ? 1 : 0,
  );
}

/** The roll call of an open vote that still runs. */
export function rollCallLine(ballot: Omit<Collected, "house" | "weight" | "opening" | "person">) {
  return line({ ...ballot, choice: choiceWords(ballot.choice) });
}

/** Keeps names and reasons beside the chain; returns what the signed rows commit to. */
export async function keepNames(
  trx: Transaction<Tables>,
  proposalId: string,
  ballots: readonly Collected[],
  stanceOf: (choice: Choice) => { readonly side: Text; readonly minority: boolean },
  random: Random,
): Promise<Map<string, string>> {
  const rows = ballots
    // Whoever had their data erased while the vote ran is named no more.
    .filter(({ account }) => account !== ERASED_ACCOUNT)
    .map(({ stage, voter, account, choice, reason, agent }) => ({
      ...{ proposal_id: proposalId, stage, voter, account, agent, reason },
      choice: choiceWords(choice),
      ...stanceColumns(stanceOf(choice)),
      opening: random(16).toString("hex"),
    }));
  for (let at = 0; at < rows.length; at += 1000) {
    await trx
      .insertInto("poll_name")
      .values(rows.slice(at, at + 1000))
      .execute();
  }
  return new Map(rows.map((row) => [nameKey(row), nameCommitment(row)]));
}

/** A stored result with its roll call and the reasons that go with it, as far as nobody had theirs erased. */
export async function withRollCall(
  db: Database,
  proposalId: string,
  stored: Result,
): Promise<Result> {
  const rows = await db
    .selectFrom("poll_name")
    .selectAll()
    .where("proposal_id", "=", proposalId)
    .orderBy("account")
    .orderBy("stage")
    .execute();
  if (rows.length === 0) return stored;
  const reasons = rows.flatMap(({ side, reason, minority }) =>
    reason === null ? [] : [{ side, text: reason, minority }],
  );
  return {
    ...stored,
    rollCall: rows.map(line),
    reasons: inOrder([...stored.reasons, ...reasons]),
  };
}

/** The outvoted first; within a side by text, so that the order says nothing of when it was written. */
export function inOrder(reasons: Result["reasons"]): Result["reasons"] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...reasons].sort(
    (a, b) =>
      Number(b.minority) - Number(a.minority) ||
      compare(inEnglish(a.side), inEnglish(b.side)) ||
      compare(a.text as string, b.text as string),
  );
}

/** The lines of an export that stand behind its seal. */
export async function nameLines(db: Database, proposalId: string): Promise<string> {
  const rows = await db
    .selectFrom("poll_name")
    .select(["stage", "voter", "account", "reason", "opening"])
    .where("proposal_id", "=", proposalId)
    .where("account", "!=", ERASED_ACCOUNT)
    .orderBy("voter")
    .orderBy("stage")
    .execute();
  return rows
    .map((row): NameRow => ({ row: "name", ...row }))
    .map((row) => `${canonicalBytes(row).toString("utf8")}\n`)
    .join("");
}

function stanceColumns({ side, minority }: { readonly side: Text; readonly minority: boolean }) {
  return { side: JSON.stringify(side), minority };
}

function line(row: {
  readonly account: string;
  readonly choice: string;
  readonly stage: Stage;
  readonly agent: boolean;
  readonly reason: string | null;
}): RollCallLine {
  const { account, choice, stage, agent, reason } = row;
  return {
    ...{ account, choice },
    ...(stage === "ratify" ? { stage } : {}),
    ...(agent ? { agent } : {}),
    ...(reason === null ? {} : { reason }),
  };
}
