import { sql } from "kysely";
import type { CommunityNode } from "../../protocol/wire/moderation.ts";
import type { ApiContext } from "../context.ts";
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
): Promise<CommunityNode[]> {
  const { ctx, directory } = parts;
  const now = ctx.clock();
  const { rows } = await sql<{
    key_id: string;
    name: string;
    last_seen_at: number;
    trust: "own" | "trusted" | null;
    standings: StandingRow[];
    running: number;
    last_day: number;
  }>`
    select n.key_id, n.name, n.last_seen_at, t.class as trust,
      coalesce((select json_agg(s order by s.scope) from node_standing s
        where s.node_key = n.key_id and s.scope in (${EVERYWHERE}, ${community})), '[]') as standings,
      (select count(*) from job j where j.state = 'running' and j.node_key = n.key_id
        and j.community = ${community}) as running,
      (select count(*) from result r join job j on j.id = r.job_id
        where r.created_at > ${now - DAY_MS}::bigint and r.node_key = n.key_id
          and j.community = ${community}) as last_day
    from node n left join node_trust t on t.node_key = n.key_id and t.community = ${community}
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
