import { type Kysely, sql } from "kysely";

/** Jobs, answers, receipts, credits, nodes and models. Times are integer milliseconds since the Unix epoch. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table job (
      id uuid primary key,
      community text not null,
      member text not null,
      room text not null,
      request_key text not null,
      prompt text not null,
      continues uuid,
      repeats uuid,
      model_sha256 text not null,
      model_name text not null,
      model_chosen boolean not null,
      queue text not null,
      priority integer not null,
      state text not null check (state in ('queued', 'running', 'done', 'cancelled', 'failed', 'expired')),
      options jsonb not null,
      seed text not null,
      seed_commitment text not null,
      prompt_salt text not null,
      wait boolean not null,
      created_at bigint not null,
      expires_at bigint not null,
      started_at bigint,
      finished_at bigint,
      cancel_requested_at bigint,
      reply_to text[] not null,
      attempts integer not null default 0,
      node_key text,
      replica text,
      notice jsonb,
      unique (community, request_key)
    )`.execute(db);
  // The queue's order, and what a community has outstanding in it.
  await sql`create index job_queued on job (queue, priority, created_at) where state = 'queued'`.execute(
    db,
  );
  await sql`create index job_outstanding on job (community, queue) where state in ('queued', 'running')`.execute(
    db,
  );
  await sql`create index job_running on job (queue) where state = 'running'`.execute(db);
  await sql`create index job_done on job (queue, finished_at) where state = 'done'`.execute(db);
  await sql`create index job_finished on job (finished_at) where finished_at is not null`.execute(
    db,
  );

  await sql`
    create table attempt (
      job_id uuid not null references job (id) on delete cascade,
      n integer not null,
      node_key text not null,
      node_name text not null,
      replica text not null,
      started_at bigint not null,
      ended_at bigint,
      code text,
      message text,
      primary key (job_id, n)
    )`.execute(db);

  await sql`
    create table result (
      job_id uuid primary key references job (id) on delete cascade,
      text text not null,
      finish_reason text not null,
      token_ids bytea not null,
      prompt_tokens integer not null,
      completion_tokens integer not null,
      turns_dropped integer not null,
      load_ms integer not null,
      prefill_ms integer not null,
      generate_ms integer not null,
      node_key text not null,
      node_name text not null,
      engine jsonb not null,
      auditable boolean not null,
      answer_sha256 text not null,
      lineage_digest text not null,
      created_at bigint not null
    )`.execute(db);
  await sql`create index result_recent on result (created_at)`.execute(db);

  await sql`
    create table receipt (
      job_id uuid not null references job (id) on delete cascade,
      role text not null,
      id text not null,
      envelope text not null,
      manifest text not null,
      node_key text not null,
      checks jsonb not null,
      leaf text not null,
      leaf_salt text not null,
      received_at bigint not null,
      primary key (job_id, role)
    )`.execute(db);
  await sql`create index receipt_id on receipt (id)`.execute(db);

  await sql`
    create table log_leaf (
      idx bigserial primary key,
      kind text not null,
      commitment text not null unique,
      created_at bigint not null
    )`.execute(db);

  // No reference to the job: credit stays when a member has a conversation erased.
  await sql`
    create table credit (
      job_id uuid primary key,
      node_key text not null,
      amount integer not null check (amount >= 0),
      created_at bigint not null
    )`.execute(db);
  await sql`create index credit_node on credit (node_key, created_at)`.execute(db);

  await sql`
    create table node (
      key_id text primary key,
      public_key text not null,
      name text not null,
      enrolled_at bigint not null,
      last_seen_at bigint not null,
      online boolean not null,
      replica text,
      slots integer not null,
      engine jsonb,
      models jsonb not null,
      fetches jsonb not null
    )`.execute(db);

  await sql`
    create table model (
      sha256 text primary key,
      name text not null,
      bytes bigint,
      declared jsonb not null,
      chat_template text,
      first_seen bigint not null
    )`.execute(db);

  await sql`
    create table bom (
      digest text primary key,
      content text not null,
      lineage jsonb not null,
      created_at bigint not null
    )`.execute(db);

  await sql`create table replica (id text primary key, seen_at bigint not null)`.execute(db);
  await sql`create table duty (name text primary key, holder text not null, until bigint not null)`.execute(
    db,
  );
}
