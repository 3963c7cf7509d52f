import { sql } from "kysely";
import type { Database } from "../storage/open.ts";

/** What a node has earned: one entry per accepted receipt, its amount the completion tokens. */
export interface Earned {
  readonly nodeKeyId: string;
  readonly answers: number;
  readonly tokens: number;
}

/**
 * Credits written since a time, per node. Entries are made with the answer, in one transaction and at most once
 * a job (api/jobs/store-answer.ts), and are never changed: credits cannot be bought or handed on.
 */
export async function earnedSince(db: Database, since: number): Promise<Earned[]> {
  const { rows } = await sql<Earned>`
    select node_key as "nodeKeyId", count(*) as answers, sum(amount)::bigint as tokens
    from credit where created_at > ${since}::bigint group by node_key`.execute(db);
  return rows;
}
