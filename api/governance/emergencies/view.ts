import type { EmergencyView } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import { utc } from "../failures.ts";

/** Emergency acts, newest first; one by id. */
export async function emergencies(db: Database, id?: string): Promise<EmergencyView[]> {
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
    words: words(row.state, row.lapses_at),
    stewards: [row.first_account, ...(row.second_account === null ? [] : [row.second_account])],
    proposedAt: row.proposed_at,
    inForceAt: row.in_force_at,
    lapsesAt: row.lapses_at,
    proposal: row.number,
  }));
}

function words(state: string, lapsesAt: number | null): string {
  switch (state) {
    case "awaiting-second":
      return "Waiting for a second steward.";
    case "in-force":
      return `In force; it lapses at ${utc(lapsesAt ?? 0)} unless members ratify it.`;
    case "ratified":
      return "Ratified by the members; it stays until they revert it.";
    case "lapsed":
      return "Lapsed: members did not ratify it in time.";
    default:
      return "Never in force: no second steward agreed in time.";
  }
}
