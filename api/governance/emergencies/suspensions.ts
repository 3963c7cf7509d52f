import { sql } from "kysely";
import type { Database } from "../../storage/open.ts";

/** Accounts of suspended members, kept in memory: every question asks, and there are few. */
export class Suspensions {
  readonly #db: Database;
  #accounts: ReadonlySet<string> = new Set();

  constructor(db: Database) {
    this.#db = db;
  }

  async load(): Promise<void> {
    const { rows } = await sql<{ account: string }>`
      select a.account from suspension s
      join account a on a.person_id = case s.subject when 'member' then s.subject_id::uuid end
      where s.subject = 'member' and (s.until is null or s.until > pool_now())`.execute(this.#db);
    this.#accounts = new Set(rows.map(({ account }) => account));
  }

  readonly has = (account: string): boolean => this.#accounts.has(account);
}
