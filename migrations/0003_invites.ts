import { type Kysely, sql } from "kysely";

/** Invites for volunteers' machines. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invite (
      id uuid primary key,
      secret_hash text not null unique,
      created_by text,
      community text,
      trust text not null check (trust in ('own', 'trusted', 'open')),
      owner_account text,
      note text not null,
      created_at bigint not null,
      expires_at bigint not null,
      used_at bigint,
      used_by_node text,
      revoked_at bigint,
      check (trust = 'open' or community is not null)
    )`.execute(db);
  await sql`create index invite_recent on invite (created_at desc)`.execute(db);
}
