import { sql } from "kysely";
import type { ApiContext } from "../context.ts";
import { placeOf } from "../policy/scope.ts";
import { ERASE_AT_ONCE, eraseJobs } from "./erase.ts";

const DAY_MS = 86_400_000;

/**
 * Erases what is older than the settings of its place let it be kept, and what was asked to be erased while a
 * node was still at it. For the replica that holds the duty.
 */
export async function sweepTexts(ctx: ApiContext): Promise<void> {
  let erased = 0;
  for (;;) {
    const ids = await tooOld(ctx);
    erased += await eraseJobs(ctx.db, ids, "retention", ctx.clock());
    if (ids.length < ERASE_AT_ONCE) break;
  }
  const late = await erasedTooEarly(ctx);
  erased += await eraseJobs(ctx.db, late, "member", ctx.clock());
  await forgetWho(ctx);
  if (erased > 0) ctx.log.info({ jobs: erased }, "texts erased");
}

/** Ended jobs beyond their retention: the room's days hold, else the community's, else the pool's. */
async function tooOld({ db, clock }: ApiContext): Promise<string[]> {
  const rows = await db
    .selectFrom("policy")
    .select(["scope", "value"])
    .where("key", "=", "retention_days")
    .execute();
  if (rows.length === 0) return [];
  const rules = rows.map(({ scope, value }) => {
    const { level, community, room } = placeOf(scope);
    const before = typeof value === "number" ? clock() - value * DAY_MS : null;
    return { rank: { room: 0, community: 1, pool: 2 }[level], community, room, before };
  });
  const { rows: old } = await sql<{ id: string }>`
    with rule as (
      select * from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb)
        as x(rank integer, community text, room text, before bigint)
    )
    select j.id from job j
    where j.erased_at is null and j.state not in ('queued', 'running')
      and j.created_at < (select max(before) from rule)
      and j.created_at < (
        select r.before from rule r
        where (r.community is null or r.community = j.community) and (r.room is null or r.room = j.room)
        order by r.rank limit 1)
    order by j.created_at limit ${ERASE_AT_ONCE}`.execute(db);
  return old.map((row) => row.id);
}

/** Jobs that a node answered after their words were to be erased. */
async function erasedTooEarly({ db }: ApiContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select j.id from job j
    where j.erased_at is not null and j.state not in ('queued', 'running')
      and (j.prompt <> '' or exists (select 1 from result r where r.job_id = j.id))
    limit ${ERASE_AT_ONCE}`.execute(db);
  return rows.map((row) => row.id);
}

/**
 * Members who had their words erased are forgotten as the askers too, when the day is over: until then their
 * questions count against the day's quota.
 */
async function forgetWho({ db, clock }: ApiContext): Promise<void> {
  const today = clock() - (clock() % DAY_MS);
  await sql`
    update job set member = 'erased', room = 'erased', request_key = 'erased ' || id::text
    where erased_at is not null and erased_why = 'member' and member <> 'erased'
      and created_at < ${today}::bigint and state not in ('queued', 'running')`.execute(db);
}
