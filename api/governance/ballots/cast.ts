import { type Selectable, sql, type Transaction } from "kysely";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import { openBallotDigest, type Stage } from "../../../protocol/verify/poll-rows.ts";
import type { BallotReceipt, BallotRequest, Choice } from "../../../protocol/wire/governance.ts";
import type { Actor } from "../../../protocol/wire/policy.ts";
import type { ApiContext } from "../../context.ts";
import type { Tables } from "../../storage/tables.ts";
import { sentences } from "../constitution/words.ts";
import { governanceFailures } from "../failures.ts";
import {
  ballotForm,
  type Locked,
  lockProposal,
  type OptionRow,
  optionsOf,
  stateNow,
} from "../proposals/load.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { stateWords } from "../proposals/state.ts";
import type { BallotLogTable } from "../tables.ts";
import { say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";
import { written } from "../written.ts";
import { readChoice } from "./choice.ts";
import { beforeSwing, lookForSwing } from "./late-swing.ts";
import { type Appended, append, receiptCode, voterName } from "./log.ts";
import { seal } from "./seal.ts";
import { type Voter, voterOf } from "./voter.ts";

/** A receipt before it is read. */
export type Receipt = Unspoken<BallotReceipt>;
export type BallotParts = Pick<ApiContext, "db" | "secrets" | "random">;

/**
 * Casts or changes a ballot on a proposal that the caller holds. The same event twice gives the first one's receipt.
 * Whether it is in time is decided by database time inside the statement that stores it. Throws, before anything is
 * written: `not_on_roll`, `vote_not_open`, `vote_closed`, `revision_changed`, `choice_invalid`, `reason_needed`.
 */
export async function castIn(
  trx: Transaction<Tables>,
  parts: BallotParts,
  locked: Locked,
  options: readonly OptionRow[],
  request: BallotRequest,
): Promise<Receipt> {
  const { row, now } = locked;
  const { account } = request.actor;
  const eventId = eventKey(request.actor, request.eventId);
  const { told, last } = await logSoFar(trx, row, eventId);
  if (told !== null) return told;
  const stage = requireOpen(locked);
  const voter = await voterOf(trx, row, account, stage, options);
  if (request.revision !== undefined && request.revision !== row.revision) {
    throw governanceFailures.revisionChanged(row.revision);
  }
  const form = ballotForm(row, options);
  const choice = readChoice(request.choice, form);
  const reason = written(request.reason ?? "") || null;
  if (voter.agent && reason === null) throw governanceFailures.reasonNeeded();

  const earlier = await ballotOf(trx, row.id, voter.person, stage);
  const before = await beforeSwing(trx, row, stage, now, parts.secrets.poolKey);
  const { receipt, seq, hash, cast_at } = await store(trx, parts, {
    ...{ row, voter, stage, account, choice, reason, eventId, last },
    name: earlier?.voter ?? voterName(row.roll_salt, voter.person),
  });
  const until = await lookForSwing(trx, row, stage, before, parts.secrets.poolKey);
  return view(row, {
    ...{ receipt, seq, hash, cast_at, until },
    state: "counts",
    changed: earlier?.state === "counts" && earlier.revision === row.revision,
  });
}

/** Takes a ballot back until the close. Throws `no_ballot`, `vote_closed`, `vote_not_open`. */
export function withdrawBallot(
  parts: BallotParts,
  number: number,
  actor: Actor,
  event: string,
): Promise<Receipt> {
  return parts.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    const eventId = eventKey(actor, event);
    const { told, last } = await logSoFar(trx, row, eventId);
    if (told !== null) return told;
    const stage = requireOpen(locked);
    const voter = await voterOf(trx, row, actor.account, stage, await optionsOf(trx, row.id));
    const ballot = await ballotOf(trx, row.id, voter.person, stage);
    if (ballot === undefined || ballot.state !== "counts") throw governanceFailures.noBallot();
    const before = await beforeSwing(trx, row, stage, now, parts.secrets.poolKey);
    await trx
      .updateTable("ballot")
      .set({ state: "withdrawn" })
      .where("proposal_id", "=", row.id)
      .where("person_id", "=", voter.person)
      .where("stage", "=", stage)
      .execute();
    const receipt = receiptCode(parts.random(10));
    const step = { kind: "withdraw", stage, revision: row.revision, voter: ballot.voter } as const;
    const { seq, hash } = await append(
      trx,
      row.id,
      { ...step, ballot: null, receipt, eventId },
      now,
      last,
    );
    const until = await lookForSwing(trx, row, stage, before, parts.secrets.poolKey);
    const fields = { receipt, seq, hash, cast_at: now, until };
    return view(row, { ...fields, state: "withdrawn", changed: true });
  });
}

interface NewBallot {
  readonly row: ProposalRow;
  readonly voter: Voter;
  /** As the log has called this voter so far: it stays when accounts are linked. */
  readonly name: string;
  readonly stage: Stage;
  readonly account: string;
  readonly choice: Choice;
  readonly reason: string | null;
  readonly eventId: string;
  readonly last: Appended | null;
}

async function store(
  trx: Transaction<Tables>,
  { secrets, random }: BallotParts,
  ballot: NewBallot,
) {
  const { row, voter, name, stage, account, choice, reason, eventId, last } = ballot;
  const opening = random(16).toString("hex");
  const receipt = receiptCode(random(10));
  const context = { poll: row.id, revision: row.revision, rulesDigest: row.terms.rulesDigest };
  const content = row.sealed
    ? seal(secrets.poolKey, context, { choice, reason }, random)
    : canonicalBytes({ choice, reason });
  const digest = row.sealed
    ? sha256Hex(content)
    : openBallotDigest({ choice, opening, voter: name });
  const { rows } = await sql<{ cast_at: number }>`
    insert into ballot (proposal_id, person_id, stage, account, revision, content, opening, voter, receipt,
      seq, cast_at, state)
    select id, ${voter.person}::uuid, ${stage}, ${account}, revision, ${content}, ${opening}, ${name},
      ${receipt}, ${last === null ? 0 : last.seq + 1}::integer, pool_now(), 'counts'
    from proposal
    where id = ${row.id}::uuid and closed_at is null and withdrawn_at is null and talk_until <= pool_now()
      and pool_now() < case when ${stage} = 'ratify' then ratify_until else vote_until end
    on conflict (proposal_id, person_id, stage) do update set account = excluded.account,
      revision = excluded.revision, content = excluded.content, opening = excluded.opening, voter = excluded.voter,
      receipt = excluded.receipt, seq = excluded.seq, cast_at = excluded.cast_at, state = 'counts'
    returning cast_at`.execute(trx);
  const cast_at = rows[0]?.cast_at;
  if (cast_at === undefined) throw governanceFailures.late(closes(row, stage));
  const step = {
    kind: "cast",
    stage,
    revision: row.revision,
    voter: name,
    ballot: digest,
  } as const;
  const { seq, hash } = await append(
    trx,
    row.id,
    { ...step, receipt, eventId },
    Number(cast_at),
    last,
  );
  return { receipt, seq, hash, cast_at: Number(cast_at) };
}

/** The stage that is open for ballots. Throws. */
function requireOpen(locked: Locked): Stage {
  const { row } = locked;
  const state = stateNow(locked);
  if (state === "voting") return "vote";
  if (state === "ratifying") return "ratify";
  if (state === "talk") {
    throw governanceFailures.notOpen(say("open_later", { at: { at: row.talk_until as number } }));
  }
  const over = row.ratify_until ?? row.vote_until;
  if (state === "counting" && over !== null && over <= locked.now) {
    throw governanceFailures.late(over);
  }
  if (row.closed_at !== null && row.outcome !== "not-seconded" && over !== null) {
    throw governanceFailures.late(over);
  }
  throw governanceFailures.notOpen(say("open_not", { state: stateWords(state) }));
}

function closes(row: ProposalRow, stage: Stage): number {
  return (stage === "ratify" ? row.ratify_until : row.vote_until) as number;
}

/** Event ids of platforms are theirs alone, so each counts for the account that sent it. */
function eventKey({ account }: Actor, eventId: string): string {
  return sha256Hex(`${account}\n${eventId}`);
}

export function ballotOf(
  trx: Transaction<Tables>,
  proposalId: string,
  person: string,
  stage: Stage,
) {
  return trx
    .selectFrom("ballot")
    .selectAll()
    .where("proposal_id", "=", proposalId)
    .where("person_id", "=", person)
    .where("stage", "=", stage)
    .executeTakeFirst();
}

/** The receipt that this event has got already, and the end of the log, in one statement. */
async function logSoFar(
  trx: Transaction<Tables>,
  row: ProposalRow,
  eventId: string,
): Promise<{ readonly told: Receipt | null; readonly last: Appended | null }> {
  const { rows } = await sql<Selectable<BallotLogTable> & { known: boolean }>`
    (select *, true as known from ballot_log where proposal_id = ${row.id}::uuid and event_id = ${eventId})
    union all
    (select *, false from ballot_log where proposal_id = ${row.id}::uuid order by seq desc limit 1)`.execute(
    trx,
  );
  const entry = rows.find(({ known }) => known);
  const last = rows.find(({ known }) => !known) ?? null;
  return { told: entry === undefined ? null : await receiptOf(trx, row, entry), last };
}

async function receiptOf(
  trx: Transaction<Tables>,
  row: ProposalRow,
  entry: Selectable<BallotLogTable>,
): Promise<Receipt> {
  const { kind, stage } = JSON.parse(entry.entry) as { kind: string; stage: Stage };
  return view(row, {
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

/** A receipt in words that never say what was chosen. */
export function view(
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
