import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../storage/open.ts";

/** The person behind an account, made on first use. Safe when two ask at once; `db` may be a transaction. */
export async function personOf(db: Database, account: string, now: number): Promise<string> {
  const known = await knownPerson(db, account);
  if (known !== null) return known;
  const fresh = randomUUID();
  const { rows } = await sql<{ person_id: string }>`
    with made as (insert into person (id, created_at) values (${fresh}::uuid, ${now}::bigint) returning id)
    insert into account (account, person_id, first_seen_at)
    select ${account}, id, ${now}::bigint from made
    on conflict (account) do update set first_seen_at = account.first_seen_at
    returning person_id`.execute(db);
  const person = rows[0]?.person_id as string;
  // Somebody else was first: theirs stands.
  if (person !== fresh) await db.deleteFrom("person").where("id", "=", fresh).execute();
  return person;
}

/** The person behind an account; null when it has never been used here. */
export async function knownPerson(db: Database, account: string): Promise<string | null> {
  const row = await db
    .selectFrom("account")
    .select("person_id")
    .where("account", "=", account)
    .executeTakeFirst();
  return row?.person_id ?? null;
}

/** Every account of a person, the first one first. */
export async function accountsOf(db: Database, person: string): Promise<string[]> {
  const rows = await db
    .selectFrom("account")
    .select("account")
    .where("person_id", "=", person)
    .orderBy("first_seen_at")
    .orderBy("account")
    .execute();
  return rows.map((row) => row.account);
}

/** True when both accounts are one person's. */
export async function samePerson(db: Database, one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const { rows } = await sql`
    select 1 from account a join account b using (person_id)
    where a.account = ${one} and b.account = ${other}`.execute(db);
  return rows.length > 0;
}
