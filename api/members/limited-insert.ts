import { sql } from "kysely";
import { findByRequestKeys, type Inserted, insertJobs, type NewJob } from "../jobs/insert.ts";
import type { Database } from "../storage/open.ts";
import { personOf } from "./person.ts";
import { QuotaReached, type QuotaRule, quotaView, type Used, usedToday } from "./quota.ts";

/** A question where a limit holds. */
export interface LimitedJob {
  readonly job: NewJob;
  readonly rule: QuotaRule;
}

/**
 * Writes questions within their askers' quotas, one transaction for all. Persons are locked first, so that of
 * several questions at once only as many pass as are left, whichever replica and account they come by. A
 * question asked before (same community and requestKey) gives that job and costs nothing.
 */
export async function insertWithinQuota(
  db: Database,
  limited: readonly LimitedJob[],
  now: number,
): Promise<(Inserted | QuotaReached)[]> {
  const persons: string[] = [];
  for (const { job } of limited) persons.push(await personOf(db, job.member, now));
  return db.transaction().execute(async (trx) => {
    // In one order, so that two batches never wait for each other.
    const locks = JSON.stringify([...new Set(persons)].sort());
    await sql`
      select pg_advisory_xact_lock(hashtextextended('quota ' || person, 0))
      from jsonb_array_elements_text(${locks}::jsonb) with ordinality as p(person, ord)`.execute(
      trx,
    );
    const earlier = await findByRequestKeys(
      trx,
      limited.map(({ job }) => job),
    );
    const known = new Map(earlier.map((row) => [keyOf(row), row]));
    const used = await usedToday(
      trx,
      limited.map(({ rule }, i) => ({ person: persons[i] as string, community: rule.community })),
      now,
    );
    const refused = refuse(limited, persons, used, new Set(known.keys()), now);
    const passed = limited.filter((_, i) => refused[i] === null).map(({ job }) => job);
    const inserted = passed.length === 0 ? [] : await insertJobs(trx, passed);
    return refused.map((refusal) => refusal ?? (inserted.shift() as Inserted));
  });
}

/** Whom the limit stops, in the order they asked. Pure. */
function refuse(
  limited: readonly LimitedJob[],
  persons: readonly string[],
  used: readonly Used[],
  known: ReadonlySet<string>,
  now: number,
): (QuotaReached | null)[] {
  const more = new Map<string, number>();
  const seen = new Set(known);
  return limited.map(({ job, rule }, i) => {
    // A retry is the same question; one that fails at once is no question at all.
    if (seen.has(keyOf(job)) || job.state === "failed") return null;
    const counter = JSON.stringify([persons[i], rule.community]);
    const before = more.get(counter) ?? 0;
    const { used: counted, bonus } = used[i] as Used;
    const quota = quotaView(rule, { used: counted + before, bonus }, now);
    if (quota.left === 0) return new QuotaReached(quota, now);
    more.set(counter, before + 1);
    seen.add(keyOf(job));
    return null;
  });
}

function keyOf({ community, request_key }: Pick<NewJob, "community" | "request_key">): string {
  return JSON.stringify([community, request_key]);
}
