import type { Transaction } from "kysely";
import { choosesFirst } from "../../../protocol/counting/poll.ts";
import type { ActionKind, ProposalView } from "../../../protocol/wire/governance.ts";
import type { ApiContext } from "../../context.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import { howToVote } from "../ballots/choice.ts";
import { collectBallots, turnout } from "../ballots/collect.ts";
import { named, type Result, rollCallLine, withRollCall } from "../ballots/roll-call.ts";
import { governanceFailures } from "../failures.ts";
import { databaseNow } from "../time.ts";
import { say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";
import { noEditAfter } from "./change.ts";
import { effectOf } from "./effect.ts";
import {
  backersByHouse,
  ballotForm,
  DEFAULT_OPTION,
  isObjected,
  optionsOf,
  pollRules,
} from "./load.ts";
import { mine } from "./mine.ts";
import { placesOf } from "./places.ts";
import { type ProposalRow, stateOf, stateWords } from "./state.ts";
import { titleOf } from "./title.ts";
import {
  bindingWords,
  houseWords,
  methodWords,
  objectWords,
  ruleWords,
  secrecyWords,
  whoWords,
} from "./view-words.ts";

/** The card before it is read. */
export type Card = Unspoken<ProposalView>;

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
): Promise<Card> {
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
): Promise<Card> {
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
    kindTitle: say(`kind_${row.kind as ActionKind}`),
    title: titleOf(row),
    reason: row.reason,
    proposer: row.proposer_account,
    place: { community: row.community, room: row.room },
    places: await placesOf(trx, row),
    createdAt: row.created_at,
    state,
    stateWords: stateWords(state),
    binding: row.binding,
    bindingWords: bindingWords(row),
    options: options.map((option) => ({
      ...{ id: option.id, changes: option.changes, action: option.action },
      title: titleOf(option),
      isDefault: option.id === DEFAULT_OPTION,
      addedBy: option.added_by,
    })),
    houses: terms.houses.map(({ house, size, quorum }) => ({
      ...{ house, size, quorum },
      ratio: [...terms.ratio],
      turnout: house === "producers" && choosesFirst(rules) ? ratify.producers : first[house],
      words: houseWords({ size, quorum }),
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
    ballotWords: howToVote(form),
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

async function resultOf(db: Database, proposalId: string): Promise<Result | null> {
  const row = await db
    .selectFrom("poll_result")
    .select("content")
    .where("proposal_id", "=", proposalId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return withRollCall(db, proposalId, row.content as Result);
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
