import { type Kysely, sql } from "kysely";

/**
 * Cards of proposals: places that a community's settings name beside the room a proposal was made in, and when to
 * ask for a card that nobody has shown yet.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  await run("alter table proposal_place add column by_setting boolean not null default false");
  await run("alter table proposal_place add column card_due bigint");
  await run(
    "create index proposal_place_due on proposal_place (card_due) where card_due is not null",
  );
}
