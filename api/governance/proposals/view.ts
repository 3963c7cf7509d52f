import type { Transaction } from "kysely";
import { choosesFirst } from "../../../protocol/counting/poll.ts";
import type {
  EffectView,
  ProposalResult,
  ProposalsView,
  ProposalView,
} from "../../../protocol/wire/governance.ts";
import type { ApiContext } from "../../context.ts";
import { ApiFailure } from "../../errors.ts";
import { knownPerson } from "../../members/person.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import { ballotOf, view as receiptView, stateOfReceipt } from "../ballots/cast.ts";
import { howToVote } from "../ballots/choice.ts";
import { collectBallots, turnout } from "../ballots/collect.ts";
import { named, rollCallLine, withRollCall } from "../ballots/roll-call.ts";
import { voterOf } from "../ballots/voter.ts";
import { count } from "../constitution/words.ts";
import { governanceFailures } from "../failures.ts";
import { kindOf } from "../kinds/table.ts";
import { databaseNow } from "../time.ts";
import { noEditAfter } from "./change.ts";
import {
  backersByHouse,
  ballotForm,
  DEFAULT_OPTION,
  isObjected,
  optionsOf,
  pollRules,
} from "./load.ts";
import { placesOf } from "./places.ts";
import { type ProposalRow, stateOf, stateWords } from "./state.ts";
import {
  bindingWords,
  methodWords,
  objectWords,
  ruleWords,
  secrecyWords,
  whoWords,
} from "./view-words.ts";

/** A proposal by number. Throws `proposal_unknown`. */
export async function proposalByNumber(db: Database, number: number): Promise<ProposalRow> {
  const row = await db
    .selectFrom("proposal")
    .selectAll()
    .where("number", "=", number)
    .executeTakeFirst();
  if (row === undefined) throw governanceFailures.proposalUnknown(number);
  return row;
}

/** The card; with an account also what that person may do and has done. */
export async function viewProposal(
  ctx: Pick<ApiContext, "db" | "secrets">,
  number: number,
  account?: string,
): Promise<ProposalView> {
  // One snapshot of it all, and the first use of an account makes its person.
  return ctx.db.transaction().execute(async (trx) => {
    const row = await proposalByNumber(trx, number);
    return viewRow(trx, ctx.secrets, row, account);
  });
}

export async function viewRow(
  trx: Transaction<Tables>,
  secrets: ApiContext["secrets"],
  row: ProposalRow,
  account?: string,
): Promise<ProposalView> {
  const now = await databaseNow(trx);
  const [options, effect, objected, result] = [
    await optionsOf(trx, row.id),
    await effectOf(trx, row.id),
    await isObjected(trx, row),
    await resultOf(trx, row.id),
  ];
  const state = stateOf(row, effect?.state ?? null, objected, now);
  const rules = pollRules(row, options);
  const first = await turnout(trx, row, "vote");
  const ratify = await turnout(trx, row, "ratify");
  const holds = await backersByHouse(trx, row.id, "hold");
  const form = ballotForm(row, options);
  const { terms } = row;
  const lockEnds = (row.ratify_until ?? row.vote_until ?? 0) + terms.lockMs;
  const acts = options.some(({ action }) => action !== null);
  return {
    number: row.number,
    revision: row.revision,
    kind: row.kind,
    kindTitle: kindOf(row.kind as Parameters<typeof kindOf>[0]).title,
    title: row.title,
    reason: row.reason,
    proposer: row.proposer_account,
    place: { community: row.community, room: row.room },
    places: await placesOf(trx, row),
    createdAt: row.created_at,
    state,
    stateWords: stateWords(state),
    binding: row.binding,
    bindingWords: bindingWords(row),
    options: options.map(({ id, title, changes, added_by, action }) => ({
      ...{ id, title, changes, action },
      isDefault: id === DEFAULT_OPTION,
      addedBy: added_by,
    })),
    houses: terms.houses.map(({ house, size, quorum }) => ({
      ...{ house, size, quorum },
      ratio: [...terms.ratio],
      turnout: house === "producers" && choosesFirst(rules) ? ratify.producers : first[house],
      words:
        quorum === 0
          ? count(size, "seat")
          : `${count(size, "seat")}, needs ${count(quorum, "ballot")} for it`,
    })),
    whoWords: whoWords(row),
    ruleWords: ruleWords(row),
    objectWords: objectWords(row),
    type: row.type,
    rules: { version: row.rules_version, digest: terms.rulesDigest },
    secrecy: { level: row.sealed ? "sealed" : "open", words: secrecyWords(row) },
    method: row.method,
    methodWords: methodWords(row),
    ballotKind: form.kind,
    ballotWords: `Write ${howToVote(form)}`,
    highestScore: terms.highestScore,
    credits: terms.credits,
    times: {
      now,
      noEditAfter:
        row.vote_until === null ? row.created_at + terms.sponsorMs : noEditAfter({ row, now }),
      talkUntil: row.talk_until ?? row.created_at + terms.sponsorMs,
      voteUntil: row.vote_until ?? row.created_at + terms.sponsorMs + terms.voteMs,
      ratifyUntil: row.ratify_until,
      effectAt:
        effect?.dueAt ??
        (acts && row.closed_at === null && row.vote_until !== null ? lockEnds : null),
      extensions: row.extensions,
    },
    sponsors: { needed: terms.sponsors, accounts: await sponsorsOf(trx, row) },
    holds: { needed: terms.holders, have: Math.max(holds.members, holds.producers) },
    objections:
      terms.consent === null
        ? null
        : { needed: { ...terms.consent }, made: await objectionsOf(trx, row.id) },
    ...(await soFar(trx, secrets, row, options)),
    result,
    effect,
    mine: account === undefined ? null : await mine(trx, row, account, options, state),
  };
}

/** Proposals, newest first, at most 50. */
export async function listProposals(
  db: Database,
  query: { readonly state?: "open" | "all"; readonly text?: string; readonly before?: number },
): Promise<ProposalsView["proposals"]> {
  const now = await databaseNow(db);
  let rows = db.selectFrom("proposal").selectAll().orderBy("number", "desc").limit(50);
  if (query.before !== undefined) rows = rows.where("number", "<", query.before);
  if ((query.state ?? "open") === "open") {
    // What has passed and is about to take effect is still open to a hold.
    rows = rows.where((where) =>
      where.or([
        where("closed_at", "is", null),
        where("id", "in", (db) =>
          db.selectFrom("effect").select("proposal_id").where("state", "in", ["waiting", "held"]),
        ),
      ]),
    );
  }
  if (query.text !== undefined && query.text.trim() !== "") {
    const pattern = `%${query.text.trim().replace(/[%_\\]/g, "\\$&")}%`;
    rows = rows.where((where) =>
      where.or([
        where("title", "ilike", pattern),
        ...(/^#?\d{1,9}$/.test(query.text ?? "")
          ? [where("number", "=", Number((query.text ?? "").replace("#", "")))]
          : []),
      ]),
    );
  }
  const found = await rows.execute();
  return Promise.all(
    found.map(async (row) => {
      const effect = await effectOf(db, row.id);
      const state = stateOf(row, effect?.state ?? null, await isObjected(db, row), now);
      return {
        number: row.number,
        kind: row.kind,
        title: row.title,
        state,
        stateWords: stateWords(state),
        binding: row.binding,
        nextAt: nextAt(row, effect, state),
      };
    }),
  );
}

function nextAt(row: ProposalRow, effect: EffectView | null, state: string): number | null {
  if (state === "seeking-sponsors") return row.created_at + row.terms.sponsorMs;
  if (state === "talk") return row.talk_until;
  if (state === "voting") return row.vote_until;
  if (state === "ratifying") return row.ratify_until;
  return state === "locked" || state === "held" ? (effect?.dueAt ?? null) : null;
}

async function effectOf(db: Database, proposalId: string): Promise<EffectView | null> {
  const row = await db
    .selectFrom("effect")
    .selectAll()
    .where("proposal_id", "=", proposalId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { state, words, due_at, done_at, action, inverse } = row;
  return { state, words, dueAt: due_at, doneAt: done_at, action, inverse: inverse ?? null };
}

async function resultOf(db: Database, proposalId: string): Promise<ProposalResult | null> {
  const row = await db
    .selectFrom("poll_result")
    .select("content")
    .where("proposal_id", "=", proposalId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return withRollCall(db, proposalId, row.content as ProposalResult);
}

async function sponsorsOf(db: Database, row: ProposalRow): Promise<string[]> {
  const rows = await db
    .selectFrom("backing")
    .select("account")
    .where("proposal_id", "=", row.id)
    .where("kind", "=", "sponsor")
    .orderBy("at")
    .execute();
  return [row.proposer_account, ...rows.map(({ account }) => account)];
}

async function objectionsOf(db: Database, proposalId: string) {
  const rows = await db
    .selectFrom("backing")
    .select(["account", "reason"])
    .where("proposal_id", "=", proposalId)
    .where("kind", "=", "objection")
    .orderBy("at")
    .execute();
  return rows.map(({ account, reason }) => ({ account, reason: reason ?? "" }));
}

/**
 * Of an open poll that runs: who voted how, and how many ballots prefer each option to leaving it as it is, or put it
 * first. Of a sealed one nothing.
 */
async function soFar(
  trx: Transaction<Tables>,
  secrets: ApiContext["secrets"],
  row: ProposalRow,
  options: Awaited<ReturnType<typeof optionsOf>>,
): Promise<Pick<ProposalView, "running" | "rollCall">> {
  if (row.sealed || row.closed_at !== null) return { running: null };
  const once = named(await collectBallots(trx, row, secrets.poolKey), false);
  const names = (choice: (typeof once)[number]["choice"]): string[] => {
    if ("answer" in choice) {
      return choice.answer === "yes" ? ["A"] : choice.answer === "no" ? [DEFAULT_OPTION] : [];
    }
    if ("approve" in choice) return choice.approve;
    if ("rank" in choice) return choice.rank[0] ?? [];
    const best = Math.max(...Object.values(choice.scores));
    return Object.keys(choice.scores).filter((id) => choice.scores[id] === best);
  };
  const running = options.map(({ id }) => ({
    option: id,
    ballots: once.filter(({ choice }) => names(choice).includes(id)).length,
  }));
  return { running, rollCall: once.map(rollCallLine) };
}

async function mine(
  trx: Transaction<Tables>,
  row: ProposalRow,
  account: string,
  options: Awaited<ReturnType<typeof optionsOf>>,
  state: ProposalView["state"],
): Promise<NonNullable<ProposalView["mine"]>> {
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
      words: `You have a seat in: ${voter.houses.join(", ")}.`,
      ballot:
        ballot === undefined
          ? null
          : receiptView(row, {
              ...{ receipt: ballot.receipt, seq: ballot.seq, hash: logged?.hash ?? "" },
              ...{ cast_at: ballot.cast_at, changed: false },
              until: (stage === "ratify" ? row.ratify_until : row.vote_until) as number,
              state: await stateOfReceipt(trx, row, ballot.receipt),
            }),
      ...rights,
    };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { mayVote: false, words: error.message, ballot: null, ...rights };
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
