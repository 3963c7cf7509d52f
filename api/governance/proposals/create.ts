import { randomUUID } from "node:crypto";
import { sql, type Transaction } from "kysely";
import {
  fillsSeats,
  isPollMethod,
  POLL_METHODS,
  type PollMethod,
} from "../../../protocol/counting/poll.ts";
import type { HouseName } from "../../../protocol/verify/poll-rows.ts";
import type {
  Action,
  Place,
  PollRequest,
  ProposeRequest,
} from "../../../protocol/wire/governance.ts";
import type { Tables } from "../../storage/tables.ts";
import { append } from "../ballots/log.ts";
import { currentRules, type Rules } from "../constitution/book.ts";
import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import type { Drafted } from "../kinds/kind.ts";
import { knownModels } from "../kinds/known-models.ts";
import { writtenOptions } from "../kinds/question.ts";
import { proposableKind } from "../kinds/table.ts";
import type { GovernanceParts } from "../parts.ts";
import { foundingOf } from "../people/founding.ts";
import { requireMember } from "../people/membership.ts";
import { DAY_MS, databaseNow } from "../time.ts";
import { say, type Text } from "../words/say.ts";
import { inEnglish } from "../words/speak.ts";
import { lookAlike, looksLike, written, writtenFields } from "../written.ts";
import { DEFAULT_OPTION } from "./load.ts";
import { housesOf, makeTerms } from "./make-terms.ts";
import { openPlaces, withVotesRooms } from "./places.ts";
import { electorate, writeRoll } from "./roll.ts";
import { titleColumns } from "./title.ts";

/** Proposals one person may have open. */
const MOST_OPEN = 5;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY";

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

/**
 * Makes a proposal from a form; the same request key gives the earlier one. Returns its number. `then` sees it before
 * it is kept.
 */
export async function propose(
  parts: GovernanceParts,
  request: ProposeRequest,
  then: (trx: Transaction<Tables>, number: number) => Promise<void> = async () => {},
): Promise<number> {
  const { ctx } = parts;
  const fields = writtenFields(request.fields);
  const book = await knownModels(parts.book, [fields.model]);
  return ctx.db.transaction().execute(async (trx) => {
    const known = await byRequestKey(trx, request);
    if (known !== null) return known;
    const now = await databaseNow(trx);
    const kind = proposableKind(request.kind);
    const { poolModerators } = parts.rights;
    const person = await requireMember(trx, request.actor, poolModerators, "propose", now);
    await checkOpen(trx, person);
    const rules = await currentRules(trx);
    const { community, room } = request.place;
    const context = { db: trx, book, rules, community, room };
    const draft = await kind.draft(fields, context);
    const options = kind.kind === "question" ? writtenOptions(fields.options ?? "") : [];
    if (lookAlike(options)) {
      throw governanceFailures.field(say("field_options"), say("why_options"));
    }
    const drafts = options.length > 1 ? options.map((title) => ({ ...draft, title })) : [draft];
    await checkRetry(trx, draft.action, now);
    const number = await create(trx, parts, rules, now, {
      requestKey: request.requestKey,
      place: request.place,
      kind: kind.kind,
      type: kind.type(draft.action, context),
      reason: written(request.reason ?? ""),
      proposer: { person, account: request.actor.account },
      drafts: checkCount(drafts),
      withDefault: options.length < 2,
      title: draft.title,
    });
    await then(trx, number);
    return number;
  });
}

/** A poll that a moderator runs. Throws `not_moderator`, `method_unknown`, `field_invalid`. */
export function runPoll(
  parts: GovernanceParts,
  request: PollRequest,
  moderates: boolean,
): Promise<number> {
  return parts.ctx.db.transaction().execute(async (trx) => {
    const known = await byRequestKey(trx, request);
    if (known !== null) return known;
    if (!moderates) throw governanceFailures.notModerator();
    const now = await databaseNow(trx);
    const { poolModerators } = parts.rights;
    const person = await requireMember(trx, request.actor, poolModerators, "poll", now);
    await checkOpen(trx, person);
    const rules = await currentRules(trx);
    const question = written(request.question);
    if (looksLike(question) === "") {
      throw governanceFailures.field(say("field_question"), say("why_missing"));
    }
    const titles = request.options.map(written).filter((each) => each !== "");
    if (titles.length === 1 || lookAlike(titles)) {
      throw governanceFailures.field(say("field_options"), say("why_options"));
    }
    const several = titles.length > 1;
    const usual = several ? rules.constitution.procedure.default.method : "majority";
    const method = readMethod(
      request.method ?? (request.seats === undefined ? usual : "stv"),
      several,
    );
    const binding = request.binding ?? false;
    const base: Drafted = {
      ...{ action: { kind: "question" }, changes: [], expected: null },
      title: question,
    };
    return create(trx, parts, rules, now, {
      requestKey: request.requestKey,
      place: request.place,
      kind: "question",
      type: binding ? "poll.binding" : "poll.advisory",
      reason: "",
      proposer: { person, account: request.actor.account },
      drafts: checkCount(several ? titles.map((title) => ({ ...base, title })) : [base]),
      withDefault: binding || !several,
      title: question,
      method,
      seats: readSeats(request.seats, method, titles.length),
      sealed: request.sealed,
      binding,
      voteMs: request.days === undefined ? undefined : request.days * DAY_MS,
    });
  });
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
    fresh.method ??
    readMethod(several ? rules.constitution.procedure.default.method : "majority", several);
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

/** A method by name. Throws `method_unknown`. */
export function readMethod(written: string, several: boolean): PollMethod {
  const name = written === "schulze-winning-votes" ? "schulze" : written;
  const known = Object.keys(POLL_METHODS).filter((each) => (each === "majority") !== several);
  if (!isPollMethod(name) || !known.includes(name)) {
    throw governanceFailures.methodUnknown(written, known);
  }
  return name;
}

/** How many seats a poll fills; undefined where its method fills none. Throws `field_invalid`. */
function readSeats(seats: number | undefined, method: PollMethod, options: number) {
  if (!fillsSeats(method)) {
    if (seats === undefined) return undefined;
    throw governanceFailures.field(say("field_seats"), say("why_no_seats"));
  }
  if (seats !== undefined && seats >= options) {
    throw governanceFailures.field(
      say("field_seats"),
      say("why_seats", { options, most: options - 1 }),
    );
  }
  return seats ?? 1;
}

function checkCount(drafts: readonly Drafted[]): readonly Drafted[] {
  if (drafts.length > LETTERS.length) {
    throw governanceFailures.field(
      say("field_options"),
      say("why_options_many", { most: LETTERS.length }),
    );
  }
  return drafts;
}

async function byRequestKey(
  trx: Transaction<Tables>,
  { place, requestKey }: Pick<ProposeRequest, "place" | "requestKey">,
): Promise<number | null> {
  // Two deliveries of one event take turns, so that the second finds the first's proposal.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`proposal ${place.community} ${requestKey}`}, 0))`.execute(
    trx,
  );
  const row = await trx
    .selectFrom("proposal")
    .select("number")
    .where("community", "=", place.community)
    .where("request_key", "=", requestKey)
    .executeTakeFirst();
  return row?.number ?? null;
}

async function checkOpen(trx: Transaction<Tables>, person: string): Promise<void> {
  const { count } = await trx
    .selectFrom("proposal")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("proposer", "=", person)
    .where("closed_at", "is", null)
    .where("withdrawn_at", "is", null)
    .executeTakeFirstOrThrow();
  if (Number(count) >= MOST_OPEN) throw governanceFailures.tooManyOpen(MOST_OPEN);
}

/** What was rejected lately is not put again at once. */
async function checkRetry(trx: Transaction<Tables>, action: Action, now: number): Promise<void> {
  if (action.kind === "question") return;
  const { rows } = await sql<{ number: number; until: number }>`
    select p.number, p.closed_at + (p.terms ->> 'retryMs')::bigint as until
    from proposal p join proposal_option o on o.proposal_id = p.id
    where p.closed_at is not null and p.outcome = 'rejected' and o.action = ${JSON.stringify(action)}::jsonb
    order by p.number desc limit 1`.execute(trx);
  const last = rows[0];
  if (last !== undefined && Number(last.until) > now) {
    throw governanceFailures.triedLately(last.number, Number(last.until));
  }
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
