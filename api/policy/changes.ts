import { sql } from "kysely";
import type { PolicyChangeEntry } from "../../protocol/wire/policy.ts";
import type { Database } from "../storage/open.ts";
import { communityScope, POOL_SCOPE, placeOf, roomScope } from "./scope.ts";

const AT_MOST = 200;

/** Changes made in a community and its rooms, or (null) for the whole pool; newest first. */
export async function policyChanges(
  db: Database,
  community: string | null,
): Promise<PolicyChangeEntry[]> {
  const scope = community === null ? POOL_SCOPE : communityScope(community);
  // `room:<community>/` and whatever room follows.
  const rooms = community === null ? null : roomScope(community, "");
  const rows = await db
    .selectFrom("policy_change")
    .selectAll()
    .where((where) =>
      where.or([
        where("scope", "=", scope),
        ...(rooms === null ? [] : [sql<boolean>`starts_with(scope, ${rooms})`]),
      ]),
    )
    .orderBy("id", "desc")
    .limit(AT_MOST)
    .execute();
  return rows.map((row): PolicyChangeEntry => {
    const { level, room } = placeOf(row.scope);
    const { key, old_value: from, new_value: to, set_by: by, set_at: at } = row;
    return { level, room, key, from, to, by, at };
  });
}
