import { sql } from "kysely";
import type { ProposalsView } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import { databaseNow } from "../time.ts";
import type { Unspoken } from "../words/speak.ts";
import { type Effect, effectsOf } from "./effect.ts";
import { isObjected } from "./load.ts";
import { type ProposalRow, stateOf, stateWords } from "./state.ts";
import { titleOf } from "./title.ts";

/** Proposals, newest first, at most 50. */
export async function listProposals(
  db: Database,
  query: { readonly state?: "open" | "all"; readonly text?: string; readonly before?: number },
): Promise<Unspoken<ProposalsView["proposals"]>> {
  const now = await databaseNow(db);
  let rows = db.selectFrom("proposal").selectAll().orderBy("number", "desc").limit(50);
  if (query.before !== undefined) rows = rows.where("number", "<", query.before);
  if ((query.state ?? "open") === "open") {
    // What has passed and is about to take effect is still open to a hold. Found first: among all that was ever
    // decided there are few.
    rows = rows.where("id", "in", (db) =>
      db.selectFrom("proposal").select("id").where("closed_at", "is", null).union(
        db
          .selectFrom("effect")
          .select("proposal_id as id")
          // As in the index of what is due: written out, so that it is found to fit.
          .where(sql<boolean>`state in ('waiting', 'held')`),
      ),
    );
  }
  if (query.text !== undefined && query.text.trim() !== "") {
    const pattern = `%${query.text.trim().replace(/[%_\\]/g, "\\$&")}%`;
    rows = rows.where((where) =>
      where.or([
        where("title", "ilike", pattern),
        ...(/^#?\d{1,9}$/.test(query.text ?? "")
          ? [where("number", "=", Number((query.text ?? "").replace("#", "")))]
          : []),
      ]),
    );
  }
  const found = await rows.execute();
  const effects = await effectsOf(
    db,
    found.map(({ id }) => id),
  );
  return Promise.all(
    found.map(async (row) => {
      const effect = effects.get(row.id) ?? null;
      const state = stateOf(row, effect?.state ?? null, await isObjected(db, row), now);
      return {
        number: row.number,
        kind: row.kind,
        title: titleOf(row),
        state,
        stateWords: stateWords(state),
        binding: row.binding,
        nextAt: nextAt(row, effect, state),
      };
    }),
  );
}

function nextAt(row: ProposalRow, effect: Effect | null, state: string): number | null {
  if (state === "seeking-sponsors") return row.created_at + row.terms.sponsorMs;
  if (state === "talk") return row.talk_until;
  if (state === "voting") return row.vote_until;
  if (state === "ratifying") return row.ratify_until;
  return state === "locked" || state === "held" ? (effect?.dueAt ?? null) : null;
}
