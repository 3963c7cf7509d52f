import type { EmergencyView } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import { type Said, say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";

/** Emergency acts, newest first; one by id. */
export async function emergencies(db: Database, id?: string): Promise<Unspoken<EmergencyView>[]> {
  let query = db
    .selectFrom("emergency as e")
    .leftJoin("proposal as p", "p.id", "e.proposal_id")
    .selectAll("e")
    .select("p.number")
    .orderBy("e.proposed_at", "desc")
    .limit(100);
  if (id !== undefined) query = query.where("e.id", "=", id);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    subjectId: row.subject === "member" ? row.subject_name : row.subject_id,
    subjectName: row.subject_name,
    reason: row.reason,
    state: row.state as EmergencyView["state"],
    words: actWords(row.state, row.lapses_at),
    stewards: [row.first_account, ...(row.second_account === null ? [] : [row.second_account])],
    proposedAt: row.proposed_at,
    inForceAt: row.in_force_at,
    lapsesAt: row.lapses_at,
    proposal: row.number,
  }));
}

/** How an emergency act stands. */
export function actWords(written: string, lapsesAt: number | null): Said {
  const state = written as EmergencyView["state"];
  return state === "in-force"
    ? say("act_in-force", { at: { at: lapsesAt ?? 0 } })
    : say(`act_${state}`);
}
