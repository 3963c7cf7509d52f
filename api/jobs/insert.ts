import { type Selectable, sql } from "kysely";
import type { Database } from "../storage/open.ts";
import type { JobTable } from "../storage/tables.ts";

export type JobRow = Selectable<JobTable>;
/** A job as asked, before the records have it. */
export type NewJob = Omit<
  JobRow,
  | "attempts"
  | "started_at"
  | "cancel_requested_at"
  | "node_key"
  | "replica"
  | "erased_at"
  | "erased_why"
>;

export interface Inserted {
  readonly row: JobRow;
  /** False: this community asked it before, and this is that job. */
  readonly fresh: boolean;
}

/**
 * Writes jobs, one statement for all. A (community, request_key) that is there already gives that row back
 * with `fresh` false.
 */
export async function insertJobs(db: Database, jobs: readonly NewJob[]): Promise<Inserted[]> {
  const input = JSON.stringify(jobs.map((job, ord) => ({ ...job, ord })));
  const { rows } = await sql<JobRow>`
    with input as (
      select * from jsonb_to_recordset(${input}::jsonb) as x(
        ord integer, id uuid, community text, member text, room text, request_key text, prompt text,
        continues uuid, repeats uuid, model_sha256 text, model_name text, model_chosen boolean, queue text,
        priority integer, state text, options jsonb, seed text, seed_commitment text, prompt_salt text, wait boolean,
        created_at bigint, expires_at bigint, finished_at bigint, reply_to text[], notice jsonb,
        private boolean, privacy text, system_prompt text)
    )
    insert into job (
      id, community, member, room, request_key, prompt, continues, repeats, model_sha256, model_name,
      model_chosen, queue, priority, state, options, seed, seed_commitment, prompt_salt, wait, created_at,
      expires_at, finished_at, reply_to, notice, private, privacy, system_prompt)
    select i.id, i.community, i.member, i.room, i.request_key, i.prompt, i.continues, i.repeats, i.model_sha256,
      i.model_name, i.model_chosen, i.queue, i.priority, i.state, i.options, i.seed, i.seed_commitment,
      i.prompt_salt, i.wait, i.created_at, i.expires_at, i.finished_at, i.reply_to, i.notice, i.private,
      i.privacy, i.system_prompt
    from input i order by i.ord
    on conflict (community, request_key) do nothing
    returning job.*`.execute(db);
  const fresh = new Map(rows.map((row) => [row.id, row]));
  const repeated = jobs.filter((job) => !fresh.has(job.id));
  const earlier = repeated.length === 0 ? [] : await findByRequestKeys(db, repeated);
  return jobs.map((job) => {
    const row = fresh.get(job.id);
    if (row !== undefined) return { row, fresh: true };
    const known = earlier.find(
      (other) => other.community === job.community && other.request_key === job.request_key,
    );
    return { row: known as JobRow, fresh: false };
  });
}

/** Jobs asked with these request keys. */
export async function findByRequestKeys(
  db: Database,
  keys: readonly Pick<JobRow, "community" | "request_key">[],
): Promise<JobRow[]> {
  const input = JSON.stringify(
    keys.map(({ community, request_key }) => ({ community, request_key })),
  );
  const { rows } = await sql<JobRow>`
    select j.* from job j join jsonb_to_recordset(${input}::jsonb) as x(community text, request_key text)
    using (community, request_key)`.execute(db);
  return rows;
}
