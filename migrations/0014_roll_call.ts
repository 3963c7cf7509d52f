import { type Kysely, sql } from "kysely";

/**
 * Who voted how and why, of votes with a roll call and of agents: beside the log, which only commits to it, so that
 * it can be erased and the log still holds.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  await run(`
    create table poll_name (
      proposal_id uuid not null references proposal (id),
      stage text not null check (stage in ('vote', 'ratify')),
      voter text not null,
      account text not null,
      agent boolean not null,
      choice text not null,
      side text not null,
      reason text,
      minority boolean not null,
      opening text not null,
      primary key (proposal_id, stage, voter)
    )`);
  await run("create index poll_name_account on poll_name (account)");
  // Whom news was for is personal; what it said is the record, and stays as it is.
  await run(`
    create function refuse_retelling() returns trigger language plpgsql
    as $$ begin
      if tg_op = 'UPDATE' and to_jsonb(new) - 'tell' = to_jsonb(old) - 'tell' and old.tell @> new.tell then
        return new;
      end if;
      raise exception 'this table is append-only';
    end $$`);
  await run("drop trigger governance_event_append_only on governance_event");
  await run(`
    create trigger governance_event_append_only before update or delete on governance_event
    for each row execute function refuse_retelling()`);
}
