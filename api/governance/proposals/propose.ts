import { sql, type Transaction } from "kysely";
import { fillsSeats, type PollMethod } from "../../../protocol/counting/poll.ts";
import type { Action, PollRequest, ProposeRequest } from "../../../protocol/wire/governance.ts";
import type { Tables } from "../../storage/tables.ts";
import { currentRules } from "../constitution/book.ts";
import { governanceFailures } from "../failures.ts";
import type { Drafted } from "../kinds/kind.ts";
import { knownModels } from "../kinds/known-models.ts";
import { writtenOptions } from "../kinds/question.ts";
import { proposableKind } from "../kinds/table.ts";
import type { GovernanceParts } from "../parts.ts";
import { requireMember } from "../people/membership.ts";
import { DAY_MS, databaseNow } from "../time.ts";
import { say } from "../words/say.ts";
import { lookAlike, looksLike, written, writtenFields } from "../written.ts";
import { create, LETTERS, readMethod } from "./create.ts";

/** Proposals one person may have open. */
const MOST_OPEN = 5;
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
