import { accountsOf } from "../../members/person.ts";
import type { Database } from "../../storage/open.ts";

/** The persons who are stewards now. */
export async function stewards(db: Database): Promise<string[]> {
  const rows = await db.selectFrom("steward").select("person_id").execute();
  return rows.map(({ person_id }) => person_id);
}

/** One account of each of them, the first one; in the same order whenever it is asked: founders began together. */
export async function stewardAccounts(db: Database): Promise<string[]> {
  const all = await Promise.all((await stewards(db)).map((person) => accountsOf(db, person)));
  return all.flatMap(([first]) => (first === undefined ? [] : [first])).sort();
}
