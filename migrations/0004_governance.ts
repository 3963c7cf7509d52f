import { type Kysely, sql } from "kysely";

/**
 * Rules, members, proposals, rolls, ballots and what follows from them. Every deadline is compared with
 * `pool_now()`, the database's own time, inside the statement that depends on it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  await run(`
    create function pool_now() returns bigint language sql volatile
    as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$`);
  await run(`
    create function refuse_change() returns trigger language plpgsql
    as $$ begin raise exception 'this table is append-only'; end $$`);

  await run(`
    create table constitution (
      version integer primary key,
      content text not null,
      digest text not null,
      adopted_at bigint not null,
      proposal_id uuid
    )`);

  await run(`
    create table member (
      person_id uuid primary key references person (id),
      since bigint not null,
      votes_from bigint not null,
      how text not null check (how in ('founder', 'admitted', 'vouched'))
    )`);
  await run(`
    create table vouch (
      person_id uuid not null,
      by_person uuid not null,
      at bigint not null,
      primary key (person_id, by_person)
    )`);
  await run(`
    create table steward (
      person_id uuid primary key references person (id),
      since bigint not null,
      how text not null
    )`);
  await run(`
    create table agent (
      account text primary key,
      person_id uuid not null references person (id),
      name text not null,
      purpose text not null,
      controller uuid not null references person (id),
      controller_account text not null,
      declared_at bigint not null
    )`);
  await run(`
    create table link_code (
      hash text primary key,
      person_id uuid not null,
      account text not null,
      created_at bigint not null,
      expires_at bigint not null,
      used_at bigint,
      used_by text
    )`);
  await run("create table link_try (account text not null, at bigint not null)");
  await run("create index link_try_account on link_try (account, at)");
  await run("create table reminder (person_id uuid primary key, account text not null)");

  await run(`
    create table proposal (
      id uuid primary key,
      number integer not null unique,
      community text not null,
      room text not null,
      request_key text not null,
      kind text not null,
      type text not null,
      title text not null,
      reason text not null,
      proposer uuid not null,
      proposer_account text not null,
      revision integer not null,
      binding boolean not null,
      method text not null,
      ballot_kind text not null,
      sealed boolean not null,
      rules_version integer not null references constitution (version),
      terms jsonb not null,
      created_at bigint not null,
      talk_until bigint,
      vote_until bigint,
      ratify_until bigint,
      extensions integer not null default 0,
      withdrawn_at bigint,
      closed_at bigint,
      chosen text,
      outcome text,
      roll_salt text not null,
      tie_secret text not null,
      told text not null,
      unique (community, request_key)
    )`);
  await run("create index proposal_unclosed on proposal (number) where closed_at is null");
  await run(`
    create table proposal_option (
      proposal_id uuid not null references proposal (id),
      id text not null,
      title text not null,
      action jsonb,
      changes jsonb not null,
      expected jsonb,
      added_by text,
      added_at bigint not null,
      primary key (proposal_id, id)
    )`);
  await run(`
    create table proposal_revision (
      proposal_id uuid not null references proposal (id),
      revision integer not null,
      content jsonb not null,
      at bigint not null,
      primary key (proposal_id, revision)
    )`);
  await run(`
    create table proposal_place (
      proposal_id uuid not null references proposal (id),
      community text not null,
      room text not null,
      thread text,
      message text,
      primary key (proposal_id, community, room)
    )`);
  await run(`
    create table backing (
      proposal_id uuid not null references proposal (id),
      person_id uuid not null,
      kind text not null check (kind in ('sponsor', 'option', 'objection', 'hold')),
      account text not null,
      reason text,
      at bigint not null,
      primary key (proposal_id, person_id, kind)
    )`);

  await run(`
    create table roll (
      proposal_id uuid not null references proposal (id),
      house text not null check (house in ('members', 'producers')),
      seat uuid not null,
      person_id uuid not null,
      weight bigint not null,
      agent boolean not null,
      controller uuid not null,
      primary key (proposal_id, house, seat)
    )`);
  await run("create index roll_person on roll (person_id)");
  await run(`
    create table ballot (
      proposal_id uuid not null references proposal (id),
      person_id uuid not null,
      stage text not null check (stage in ('vote', 'ratify')),
      account text not null,
      revision integer not null,
      content bytea not null,
      opening text not null,
      voter text not null,
      receipt text not null,
      seq integer not null,
      cast_at bigint not null,
      state text not null check (state in ('counts', 'withdrawn', 'void', 'merged')),
      primary key (proposal_id, person_id, stage)
    )`);
  await run("create index ballot_person on ballot (person_id)");
  await run(`
    create table ballot_log (
      proposal_id uuid not null references proposal (id),
      seq integer not null,
      at bigint not null,
      entry text not null,
      hash text not null,
      receipt text,
      event_id text,
      primary key (proposal_id, seq)
    )`);
  await run("create unique index ballot_log_event on ballot_log (proposal_id, event_id)");
  await run("create index ballot_log_receipt on ballot_log (receipt)");
  await run(`
    create trigger ballot_log_append_only before update or delete on ballot_log
    for each row execute function refuse_change()`);

  await run(`
    create table poll_result (
      proposal_id uuid primary key references proposal (id),
      content jsonb not null,
      export text not null,
      created_at bigint not null
    )`);
  await run(`
    create table effect (
      proposal_id uuid primary key references proposal (id),
      action jsonb not null,
      expected jsonb,
      inverse jsonb,
      state text not null check (state in ('waiting', 'held', 'done', 'stale', 'reverted', 'stopped')),
      due_at bigint not null,
      held_at bigint,
      done_at bigint,
      words text not null
    )`);
  await run("create index effect_due on effect (due_at) where state in ('waiting', 'held')");

  await run(`
    create table emergency (
      id uuid primary key,
      subject text not null check (subject in ('node', 'model', 'member')),
      subject_id text not null,
      subject_name text not null,
      reason text not null,
      community text not null,
      room text not null,
      state text not null,
      first_steward uuid not null,
      first_account text not null,
      second_steward uuid,
      second_account text,
      proposed_at bigint not null,
      in_force_at bigint,
      lapses_at bigint,
      proposal_id uuid,
      undo jsonb
    )`);
  await run(`
    create table suspension (
      subject text not null,
      subject_id text not null,
      emergency_id uuid not null references emergency (id),
      until bigint,
      primary key (subject, subject_id)
    )`);

  await run(`
    create table governance_event (
      id integer primary key,
      key text not null unique,
      at bigint not null,
      type text not null,
      proposal integer,
      words text not null,
      places jsonb not null,
      tell text[] not null,
      data jsonb not null
    )`);
  await run(`
    create trigger governance_event_append_only before update or delete on governance_event
    for each row execute function refuse_change()`);
  await run("create table governance_door (door text primary key, seen integer not null)");
}
