import { sql } from "kysely";
import type { CommunityNode } from "../../protocol/wire/moderation.ts";
import type { ApiContext } from "../context.ts";
import type { Unspoken } from "../governance/words/speak.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import { EVERYWHERE, inForce, type StandingRow } from "./node-rules.ts";
import { standingView } from "./standing.ts";

const DAY_MS = 86_400_000;
/** Nodes away for longer are listed only where something is decided about them. */
const LISTED_MS = 7 * DAY_MS;

/** GET /v1/communities/:id/nodes: every node of the pool as this community sees it. */
export async function communityNodes(
  parts: { ctx: ApiContext; directory: NodeDirectory },
  community: string,
): Promise<Unspoken<CommunityNode>[]> {
  const { ctx, directory } = parts;
  const now = ctx.clock();
  // Whoever was answered within the day asked at most so long before.
  const askedAfter = now - DAY_MS - ctx.settings.waitLimitMs - ctx.settings.jobLimitMs;
  const { rows } = await sql<{
    key_id: string;
    name: string;
    last_seen_at: number;
    trust: "own" | "trusted" | null;
    standings: StandingRow[];
    running: number;
    last_day: number;
  }>`
    with running as (
      select node_key, count(*) as jobs from job where state = 'running' and community = ${community}
      group by node_key
    ), answered as (
      select r.node_key, count(*) as jobs from job j join result r on r.job_id = j.id
      where j.community = ${community} and j.erased_at is null and j.finished_at is not null
        and j.created_at > ${askedAfter}::bigint and r.created_at > ${now - DAY_MS}::bigint
      group by r.node_key
    )
    select n.key_id, n.name, n.last_seen_at, t.class as trust,
      coalesce((select json_agg(s order by s.scope) from node_standing s
        where s.node_key = n.key_id and s.scope in (${EVERYWHERE}, ${community})), '[]') as standings,
      coalesce(running.jobs, 0) as running, coalesce(answered.jobs, 0) as last_day
    from node n left join running on running.node_key = n.key_id
    left join answered on answered.node_key = n.key_id left join node_trust t on t.node_key = n.key_id and t.community = ${community}
    where n.last_seen_at > ${now - LISTED_MS}::bigint or t.class is not null or exists (
      select 1 from node_standing s where s.node_key = n.key_id and s.scope in (${EVERYWHERE}, ${community}))
    order by n.name, n.key_id`.execute(ctx.db);
  const online = new Set(directory.online().map((node) => node.keyId));
  return rows.map((row) => ({
    keyId: row.key_id,
    name: row.name,
    online: online.has(row.key_id),
    trust: row.trust ?? "open",
    standings: row.standings.filter((standing) => inForce(standing, now)).map(standingView),
    running: row.running,
    lastDay: row.last_day,
    lastSeenAt: row.last_seen_at,
  }));
}
