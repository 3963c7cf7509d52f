import { type Kysely, sql } from "kysely";

/**
 * Persons and their accounts, settings and who changed them, nodes' standing, reports, and what a job must
 * remember of the rules it was asked under.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table person (id uuid primary key, created_at bigint not null)`.execute(db);
  await sql`
    create table account (
      account text primary key,
      person_id uuid not null references person (id),
      first_seen_at bigint not null,
      linked_at bigint
    )`.execute(db);
  await sql`create index account_person on account (person_id)`.execute(db);

  await sql`
    create table policy (
      scope text not null,
      key text not null,
      value jsonb not null,
      revision integer not null,
      set_by jsonb not null,
      set_at bigint not null,
      primary key (scope, key)
    )`.execute(db);
  await sql`
    create table policy_change (
      id bigserial primary key,
      scope text not null,
      key text not null,
      old_value jsonb,
      new_value jsonb,
      set_by jsonb not null,
      set_at bigint not null
    )`.execute(db);
  await sql`create index policy_change_scope on policy_change (scope, id)`.execute(db);
  // Content-addressed, so that a job names its instructions by digest and old receipts can be explained.
  await sql`
    create table system_prompt (sha256 text primary key, content text not null, created_at bigint not null)`.execute(
    db,
  );

  await sql`
    create table node_standing (
      node_key text not null,
      scope text not null,
      state text not null check (state in ('paused', 'draining', 'barred')),
      reason text not null,
      set_by text not null,
      set_at bigint not null,
      until bigint,
      primary key (node_key, scope)
    )`.execute(db);

  // A node without a row serves the open queues only.
  await sql`
    create table node_trust (
      node_key text not null,
      community text not null,
      class text not null check (class in ('own', 'trusted')),
      since bigint not null,
      primary key (node_key, community)
    )`.execute(db);
  // Who earns what a node earns.
  await sql`
    create table node_owner (
      node_key text primary key,
      person_id uuid not null references person (id),
      since bigint not null
    )`.execute(db);
  await sql`create index node_owner_person on node_owner (person_id)`.execute(db);

  await sql`
    create table report (
      id uuid primary key,
      job_id uuid not null references job (id) on delete cascade,
      community text not null,
      account text not null,
      reason text not null,
      at bigint not null,
      handled_by text,
      handled_at bigint,
      unique (job_id, account)
    )`.execute(db);
  await sql`create index report_community on report (community, at)`.execute(db);

  await sql`alter table job add column private boolean not null default false`.execute(db);
  await sql`alter table job add column privacy text not null default 'open' check (privacy in ('own', 'trusted', 'open'))`.execute(
    db,
  );
  await sql`alter table job add column system_prompt text`.execute(db);
  await sql`alter table job add column erased_at bigint`.execute(db);
  await sql`alter table job add column erased_why text check (erased_why in ('retention', 'member'))`.execute(
    db,
  );
  // The one tier there was is the open one now; the reconciler puts waiting jobs into the queue so named.
  await sql`update job set queue = left(queue, 16) || '.open' where queue like '%.t1'`.execute(db);
  // What a person asked today, and what is to be erased.
  await sql`create index job_member on job (member, created_at)`.execute(db);
  // Rows are written in the order of their creation: a few bytes a page instead of an entry a row.
  await sql`create index job_created on job using brin (created_at)`.execute(db);
  await sql`create index job_continues on job (continues) where continues is not null`.execute(db);
  await sql`create index job_repeats on job (repeats) where repeats is not null`.execute(db);
  await sql`create index job_erased on job (erased_at) where erased_at is not null`.execute(db);

  // SHA-256 of an erased envelope: what is left of the receipt beside its id and log leaf.
  await sql`alter table receipt add column envelope_sha256 text`.execute(db);
}
