import { sql } from "kysely";
import type { Database } from "../storage/open.ts";
import type { Notice } from "../storage/tables.ts";
import { type LostCode, lostMessage, notices } from "./notices.ts";

export interface AttemptStart {
  readonly job_id: string;
  readonly queue: string;
  readonly node_key: string;
  readonly node_name: string;
  readonly replica: string;
  readonly now: number;
}

/** An attempt that has begun, and the earlier one that a dead replica left open, if any. */
export interface Begun {
  readonly id: string;
  readonly attempts: number;
  readonly reply_to: string[];
  readonly abandoned: { n: number; node_key: string; node_name: string } | null;
}

/**
 * Marks jobs as running on a node, one statement for all. A job that is no longer wanted (finished, stopped,
 * moved to another queue, out of attempts), or that this node must not have by a standing that this replica has
 * not heard of yet, gives null: nothing may be sent to a node for it. Of several starts of one job, which a queue
 * that was wiped and filled again can bring at once, the first counts: two nodes never share an attempt.
 */
export async function beginAttempts(
  db: Database,
  starts: readonly AttemptStart[],
  maxAttempts: number,
): Promise<(Begun | null)[]> {
  const first = new Map(starts.toReversed().map((start) => [start.job_id, start]));
  const { rows } = await sql<Begun>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([...first.values()])}::jsonb) as x(
        job_id uuid, queue text, node_key text, node_name text, replica text, now bigint)
    ), begun as (
      update job j set state = 'running', attempts = j.attempts + 1, node_key = i.node_key, replica = i.replica,
        started_at = coalesce(j.started_at, i.now), notice = null
      from input i
      where j.id = i.job_id and j.queue = i.queue and j.state in ('queued', 'running')
        and j.cancel_requested_at is null and j.attempts < ${maxAttempts}
        and not exists (select 1 from node_standing s where s.node_key = i.node_key
          and s.scope in ('*', j.community) and (s.until is null or s.until > i.now))
      returning j.id, j.attempts, j.reply_to, i.node_key, i.node_name, i.replica, i.now
    ), abandoned as (
      update attempt a set ended_at = b.now, code = 'pool_restarted',
        message = ${lostMessage("pool_restarted", "")}
      from begun b where a.job_id = b.id and a.ended_at is null
      returning a.job_id, a.n, a.node_key, a.node_name
    ), started as (
      insert into attempt (job_id, n, node_key, node_name, replica, started_at)
      select id, attempts, node_key, node_name, replica, now from begun
    )
    select b.id, b.attempts, b.reply_to,
      (select json_build_object('n', a.n, 'node_key', a.node_key, 'node_name', a.node_name)
        from abandoned a where a.job_id = b.id order by a.n desc limit 1) as abandoned
    from begun b`.execute(db);
  const begun = new Map(rows.map((row) => [row.id, row]));
  return starts.map((start) =>
    first.get(start.job_id) === start ? (begun.get(start.job_id) ?? null) : null,
  );
}

export interface AttemptEnd {
  readonly job_id: string;
  readonly attempt: number;
  readonly code: LostCode;
  readonly message: string;
  readonly now: number;
  /** Up to which attempt the job may be tried again. */
  readonly maxAttempts: number;
}

/**
 * Closes an attempt without an answer: the job waits again, or ends as cancelled or failed. Null when the
 * attempt was not the job's current one any more; then nothing is changed.
 */
export async function loseAttempt(
  db: Database,
  end: AttemptEnd,
): Promise<{
  state: "queued" | "cancelled" | "failed";
  reply_to: string[];
  priority: number;
} | null> {
  const stopped = JSON.stringify(notices.stoppedBefore());
  const given = JSON.stringify(notices.tooManyAttempts(end.maxAttempts));
  const { rows } = await sql<{
    state: "queued" | "cancelled" | "failed";
    reply_to: string[];
    priority: number;
  }>`
    with moved as (
      update job set
        state = case when cancel_requested_at is not null then 'cancelled'
          when attempts >= ${end.maxAttempts} then 'failed' else 'queued' end,
        notice = case when cancel_requested_at is not null then ${stopped}::jsonb
          when attempts >= ${end.maxAttempts} then ${given}::jsonb else null end,
        finished_at = case when cancel_requested_at is not null or attempts >= ${end.maxAttempts}
          then ${end.now}::bigint else null end,
        node_key = null, replica = null
      where id = ${end.job_id}::uuid and attempts = ${end.attempt} and state = 'running'
      returning id, state, reply_to, priority
    ), closed as (
      update attempt a set ended_at = ${end.now}::bigint, code = ${end.code}, message = ${end.message}
      from moved m where a.job_id = m.id and a.n = ${end.attempt} and a.ended_at is null
    )
    select state, reply_to, priority from moved`.execute(db);
  return rows[0] ?? null;
}

/**
 * Ends a job that still waits or runs, and an attempt at it that nobody has closed; null when it had ended before.
 */
export async function endJob(
  db: Database,
  id: string,
  state: "failed" | "cancelled" | "expired",
  notice: Notice,
  now: number,
): Promise<{ queue: string; reply_to: string[] } | null> {
  const { rows } = await sql<{ queue: string; reply_to: string[] }>`
    with ended as (
      update job set state = ${state}, notice = ${JSON.stringify(notice)}::jsonb, finished_at = ${now}::bigint,
        node_key = null, replica = null
      where id = ${id}::uuid and state in ('queued', 'running')
      returning id, queue, reply_to
    ), abandoned as (
      update attempt a set ended_at = ${now}::bigint, code = 'pool_restarted',
        message = ${lostMessage("pool_restarted", "")}
      from ended e where a.job_id = e.id and a.ended_at is null
    )
    select queue, reply_to from ended`.execute(db);
  return rows[0] ?? null;
}
