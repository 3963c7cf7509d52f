import { type Selectable, sql, type Transaction } from "kysely";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import {
  type LogEntry,
  NO_ENTRY,
  openBallotDigest,
  type Stage,
} from "../../../protocol/verify/poll-rows.ts";
import type { BallotRequest, Choice } from "../../../protocol/wire/governance.ts";
import type { ApiContext } from "../../context.ts";
import type { Tables } from "../../storage/tables.ts";
import { governanceFailures } from "../failures.ts";
import { ballotForm, type Locked, type OptionRow, stateNow } from "../proposals/load.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { stateWords } from "../proposals/state.ts";
import type { BallotLogTable } from "../tables.ts";
import { say } from "../words/say.ts";
import { written } from "../written.ts";
import { readChoice } from "./choice.ts";
import { beforeSwing, lookForSwing } from "./late-swing.ts";
import { type Appended, receiptCode, voterName } from "./log.ts";
import { closes, type Receipt, receiptOf, receiptView } from "./receipt.ts";
import { seal } from "./seal.ts";
import { ballotKey, eventKey, type SoFar } from "./so-far.ts";
import { type Voter, voterIn } from "./voter.ts";

export type BallotParts = Pick<ApiContext, "db" | "secrets" | "random">;

/**
 * Casts or changes a ballot on a proposal that the caller holds, and notes it in what is known so far. The same event
 * twice gives the first one's receipt.
 * Whether it is in time is decided by database time inside the statement that stores it. Throws, before anything is
 * written: `not_on_roll`, `vote_not_open`, `vote_closed`, `revision_changed`, `choice_invalid`, `reason_needed`.
 */
export async function castIn(
  trx: Transaction<Tables>,
  parts: BallotParts,
  locked: Locked,
  options: readonly OptionRow[],
  request: BallotRequest,
  known: SoFar,
): Promise<Receipt> {
  const { row, now } = locked;
  const { account } = request.actor;
  const eventId = eventKey(request);
  const told = known.told.get(eventId);
  if (told !== undefined) return receiptOf(trx, row, told);
  const stage = requireOpen(locked);
  const seats = known.seats.get(account) ?? [];
  const voter = await voterIn(trx, row, account, stage, options, seats);
  if (request.revision !== undefined && request.revision !== row.revision) {
    throw governanceFailures.revisionChanged(row.revision);
  }
  const form = ballotForm(row, options);
  const choice = readChoice(request.choice, form);
  const reason = written(request.reason ?? "") || null;
  if (voter.agent && reason === null) throw governanceFailures.reasonNeeded();

  const key = ballotKey(stage, voter.person);
  const earlier = known.ballots.get(key);
  const before = await beforeSwing(trx, row, stage, now, parts.secrets.poolKey);
  const name = earlier?.voter ?? voterName(row.roll_salt, voter.person);
  const entry = await store(trx, parts, {
    ...{ row, voter, name, stage, account, choice, reason, eventId, last: known.last },
  });
  known.last = entry;
  known.told.set(eventId, entry);
  known.ballots.set(key, { voter: name, state: "counts", revision: row.revision });
  const until = await lookForSwing(trx, row, stage, before, parts.secrets.poolKey);
  const { receipt, seq, hash, at: cast_at } = entry;
  return receiptView(row, {
    ...{ receipt: receipt as string, seq, hash, cast_at, until },
    state: "counts",
    changed: earlier?.state === "counts" && earlier.revision === row.revision,
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
  const seq = last === null ? 0 : last.seq + 1;
  const entry: Omit<LogEntry, "at"> = {
    ...{ poll: row.id, seq, kind: "cast", stage, revision: row.revision, voter: name },
    ...{ ballot: digest, prev: last?.hash ?? NO_ENTRY },
  };
  // Ballot and entry in one statement: everybody else who votes waits for it. Of the keys of an entry, in the order
  // of RFC 8785, `at` is the first, and the time is known to this statement alone.
  const tail = canonicalBytes(entry).toString("utf8").slice(1);
  const { rows } = await sql<Selectable<BallotLogTable>>`
    with cast_now as (
      insert into ballot (proposal_id, person_id, stage, account, revision, content, opening, voter, receipt,
        seq, cast_at, state)
      select id, ${voter.person}::uuid, ${stage}, ${account}, revision, ${content}, ${opening}, ${name},
        ${receipt}, ${seq}::integer, pool_now(), 'counts'
      from proposal
      where id = ${row.id}::uuid and closed_at is null and withdrawn_at is null and talk_until <= pool_now()
        and pool_now() < case when ${stage} = 'ratify' then ratify_until else vote_until end
      on conflict (proposal_id, person_id, stage) do update set account = excluded.account,
        revision = excluded.revision, content = excluded.content, opening = excluded.opening,
        voter = excluded.voter, receipt = excluded.receipt, seq = excluded.seq, cast_at = excluded.cast_at,
        state = 'counts'
      returning cast_at),
    said as (select cast_at, '{"at":' || cast_at || ',' || ${tail}::text as entry from cast_now)
    insert into ballot_log (proposal_id, seq, at, entry, hash, receipt, event_id)
    select ${row.id}::uuid, ${seq}::integer, cast_at, entry, encode(sha256(convert_to(entry, 'UTF8')), 'hex'),
      ${receipt}::text, ${eventId}::text
    from said returning *`.execute(trx);
  const [stored] = rows;
  if (stored === undefined) throw governanceFailures.late(closes(row, stage));
  return { ...stored, at: Number(stored.at) };
}

/** The stage that is open for ballots. Throws. */
export function requireOpen(locked: Locked): Stage {
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
