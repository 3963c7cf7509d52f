import { governanceFailures } from "../failures.ts";
import { each, type Said, say } from "../words/say.ts";
import {
  type EffectContext,
  field,
  fieldValue,
  type Kind,
  type KindContext,
  Stale,
} from "./kind.ts";
import { becauseWords } from "./standing-words.ts";

const FIELDS = [field("node", say("field_node"), "node")];

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
  fields: FIELDS,
  types: ["node.admit"],
  type: () => "node.admit",
  async draft(values, context) {
    const node = await readNode(values, context);
    const standing = await standingOf(context.db, node.key_id);
    if (standing === null) {
      throw governanceFailures.nothingChanges(say("same_node_works", { name: node.name }));
    }
    return {
      action: { kind: "node.admit", node: node.key_id, name: node.name },
      title: say("title_node_admit", { name: node.name }),
      changes: [
        {
          what: say("change_node", { name: node.name }),
          now: standingWords(standing),
          becomes: standingWords(null),
        },
      ],
      expected: standing.state,
    };
  },
  apply: ({ node }, expected, context) => change(node, expected, null, context),
  undo: ({ node }, inverse, context) => putBack(node, inverse, null, context),
};

export const nodeBarKind: Kind<"node.bar"> = {
  kind: "node.bar",
  fields: FIELDS,
  types: ["pool.policy"],
  type: () => "pool.policy",
  async draft(values, context) {
    const node = await readNode(values, context);
    const standing = await standingOf(context.db, node.key_id);
    if (standing?.state === "barred" && standing.until === null) {
      throw governanceFailures.nothingChanges(say("same_node_barred", { name: node.name }));
    }
    return {
      action: { kind: "node.bar", node: node.key_id, name: node.name },
      title: say("title_node_bar", { name: node.name }),
      changes: [
        {
          what: say("change_node", { name: node.name }),
          now: standingWords(standing),
          becomes: say("node_barred"),
        },
      ],
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
    throw new Stale(say("stale_node", { state: standingWords(before) }));
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
  if ((present?.state ?? null) !== set) {
    throw new Stale(say("stale_node", { state: standingWords(present) }));
  }
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
    const name = written.slice(0, 60);
    throw governanceFailures.field(say("field_node"), say("why_no_node", { name }));
  }
  if (rows.length > 1 && exact.key_id !== written) {
    throw governanceFailures.field(
      say("field_node"),
      say("why_several_nodes", {
        count: rows.length,
        ids: each(
          rows.map((row) => row.key_id),
          "or",
        ),
      }),
    );
  }
  return exact;
}

function standingWords(standing: StandingBefore): Said {
  if (standing === null) return say("node_works");
  const { state, reason, set_by } = standing;
  return say("node_because", { state: say(`node_${state}`), reason: becauseWords(reason, set_by) });
}
