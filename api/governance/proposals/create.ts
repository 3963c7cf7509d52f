import { randomUUID } from "node:crypto";
import { sql, type Transaction } from "kysely";
import { isPollMethod, POLL_METHODS, type PollMethod } from "../../../protocol/counting/poll.ts";
import type { HouseName } from "../../../protocol/verify/poll-rows.ts";
import type { Action, Place } from "../../../protocol/wire/governance.ts";
import type { Tables } from "../../storage/tables.ts";
import { append } from "../ballots/log.ts";
import type { Rules } from "../constitution/book.ts";
import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import type { Drafted } from "../kinds/kind.ts";
import type { GovernanceParts } from "../parts.ts";
import { foundingOf } from "../people/founding.ts";
import { say, type Text } from "../words/say.ts";
import { inEnglish } from "../words/speak.ts";
import { DEFAULT_OPTION } from "./load.ts";
import { housesOf, makeTerms } from "./make-terms.ts";
import { openPlaces, withVotesRooms } from "./places.ts";
import { electorate, writeRoll } from "./roll.ts";
import { titleColumns } from "./title.ts";

export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY";

/** Everything a new proposal is made of. */
export interface NewProposal {
  readonly requestKey: string;
  readonly place: Place;
  readonly kind: Action["kind"];
  readonly type: string;
  readonly reason: string;
  readonly proposer: { readonly person: string; readonly account: string };
  readonly drafts: readonly Drafted[];
  /** Said by the members; "leave it as it is" stands beside them. */
  readonly withDefault: boolean;
  readonly title: Text;
  readonly method?: PollMethod;
  readonly sealed?: boolean;
  readonly binding?: boolean;
  readonly voteMs?: number;
  /** Of methods that fill seats. */
  readonly seats?: number;
}

/** Writes a proposal with its options, roll, first log entry and event. */
export async function create(
  trx: Transaction<Tables>,
  { ctx }: Pick<GovernanceParts, "ctx">,
  rules: Rules,
  now: number,
  fresh: NewProposal,
): Promise<number> {
  const entry = rules.constitution.types[fresh.type];
  const founding = await foundingOf(trx, rules, now);
  const houses = housesOf(rules, fresh.type, await originalHouses(trx, fresh.drafts[0]));
  const seats = await electorate(trx, rules, houses, now, !founding.over);
  const size = (house: HouseName) => seats.filter((seat) => seat.house === house).length;
  const members = founding.members;
  const binding = fresh.binding ?? entry?.binding ?? true;
  const tieSecret = ctx.random(32).toString("hex");
  const terms = makeTerms({
    ...{ rules, type: fresh.type, members, tieSecret, binding, voteMs: fresh.voteMs },
    seats: fresh.seats,
    sizes: Object.fromEntries(houses.map((house) => [house, size(house)])),
  });
  if (terms.houses.length === 0) {
    throw governanceFailures.notOnRoll(say("roll_nobody"));
  }
  const several = fresh.drafts.length > 1;
  const method =
    fresh.method ?? readMethod(several ? severalMethod(rules, fresh.type) : "majority", several);
  const id = randomUUID();
  await sql`select pg_advisory_xact_lock(hashtextextended('proposal numbers', 0))`.execute(trx);
  const { next } = await trx
    .selectFrom("proposal")
    .select(sql<number>`coalesce(max(number), 0) + 1`.as("next"))
    .executeTakeFirstOrThrow();
  const number = Number(next);
  const backed = terms.sponsors <= 1;
  const talkUntil = backed ? now + terms.talkMs : null;
  await trx
    .insertInto("proposal")
    .values({
      id,
      number,
      community: fresh.place.community,
      room: fresh.place.room,
      request_key: fresh.requestKey,
      kind: fresh.kind,
      type: fresh.type,
      ...titleColumns(fresh.title),
      reason: fresh.reason,
      proposer: fresh.proposer.person,
      proposer_account: fresh.proposer.account,
      revision: 1,
      binding,
      method,
      ballot_kind: POLL_METHODS[method],
      sealed:
        entry?.sealed === true || (fresh.sealed ?? rules.constitution.procedure.default.sealed),
      rules_version: rules.version,
      terms: JSON.stringify(terms),
      created_at: now,
      talk_until: talkUntil,
      vote_until: talkUntil === null ? null : talkUntil + terms.voteMs,
      roll_salt: ctx.random(16).toString("hex"),
      tie_secret: tieSecret,
      extensions: 0,
      told: "new",
    })
    .execute();
  await writeOptions(trx, id, fresh, now);
  await writeRoll(trx, id, seats);
  const places = await withVotesRooms(trx, fresh.place);
  await openPlaces(trx, id, places, now);
  await append(
    trx,
    id,
    {
      ...{ kind: "begin", stage: "vote", revision: 1, voter: null, ballot: null },
      ...{ receipt: null, eventId: null },
    },
    now,
  );
  await tell(trx, {
    key: `proposed:${id}`,
    type: "proposed",
    proposal: number,
    words: say("event_proposed", { number: `${number}`, title: fresh.title }),
    places,
    data: { kind: fresh.kind, title: inEnglish(fresh.title) },
  });
  return number;
}

async function writeOptions(
  trx: Transaction<Tables>,
  id: string,
  { drafts, withDefault, proposer }: NewProposal,
  now: number,
): Promise<void> {
  const options = drafts.map((draft, at) => ({
    ...optionRow(id, LETTERS[at] as string, draft, proposer.account, now),
  }));
  if (withDefault) options.push(defaultRow(id, now));
  await trx.insertInto("proposal_option").values(options).execute();
}

/** A draft as a row. A question's options do nothing. */
export function optionRow(
  proposalId: string,
  id: string,
  draft: Drafted,
  account: string | null,
  now: number,
) {
  return {
    proposal_id: proposalId,
    id,
    ...titleColumns(draft.title),
    action: draft.action.kind === "question" ? "null" : JSON.stringify(draft.action),
    changes: JSON.stringify(draft.changes),
    expected: JSON.stringify(draft.expected ?? null),
    added_by: account,
    added_at: now,
  };
}

function defaultRow(proposalId: string, now: number): ReturnType<typeof optionRow> {
  const draft = { action: { kind: "question" }, title: say("title_default"), changes: [] } as const;
  return optionRow(proposalId, DEFAULT_OPTION, { ...draft, expected: null }, null, now);
}

/** The next free letter. */
export function nextLetter(taken: readonly string[]): string {
  const letter = [...LETTERS].find((each) => !taken.includes(each));
  if (letter === undefined) {
    throw governanceFailures.field(
      say("field_options"),
      say("why_options_full", { most: LETTERS.length }),
    );
  }
  return letter;
}

/** How several options are counted, by name: as the entry of the constitution says, or as usual. */
export function severalMethod({ constitution }: Rules, type: string): string {
  return constitution.types[type]?.method ?? constitution.procedure.default.method;
}

/** A method by name. Throws `method_unknown`. */
export function readMethod(written: string, several: boolean): PollMethod {
  const name = written === "schulze-winning-votes" ? "schulze" : written;
  const known = Object.keys(POLL_METHODS).filter((each) => (each === "majority") !== several);
  if (!isPollMethod(name) || !known.includes(name)) {
    throw governanceFailures.methodUnknown(written, known);
  }
  return name;
}

/** The houses that made what a revert would undo. */
async function originalHouses(
  trx: Transaction<Tables>,
  draft: Drafted | undefined,
): Promise<readonly HouseName[]> {
  if (draft?.action.kind !== "revert") return ["members"];
  const row = await trx
    .selectFrom("proposal")
    .select("terms")
    .where("number", "=", draft.action.proposal)
    .executeTakeFirst();
  return row?.terms.houses.map(({ house }) => house) ?? ["members"];
}
