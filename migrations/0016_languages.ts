import { type Kysely, sql } from "kysely";

/**
 * Sentences of governance become codes with what fills them, so that each reader has them in their own language. What
 * is there already is English text, and a JSON string is what it becomes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  await run("alter table governance_event alter column words type jsonb using to_jsonb(words)");
  await run("alter table effect alter column words type jsonb using to_jsonb(words)");
  await run("alter table poll_name alter column side type jsonb using to_jsonb(side)");
  // The title itself stays as it is: what people wrote, or English for the record and its export.
  await run("alter table proposal add column title_said jsonb");
  await run("alter table proposal_option add column title_said jsonb");
}
