import { sql } from "kysely";
import type { Quota } from "../../protocol/wire/members.ts";
import { ApiFailure } from "../errors.ts";
import type { EffectivePolicy } from "../policy/effective.ts";
import { placeOf } from "../policy/scope.ts";
import type { Database } from "../storage/open.ts";

const DAY_MS = 86_400_000;
/** Answers of a person's own machines beyond this add nothing more. */
const MOST_BONUS = 100_000;

/** A limit as it holds where somebody asks. */
export interface QuotaRule {
  /** Questions a day; null: no limit. */
  readonly limit: number | null;
  /** Whose questions of a person are counted: those in this community, or (null) in the whole pool. */
  readonly community: string | null;
}

/**
 * The limit of a place. It is counted where it was set: the pool's over all communities, a community's or a
 * room's over that community (a thread is a room of its own, so a room alone could be walked around).
 */
export function quotaRule({ values, quotaScope }: EffectivePolicy): QuotaRule {
  const community = quotaScope === null ? null : placeOf(quotaScope).community;
  return { limit: values.quota_per_day, community };
}

/** The UTC day that a time belongs to, in milliseconds since the epoch. */
export function dayOf(now: number): { readonly begin: number; readonly end: number } {
  const begin = now - (now % DAY_MS);
  return { begin, end: begin + DAY_MS };
}

export interface Used {
  readonly used: number;
  readonly bonus: number;
}

/**
 * What persons have asked today, over all their accounts, and what their machines have earned them. Questions
 * that failed, expired or were stopped before an answer began do not count. In the order of `asked`.
 */
export async function usedToday(
  db: Database,
  asked: readonly { person: string; community: string | null }[],
  now: number,
): Promise<Used[]> {
  const input = JSON.stringify(
    asked.map(({ person, community }, ord) => ({ ord, person, community })),
  );
  const { rows } = await sql<Used>`
    select
      (select count(*) from account a join job j on j.member = a.account
        where a.person_id = x.person and j.created_at >= ${dayOf(now).begin}::bigint
          and (x.community is null or j.community = x.community)
          and j.state not in ('failed', 'expired')
          and not (j.state = 'cancelled' and j.started_at is null)) as used,
      (select count(*) from (
        select 1 from node_owner o join credit c on c.node_key = o.node_key
        where o.person_id = x.person and c.created_at > ${now - DAY_MS}::bigint
        limit ${MOST_BONUS}) answers) as bonus
    from jsonb_to_recordset(${input}::jsonb) as x(ord integer, person uuid, community text)
    order by x.ord`.execute(db);
  return rows;
}

/** A quota as its owner sees it. Pure. */
export function quotaView(rule: QuotaRule, { used, bonus }: Used, now: number): Quota {
  const { limit } = rule;
  return {
    limit,
    bonus,
    used,
    left: limit === null ? null : Math.max(0, limit + bonus - used),
    resetsAt: dayOf(now).end,
  };
}

/** Somebody has asked all they may today. */
export class QuotaReached extends ApiFailure {
  constructor({ limit, bonus, resetsAt }: Quota, now: number) {
    const earned = bonus === 0 ? "" : ` and the ${bonus} your machines have earned you`;
    super(
      429,
      "quota_reached",
      `You have asked the ${limit} questions a day that everyone has here${earned}. The next day begins at ` +
        `${new Date(resetsAt).toISOString().slice(0, 16).replace("T", " ")} UTC; running a node of your own gives you more at once.`,
      Math.ceil((resetsAt - now) / 1000),
      { resetsAt },
    );
  }
}
