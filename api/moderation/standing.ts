import type {
  NodeStandings,
  Standing,
  StandingRequest,
  TrustClass,
} from "../../protocol/wire/moderation.ts";
import { becauseWords, setterWords } from "../governance/kinds/standing-words.ts";
import type { Unspoken } from "../governance/words/speak.ts";
import type { Database } from "../storage/open.ts";
import { moderationFailures } from "./failures.ts";
import { inForce, type StandingRow } from "./node-rules.ts";

/** Pauses, drains or bars a node for a community, or (`*`) for the pool. Throws ApiFailure. */
export async function setStanding(
  db: Database,
  nodeKey: string,
  {
    actor,
    scope,
    state,
    reason,
    until = null,
  }: Omit<StandingRequest, "until"> & { until?: number | null },
  now: number,
): Promise<void> {
  if (until !== null && until <= now) throw moderationFailures.untilPast();
  await requireNode(db, nodeKey);
  const decided = { state, reason, set_by: actor.account, set_at: now, until };
  await db
    .insertInto("node_standing")
    .values({ node_key: nodeKey, scope, ...decided })
    .onConflict((conflict) => conflict.columns(["node_key", "scope"]).doUpdateSet(decided))
    .execute();
}

/** Lets a node work again. Throws ApiFailure `node_unknown` or `no_standing`. */
export async function liftStanding(db: Database, nodeKey: string, scope: string): Promise<void> {
  await requireNode(db, nodeKey);
  const lifted = await db
    .deleteFrom("node_standing")
    .where("node_key", "=", nodeKey)
    .where("scope", "=", scope)
    .executeTakeFirst();
  if (lifted.numDeletedRows === 0n) throw moderationFailures.noStanding();
}

/** Says how far a community trusts a node. Throws ApiFailure `node_unknown`. */
export async function setTrust(
  db: Database,
  nodeKey: string,
  community: string,
  trust: TrustClass,
  now: number,
): Promise<void> {
  await requireNode(db, nodeKey);
  if (trust === "open") {
    await db
      .deleteFrom("node_trust")
      .where("node_key", "=", nodeKey)
      .where("community", "=", community)
      .execute();
    return;
  }
  await db
    .insertInto("node_trust")
    .values({ node_key: nodeKey, community, class: trust, since: now })
    .onConflict((conflict) =>
      conflict.columns(["node_key", "community"]).doUpdateSet({ class: trust, since: now }),
    )
    .execute();
}

/** What holds for one node now. Throws ApiFailure `node_unknown`. */
export async function nodeStandings(
  db: Database,
  nodeKey: string,
  now: number,
): Promise<Unspoken<NodeStandings>> {
  const name = await requireNode(db, nodeKey);
  const [standings, trust] = await Promise.all([
    db.selectFrom("node_standing").selectAll().where("node_key", "=", nodeKey).execute(),
    db.selectFrom("node_trust").selectAll().where("node_key", "=", nodeKey).execute(),
  ]);
  return {
    keyId: nodeKey,
    name,
    standings: standings.filter((row) => inForce(row, now)).map(standingView),
    trust: trust.map((row) => ({ community: row.community, class: row.class })),
  };
}

/** A standing before it is read: what votes and stewards set is in the reader's words. */
export function standingView({
  scope,
  state,
  reason,
  set_by,
  set_at,
  until,
}: StandingRow): Unspoken<Standing> {
  const words = { reason: becauseWords(reason, set_by), by: setterWords(set_by) };
  return { scope, state, ...words, at: set_at, until };
}

async function requireNode(db: Database, nodeKey: string): Promise<string> {
  const node = await db
    .selectFrom("node")
    .select("name")
    .where("key_id", "=", nodeKey)
    .executeTakeFirst();
  if (node === undefined) throw moderationFailures.nodeUnknown();
  return node.name;
}
