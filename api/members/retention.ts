import { sql } from "kysely";
import type { ApiContext } from "../context.ts";
import { placeOf } from "../policy/scope.ts";
import { ERASE_AT_ONCE, eraseJobs } from "./erase.ts";

const DAY_MS = 86_400_000;

/**
 * Erases what is older than the settings of its place let it be kept, and what was asked to be erased while a
 * node was still at it. For the replica that holds the duty.
 */
export async function sweepTexts(ctx: Pick<ApiContext, "db" | "clock" | "log">): Promise<void> {
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

/**
 * Ended jobs beyond their retention: the room's days hold, else the community's, else the pool's. Each community is
 * asked for its oldest, so that what is to be kept is not read again in every round.
 */
async function tooOld({ db, clock }: Pick<ApiContext, "db" | "clock">): Promise<string[]> {
  const rows = await db
    .selectFrom("policy")
    .select(["scope", "value"])
    .where("key", "=", "retention_days")
    .execute();
  if (rows.length === 0) return [];
  const rules = rows.map(({ scope, value }) => {
    const before = typeof value === "number" ? clock() - value * DAY_MS : null;
    return { ...placeOf(scope), before };
  });
  const pool = rules.find(({ level }) => level === "pool")?.before ?? null;
  const own = JSON.stringify(rules.filter(({ level }) => level === "community"));
  const rooms = JSON.stringify(rules.filter(({ level }) => level === "room"));
  const { rows: old } = await sql<{ id: string }>`
    with recursive own as (
      select * from jsonb_to_recordset(${own}::jsonb) as x(community text, before bigint)
    ), room as (
      select * from jsonb_to_recordset(${rooms}::jsonb) as x(community text, room text, before bigint)
    ), known as (
      -- One step through the index for each community, not for each of its jobs.
      (select community from job where ${pool}::bigint is not null and erased_at is null
        and finished_at is not null order by community limit 1)
      union all
      select (select j.community from job j where j.erased_at is null and j.finished_at is not null
        and j.community > k.community order by j.community limit 1)
      from known k where k.community is not null
    ), rule as (
      select community, before from own
      union all
      select community, ${pool}::bigint from known
        where community is not null and community not in (select community from own)
      union all
      select distinct community, null::bigint from room
        where ${pool}::bigint is null and community not in (select community from own)
    )
    select old.id from rule
    left join (select community, max(before) as before from room group by community) rooms using (community)
    cross join lateral (
      select j.id from job j left join room on room.community = j.community and room.room = j.room
      where j.community = rule.community and j.erased_at is null and j.finished_at is not null
        and j.created_at < greatest(rule.before, rooms.before)
        and j.created_at < case when room.room is null then rule.before else room.before end
      order by j.created_at limit ${ERASE_AT_ONCE}) old
    limit ${ERASE_AT_ONCE}`.execute(db);
  return old.map((row) => row.id);
}

/** Jobs that a node answered after their words were to be erased. */
async function erasedTooEarly({ db }: Pick<ApiContext, "db">): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select j.id from job j
    where j.erased_at is not null and j.prompt <> '' and j.state not in ('queued', 'running')
    order by j.id limit ${ERASE_AT_ONCE}`.execute(db);
  return rows.map((row) => row.id);
}

/**
 * Members who had their words erased are forgotten as the askers too, when the day is over: until then their
 * questions count against the day's quota.
 */
async function forgetWho({ db, clock }: Pick<ApiContext, "db" | "clock">): Promise<void> {
  const today = clock() - (clock() % DAY_MS);
  await sql`
    update job set member = 'erased', room = 'erased', request_key = 'erased ' || id::text
    where erased_why = 'member' and member <> 'erased' and erased_at is not null
      and created_at < ${today}::bigint and state not in ('queued', 'running')`.execute(db);
}
