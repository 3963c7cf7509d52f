import { sql } from "kysely";
import { notices } from "../jobs/notices.ts";
import type { Database } from "../storage/open.ts";

/** Jobs erased by one statement at most; the caller goes on until fewer come. */
export const ERASE_AT_ONCE = 500;

/**
 * Erases the words of ended jobs: prompt, answer, tokens, salts, and the envelopes of order and receipt, which hold
 * or betray them. What stays: that there was a question, receipt id, digest of the receipt, log leaf, credit. The
 * orders of later turns of the same conversations held these words too and go with them. One transaction.
 * Returns how many were erased.
 */
export async function eraseJobs(
  db: Database,
  ids: readonly string[],
  why: "retention" | "member",
  now: number,
): Promise<number> {
  if (ids.length === 0) return 0;
  const notice = JSON.stringify(notices.erased());
  return db.transaction().execute(async (trx) => {
    const erased = await sql`
      update job set prompt = '', prompt_salt = '', seed = '', notice = ${notice}::jsonb, options = '{}'::jsonb,
        erased_at = coalesce(erased_at, ${now}::bigint), erased_why = coalesce(erased_why, ${why})
      where id = any(${ids}::uuid[]) and state not in ('queued', 'running')
      returning id`.execute(trx);
    await sql`
      delete from result where job_id in (
        select id from job where id = any(${ids}::uuid[]) and erased_at is not null
          and state not in ('queued', 'running'))`.execute(trx);
    await sql`
      update receipt set envelope_sha256 = encode(sha256(convert_to(envelope, 'UTF8')), 'hex'),
        envelope = '', manifest = '', leaf_salt = '', checks = '[]'::jsonb
      where job_id = any(${ids}::uuid[]) and envelope <> ''`.execute(trx);
    await sql`
      with recursive later as (
        select id from job where continues = any(${ids}::uuid[])
        union
        select j.id from job j join later l on j.continues = l.id
      )
      update receipt set manifest = '' where manifest <> '' and job_id in (select id from later)`.execute(
      trx,
    );
    // Whoever asked the same again holds the same words as their question; their answers are theirs.
    await sql`
      with copy as (
        update job set prompt = ${ERASED_PROMPT} where repeats = any(${ids}::uuid[])
          and prompt <> '' and state not in ('queued', 'running') returning id
      )
      update receipt set manifest = '' where job_id in (select id from copy)`.execute(trx);
    return erased.rows.length;
  });
}

/** Stands for a question in conversations that go on without it. */
export const ERASED_PROMPT = "(erased)";
