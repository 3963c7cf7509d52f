import { sql, type Transaction } from "kysely";
import { countPoll, type PollCount } from "../../../protocol/counting/poll.ts";
import { type LogEntry, tieSeed } from "../../../protocol/verify/poll-rows.ts";
import type { ApiContext } from "../../context.ts";
import type { Tables } from "../../storage/tables.ts";
import { collectBallots } from "../ballots/collect.ts";
import { append } from "../ballots/log.ts";
import { tell } from "../events/tell.ts";
import {
  isObjected,
  type Locked,
  lockProposal,
  type OptionRow,
  optionsOf,
  pollRules,
  stateNow,
} from "../proposals/load.ts";
import { closePlaces, placesOf } from "../proposals/places.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { titleOf } from "../proposals/title.ts";
import { say } from "../words/say.ts";
import { ballotRow } from "./export.ts";
import { publish } from "./publish.ts";

type Parts = Pick<ApiContext, "db" | "secrets" | "random">;
type Kept = Omit<Parts, "db">;

/** Numbers of proposals whose time is over and which nobody has closed yet. */
export async function dueProposals(db: ApiContext["db"]): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    select number from proposal where closed_at is null and (
      (talk_until is null and created_at + (terms ->> 'sponsorMs')::bigint <= pool_now())
      or (ratify_until is null and vote_until <= pool_now())
      or ratify_until <= pool_now()
      or (talk_until <= pool_now() and terms -> 'consent' <> 'null'::jsonb and ratify_until is null))
    order by number limit 50`.execute(db);
  return rows.map(({ number }) => number);
}

/**
 * Closes a proposal whose time is over: counts, publishes, and writes what is to take effect, all in one
 * transaction. Whoever comes second, or after a crash, finds it done or does it whole.
 */
export function closeProposal(parts: Parts, number: number): Promise<void> {
  const { db, secrets } = parts;
  return db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row } = locked;
    if (row.closed_at !== null) return;
    const state = stateNow(locked);
    if (state === "not-seconded") return dropUnbacked(trx, locked);
    if (state !== "counting") return;
    if (row.terms.consent !== null && !(await isObjected(trx, row))) {
      return passByConsent(trx, parts, locked);
    }
    const options = await optionsOf(trx, row.id);
    const ballots = await collectBallots(trx, row, secrets.poolKey);
    const rules = pollRules(row, options);
    const ratified = row.ratify_until !== null;
    if (!ratified) {
      const seed = tieSeed(row.tie_secret, await logOf(trx, row));
      const first = countPoll(rules, ballots, seed, false);
      if (first.outcome === "chosen") return askProducers(trx, locked, first, options);
    }
    await finish(trx, parts, locked, ratified);
  });
}

async function finish(
  trx: Transaction<Tables>,
  parts: Kept,
  { row, now }: Locked,
  ratified: boolean,
): Promise<void> {
  const options = await optionsOf(trx, row.id);
  const rules = pollRules(row, options);
  const ballots = await collectBallots(trx, row, parts.secrets.poolKey);
  const step = { kind: "close", stage: ratified ? "ratify" : "vote" } as const;
  await append(
    trx,
    row.id,
    {
      ...{ ...step, revision: row.revision, voter: null, ballot: null },
      ...{ receipt: null, eventId: null },
    },
    now,
  );
  const log = await logOf(trx, row);
  const head = log.at(-1)?.hash ?? "";
  const seed = tieSeed(row.tie_secret, log);
  const count = countPoll(
    rules,
    ballots.map((ballot) => ballotRow(ballot, row.sealed)),
    seed,
    ratified,
  );
  await publish(trx, parts, { row, now }, { options, count, log, head, seed, ballots });
}

/** The members chose; the producers say yes or no to that within their window. */
async function askProducers(
  trx: Transaction<Tables>,
  { row, now }: Locked,
  count: PollCount,
  options: readonly OptionRow[],
): Promise<void> {
  const until = now + row.terms.ratifyMs;
  await trx
    .updateTable("proposal")
    .set({ chosen: count.winner, ratify_until: until })
    .where("id", "=", row.id)
    .execute();
  const chosen = options.find(({ id }) => id === count.winner);
  await tell(trx, {
    key: `ratify:${row.id}`,
    type: "ratification-opened",
    proposal: row.number,
    words: say("event_ratify", {
      number: `${row.number}`,
      option: count.winner ?? "",
      title: chosen === undefined ? "" : titleOf(chosen),
      at: { at: until },
    }),
    places: await placesOf(trx, row),
    data: { option: count.winner, ratifyUntil: until },
  });
}

async function passByConsent(
  trx: Transaction<Tables>,
  parts: Kept,
  { row, now }: Locked,
): Promise<void> {
  const options = await optionsOf(trx, row.id);
  const step = { kind: "close", stage: "vote", revision: row.revision } as const;
  await append(
    trx,
    row.id,
    { ...step, voter: null, ballot: null, receipt: null, eventId: null },
    now,
  );
  const log = await logOf(trx, row);
  const count: PollCount = { outcome: "passed", winner: "A", houses: [], ties: [], working: null };
  const head = log.at(-1)?.hash ?? "";
  await publish(trx, parts, { row, now }, { options, count, log, head, seed: "", ballots: [] });
}

async function dropUnbacked(trx: Transaction<Tables>, { row, now }: Locked): Promise<void> {
  await trx
    .updateTable("proposal")
    .set({ closed_at: now, outcome: "not-seconded", told: "not-seconded" })
    .where("id", "=", row.id)
    .execute();
  await closePlaces(trx, row.id);
  await tell(trx, {
    key: `not-seconded:${row.id}`,
    type: "not-seconded",
    proposal: row.number,
    words: say("event_dropped", { number: `${row.number}`, needed: row.terms.sponsors }),
    places: await placesOf(trx, row),
  });
}

async function logOf(trx: Transaction<Tables>, row: ProposalRow) {
  const rows = await trx
    .selectFrom("ballot_log")
    .select(["entry", "hash"])
    .where("proposal_id", "=", row.id)
    .orderBy("seq")
    .execute();
  return rows.map(({ entry, hash }) => ({ entry: JSON.parse(entry) as LogEntry, hash }));
}
