import type { EffectView } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import type { EffectState } from "../tables.ts";
import type { Unspoken } from "../words/speak.ts";

/** What a passed proposal does or did, before it is read. */
export type Effect = Unspoken<EffectView> & { readonly state: EffectState };

/** Null where nothing is to take effect. */
export async function effectOf(db: Database, proposalId: string): Promise<Effect | null> {
  return (await effectsOf(db, [proposalId])).get(proposalId) ?? null;
}

/** By proposal, of those that have one. */
export async function effectsOf(
  db: Database,
  proposalIds: readonly string[],
): Promise<ReadonlyMap<string, Effect>> {
  if (proposalIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("effect")
    .selectAll()
    .where("proposal_id", "in", proposalIds)
    .execute();
  return new Map(
    rows.map(({ proposal_id, state, words, due_at, done_at, action, inverse }) => [
      proposal_id,
      { state, words, dueAt: due_at, doneAt: done_at, action, inverse: inverse ?? null },
    ]),
  );
}
