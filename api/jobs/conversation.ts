import { sql } from "kysely";
import type { ChatMessage } from "../../protocol/wire/primitives.ts";
import type { Database } from "../storage/open.ts";
import type { JobRow } from "./insert.ts";

/** What must be known of a job before a node is chosen for it. */
export interface LeaseCandidate extends JobRow {
  /** Nodes that had it and did not answer, with the time they lost it. */
  readonly tried: readonly { node_key: string; ended_at: number }[];
  /** Prompt and answer of every ancestor, oldest first. */
  readonly turns: readonly { prompt: string; text: string }[];
}

/** Ancestors further back than this are left out; a node drops what its context cannot hold anyway. */
const MAX_TURNS = 200;

/** Loads a job with its conversation; null when its row is gone. */
export async function loadCandidate(db: Database, id: string): Promise<LeaseCandidate | null> {
  const { rows } = await sql<LeaseCandidate>`
    with recursive ancestor as (
      select j.continues as id, 1 as depth from job j where j.id = ${id}::uuid and j.continues is not null
      union all
      select p.continues, a.depth + 1 from ancestor a join job p on p.id = a.id
      where p.continues is not null and a.depth < ${MAX_TURNS}
    )
    select j.*,
      coalesce((select json_agg(json_build_object('node_key', t.node_key, 'ended_at', t.ended_at))
        from attempt t where t.job_id = j.id and t.ended_at is not null), '[]') as tried,
      coalesce((select json_agg(json_build_object('prompt', p.prompt, 'text', r.text) order by a.depth desc)
        from ancestor a join job p on p.id = a.id join result r on r.job_id = a.id), '[]') as turns
    from job j where j.id = ${id}::uuid`.execute(db);
  return rows[0] ?? null;
}

/** The messages a node is given: system prompt, every turn of the conversation, then the new question. */
export function messagesOf(candidate: LeaseCandidate, systemPrompt: string | null): ChatMessage[] {
  const messages: ChatMessage[] = [];
  if (systemPrompt !== null) messages.push({ role: "system", content: systemPrompt });
  for (const { prompt, text } of candidate.turns) {
    messages.push({ role: "user", content: prompt }, { role: "assistant", content: text });
  }
  messages.push({ role: "user", content: candidate.prompt });
  return messages;
}
