import { sql } from "kysely";
import type { Erased, MemberData } from "../../protocol/wire/members.ts";
import type { ApiContext } from "../context.ts";
import { governanceData } from "../governance/people/data.ts";
import { eraseVoter } from "../governance/people/erase.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import type { JobRow } from "../jobs/insert.ts";
import type { Relay } from "../jobs/relay.ts";
import { ERASE_AT_ONCE, eraseJobs } from "./erase.ts";
import { accountsOf, personOf } from "./person.ts";

/** Questions in one export; who has asked more gets the newest. */
const EXPORT_AT_MOST = 5_000;

/** GET /v1/members/:account/data: what the pool keeps of a person's words, over all their accounts. */
export async function memberData(ctx: ApiContext, account: string): Promise<MemberData> {
  const { db } = ctx;
  const now = ctx.clock();
  const person = await personOf(db, account, now);
  const accounts = await accountsOf(db, person);
  const { rows } = await sql<JobRow & { text: string | null; receipt_id: string | null }>`
    select j.*, r.text, c.id as receipt_id from job j
    left join result r on r.job_id = j.id
    left join receipt c on c.job_id = j.id and c.role = 'generate'
    where j.member = any(${accounts}::text[])
    order by j.created_at desc limit ${EXPORT_AT_MOST + 1}`.execute(db);
  const reports = await db
    .selectFrom("report")
    .select(["job_id", "reason", "at"])
    .where("account", "in", accounts)
    .orderBy("at", "desc")
    .limit(EXPORT_AT_MOST)
    .execute();
  return {
    person,
    accounts,
    exportedAt: now,
    complete: rows.length <= EXPORT_AT_MOST,
    questions: rows.slice(0, EXPORT_AT_MOST).map((row) => ({
      id: row.id,
      account: row.member,
      community: row.community,
      room: row.room,
      askedAt: row.created_at,
      state: row.state,
      model: { sha256: row.model_sha256, name: row.model_name },
      private: row.private,
      prompt: row.prompt,
      answer:
        row.text === null || row.receipt_id === null
          ? null
          : { text: row.text, receiptId: row.receipt_id },
      erasedAt: row.erased_at,
    })),
    reports: reports.map(({ job_id: jobId, reason, at }) => ({ jobId, reason, at })),
    governance: await governanceData(db, person, accounts),
  };
}

/**
 * DELETE /v1/members/:account/data: the words of every question and answer of a person, over all their accounts,
 * and their names and reasons in votes. What waits or runs is stopped and erased when it has ended. Safe to repeat.
 */
export async function eraseMember(
  parts: { ctx: ApiContext; relay: Relay; dispatcher: Dispatcher },
  account: string,
): Promise<Erased> {
  const { ctx } = parts;
  const { db } = ctx;
  const now = ctx.clock();
  const person = await personOf(db, account, now);
  const accounts = await accountsOf(db, person);
  // Marked first: whatever ends from here on is found by the sweep.
  const { rows: live } = await sql<{ id: string }>`
    update job set erased_at = ${now}::bigint, erased_why = 'member'
    where member = any(${accounts}::text[]) and state in ('queued', 'running') and erased_at is null
    returning id`.execute(db);
  for (const { id } of live) await cancelJob(parts, id);
  let questions = 0;
  for (;;) {
    const { rows } = await sql<{ id: string }>`
      select id from job where member = any(${accounts}::text[])
        and state not in ('queued', 'running') and (erased_at is null or prompt <> '')
      limit ${ERASE_AT_ONCE}`.execute(db);
    const ids = rows.map((row) => row.id);
    questions += await eraseJobs(db, ids, "member", now);
    if (ids.length < ERASE_AT_ONCE) break;
  }
  await sql`update job set erased_why = 'member' where member = any(${accounts}::text[]) and erased_at is not null`.execute(
    db,
  );
  await sql`update report set reason = '' where account = any(${accounts}::text[])`.execute(db);
  await eraseVoter(db, person, accounts);
  return { questions, stopped: live.length, message: inWords(questions, live.length) };
}

function inWords(questions: number, stopped: number): string {
  const what =
    questions === 1 ? "One question and its answer are" : `${questions} questions and answers are`;
  const also =
    stopped === 0
      ? ""
      : ` ${stopped} more ${stopped === 1 ? "was" : "were"} stopped and will be erased in a moment.`;
  return `${what} erased, on all your linked accounts.${also} What stays holds no words: receipt ids, their digests in the public log, and the credits of the machines that answered. In votes your ballots go on counting, without your name and reason; what stays named are acts of stewards, yours and about you, agents you declared, and proposals of yours until they are decided. Reasons in sealed votes carry no name, so nobody can find yours. Copies in chat rooms are not the pool's: delete those there.`;
}
