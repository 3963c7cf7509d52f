import { type Selectable, sql } from "kysely";
import { MAX_PRIORITY } from "../queue/bull-queue.ts";
import type { Database } from "../storage/open.ts";
import type { JobTable } from "../storage/tables.ts";

export type JobRow = Selectable<JobTable>;
/** A job as asked, before the records give it a priority. */
export type NewJob = Omit<
  JobRow,
  | "priority"
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
  /** Jobs that stood before it in its queue, those written in the same moment not counted. */
  readonly ahead: number;
}

/**
 * Writes jobs, one statement for all. A (community, request_key) that is there already gives that row back
 * with `fresh` false. Priority = 1 + what the community has outstanding in that queue, so a community that
 * floods stands behind its own jobs and not in front of others'.
 */
export async function insertJobs(db: Database, jobs: readonly NewJob[]): Promise<Inserted[]> {
  const input = JSON.stringify(jobs.map((job, ord) => ({ ...job, ord })));
  const { rows } = await sql<JobRow & { ahead: number }>`
    with input as (
      select * from jsonb_to_recordset(${input}::jsonb) as x(
        ord integer, id uuid, community text, member text, room text, request_key text, prompt text,
        continues uuid, repeats uuid, model_sha256 text, model_name text, model_chosen boolean, queue text,
        state text, options jsonb, seed text, seed_commitment text, prompt_salt text, wait boolean,
        created_at bigint, expires_at bigint, finished_at bigint, reply_to text[], notice jsonb,
        private boolean, privacy text, system_prompt text)
    ), outstanding as (
      select community, queue, count(*) as jobs from job
      where state in ('queued', 'running') and (community, queue) in (select community, queue from input)
      group by community, queue
    )
    insert into job (
      id, community, member, room, request_key, prompt, continues, repeats, model_sha256, model_name,
      model_chosen, queue, priority, state, options, seed, seed_commitment, prompt_salt, wait, created_at,
      expires_at, finished_at, reply_to, notice, private, privacy, system_prompt)
    select i.id, i.community, i.member, i.room, i.request_key, i.prompt, i.continues, i.repeats, i.model_sha256,
      i.model_name, i.model_chosen, i.queue,
      least(${MAX_PRIORITY}::bigint, coalesce(o.jobs, 0)
        + row_number() over (partition by i.community, i.queue order by i.ord)),
      i.state, i.options, i.seed, i.seed_commitment, i.prompt_salt, i.wait, i.created_at, i.expires_at,
      i.finished_at, i.reply_to, i.notice, i.private, i.privacy, i.system_prompt
    from input i left join outstanding o on o.community = i.community and o.queue = i.queue
    order by i.ord
    on conflict (community, request_key) do nothing
    returning job.*, (select count(*) from job q where q.queue = job.queue
      and (q.state = 'running' or q.state = 'queued' and q.priority <= job.priority)) as ahead`.execute(
    db,
  );
  const fresh = new Map(rows.map((row) => [row.id, row]));
  const repeated = jobs.filter((job) => !fresh.has(job.id));
  const earlier = repeated.length === 0 ? [] : await findByRequestKeys(db, repeated);
  return jobs.map((job) => {
    const row = fresh.get(job.id);
    if (row !== undefined) return { row, fresh: true, ahead: row.ahead };
    const known = earlier.find(
      (other) => other.community === job.community && other.request_key === job.request_key,
    );
    return { row: known as JobRow, fresh: false, ahead: 0 };
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
