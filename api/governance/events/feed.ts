import type { GovernanceEvent } from "../../../protocol/wire/governance.ts";
import { LANGUAGES } from "../../../protocol/words/languages.ts";
import type { Database } from "../../storage/open.ts";
import { spoken, type Unspoken } from "../words/speak.ts";

/** Events after an id, oldest first. */
export async function eventsAfter(
  db: Database,
  after: number,
  limit: number,
): Promise<Unspoken<GovernanceEvent>[]> {
  const rows = await db
    .selectFrom("governance_event")
    .select(["id", "at", "type", "proposal", "words", "places", "tell", "data"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ words, ...row }) => ({
    ...(row as Omit<GovernanceEvent, "words">),
    words,
    // One door tells rooms of many communities, each in its own language.
    inWords: Object.fromEntries(LANGUAGES.map((language) => [language, spoken(language, words)])),
  }));
}

/** Up to where a door has told. A door that was never here begins with what happens from now on. */
export async function seenBy(db: Database, door: string): Promise<number> {
  const row = await db
    .selectFrom("governance_door")
    .select("seen")
    .where("door", "=", door)
    .executeTakeFirst();
  if (row !== undefined) return row.seen;
  const last = await db
    .selectFrom("governance_event")
    .select((select) => select.fn.max("id").as("id"))
    .executeTakeFirst();
  const seen = last?.id ?? 0;
  await db
    .insertInto("governance_door")
    .values({ door, seen })
    .onConflict((conflict) => conflict.column("door").doNothing())
    .execute();
  return seen;
}

/** Never backwards: a late acknowledgement changes nothing. */
export async function markSeen(db: Database, door: string, upTo: number): Promise<void> {
  await db
    .insertInto("governance_door")
    .values({ door, seen: upTo })
    .onConflict((conflict) =>
      conflict.column("door").doUpdateSet((set) => ({
        seen: set.fn("greatest", [set.ref("governance_door.seen"), set.val(upTo)]),
      })),
    )
    .execute();
}
