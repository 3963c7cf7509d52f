import type { EffectView } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import type { EffectState } from "../tables.ts";
import type { Unspoken } from "../words/speak.ts";

/** What a passed proposal does or did, before it is read. */
export type Effect = Unspoken<EffectView> & { readonly state: EffectState };

/** Null where nothing is to take effect. */
export async function effectOf(db: Database, proposalId: string): Promise<Effect | null> {
  const row = await db
    .selectFrom("effect")
    .selectAll()
    .where("proposal_id", "=", proposalId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { state, words, due_at, done_at, action, inverse } = row;
  return { state, words, dueAt: due_at, doneAt: done_at, action, inverse: inverse ?? null };
}
