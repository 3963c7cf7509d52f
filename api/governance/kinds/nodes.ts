import { governanceFailures } from "../failures.ts";
import {
  type EffectContext,
  field,
  fieldValue,
  type Kind,
  type KindContext,
  Stale,
} from "./kind.ts";

const FIELDS = [field("node", "Node", "node")];

/** A pool-wide standing as it was; null: none. */
type StandingBefore = {
  readonly state: "paused" | "draining" | "barred";
  readonly reason: string;
  readonly set_by: string;
  readonly set_at: number;
  readonly until: number | null;
} | null;

export const nodeAdmitKind: Kind<"node.admit"> = {
  kind: "node.admit",
  title: "Admit a node",
  words: "Lets a machine that was barred work for the pool again.",
  fields: FIELDS,
  types: ["node.admit"],
  type: () => "node.admit",
  async draft(values, context) {
    const node = await readNode(values, context);
    const standing = await standingOf(context.db, node.key_id);
    if (standing === null) {
      throw governanceFailures.nothingChanges(`${node.name} may work for the pool already.`);
    }
    return {
      action: { kind: "node.admit", node: node.key_id, name: node.name },
      title: `Admit the node ${node.name}`,
      changes: [{ what: `Node ${node.name}`, now: words(standing), becomes: words(null) }],
      expected: standing.state,
    };
  },
  apply: ({ node }, expected, context) => change(node, expected, null, context),
  undo: ({ node }, inverse, context) => putBack(node, inverse, null, context),
};

export const nodeBarKind: Kind<"node.bar"> = {
  kind: "node.bar",
  title: "Bar a node",
  words: "A machine works for the pool no more; answers it is writing move on.",
  fields: FIELDS,
  types: ["pool.policy"],
  type: () => "pool.policy",
  async draft(values, context) {
    const node = await readNode(values, context);
    const standing = await standingOf(context.db, node.key_id);
    if (standing?.state === "barred" && standing.until === null) {
      throw governanceFailures.nothingChanges(`${node.name} is barred already.`);
    }
    return {
      action: { kind: "node.bar", node: node.key_id, name: node.name },
      title: `Bar the node ${node.name}`,
      changes: [{ what: `Node ${node.name}`, now: words(standing), becomes: "barred" }],
      expected: standing?.state ?? null,
    };
  },
  apply: ({ node }, expected, context) => change(node, expected, "barred", context),
  undo: ({ node }, inverse, context) => putBack(node, inverse, "barred", context),
};

/** Sets or lifts a pool-wide standing and returns what was there. */
export async function change(
  node: string,
  expected: unknown,
  state: "barred" | null,
  context: EffectContext,
  more: { reason?: string; by?: string; until?: number | null } = {},
): Promise<StandingBefore> {
  const { trx, now, number } = context;
  const before = await standingOf(trx, node);
  if ((before?.state ?? null) !== (expected ?? null)) {
    throw new Stale(`the node is ${words(before)} now`);
  }
  await trx
    .deleteFrom("node_standing")
    .where("node_key", "=", node)
    .where("scope", "=", "*")
    .execute();
  if (state !== null) {
    await trx
      .insertInto("node_standing")
      .values({
        node_key: node,
        scope: "*",
        state,
        reason: more.reason ?? `decided by the members in proposal ${number}`,
        set_by: more.by ?? `proposal ${number}`,
        set_at: now,
        until: more.until ?? null,
      })
      .execute();
  }
  return before;
}

/** Undoes `change`. */
export async function putBack(
  node: string,
  inverse: unknown,
  set: "barred" | null,
  { trx }: EffectContext,
): Promise<void> {
  const present = await standingOf(trx, node);
  if ((present?.state ?? null) !== set) throw new Stale(`the node is ${words(present)} now`);
  await trx
    .deleteFrom("node_standing")
    .where("node_key", "=", node)
    .where("scope", "=", "*")
    .execute();
  const before = inverse as StandingBefore;
  if (before !== null) {
    await trx
      .insertInto("node_standing")
      .values({ node_key: node, scope: "*", ...before })
      .execute();
  }
}

async function standingOf(db: KindContext["db"], node: string): Promise<StandingBefore> {
  const row = await db
    .selectFrom("node_standing")
    .select(["state", "reason", "set_by", "set_at", "until"])
    .where("node_key", "=", node)
    .where("scope", "=", "*")
    .executeTakeFirst();
  return row ?? null;
}

/** A node by key id or name. */
export async function readNode(
  values: Readonly<Record<string, string>>,
  { db }: Pick<KindContext, "db">,
): Promise<{ key_id: string; name: string }> {
  const written = fieldValue(FIELDS, values, "node");
  const rows = await db
    .selectFrom("node")
    .select(["key_id", "name"])
    .where((where) => where.or([where("key_id", "=", written), where("name", "=", written)]))
    .execute();
  const exact = rows.find((row) => row.key_id === written) ?? rows[0];
  if (exact === undefined) {
    throw governanceFailures.field("Node", `the pool knows no node “${written.slice(0, 60)}”.`);
  }
  if (rows.length > 1 && exact.key_id !== written) {
    throw governanceFailures.field(
      "Node",
      `${rows.length} nodes are called so. Write the key id: ${rows.map((row) => row.key_id).join(" or ")}.`,
    );
  }
  return exact;
}

function words(standing: StandingBefore): string {
  return standing === null ? "may work" : `${standing.state} (${standing.reason})`;
}
