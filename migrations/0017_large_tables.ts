import { type Kysely, sql } from "kysely";

/**
 * Ways into tables that only grow, for questions that would otherwise read all of their history: what a community's
 * nodes and failures were lately, what its retention lets go, whose words are still to be erased, what was earned
 * within the hour. Each holds a row once, when its job has ended, or only while it is a rare case.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  await run(`
    create index job_kept on job (community, created_at)
    where erased_at is null and finished_at is not null`);
  await run(`
    create index job_failed on job (community, finished_at) where state in ('failed', 'expired')`);
  await run("create index job_expiring on job (expires_at) where state = 'queued'");
  await run("create index job_to_erase on job (id) where erased_at is not null and prompt <> ''");
  await run(`
    create index job_to_forget on job (created_at)
    where erased_why = 'member' and member <> 'erased'`);
  await run("create index report_account on report (account, at)");
  await run("create index credit_recent on credit (created_at)");
  // A receipt is about four kilobytes that do not get smaller; trying to, row by row, cost more than storing it.
  await run("alter table receipt set (toast_tuple_target = 8160)");
}
