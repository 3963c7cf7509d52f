import { type Selectable, sql } from "kysely";
import type { Answer, Job, LostAttempt } from "../../protocol/wire/http.ts";
import type { Lineage } from "../../protocol/wire/lineage.ts";
import type { Database } from "../storage/open.ts";
import type { ReceiptTable, ResultTable } from "../storage/tables.ts";
import type { JobRow } from "./insert.ts";
import type { Lease } from "./lease.ts";
import type { Places, Standing } from "./place.ts";
import type { AnswerRows } from "./store-answer.ts";

type Found = JobRow & {
  lost: LostAttempt[];
  node_name: string | null;
  result:
    | (Pick<
        Selectable<ResultTable>,
        | "text"
        | "finish_reason"
        | "prompt_tokens"
        | "completion_tokens"
        | "turns_dropped"
        | "generate_ms"
        | "node_key"
        | "node_name"
        | "auditable"
      > & { lineage: Pick<Lineage, "line">; receipt_id: Selectable<ReceiptTable>["id"] })
    | null;
};

export type LoadJob = (id: string) => Promise<{ job: Job; row: JobRow } | null>;

/** A job as callers see it, and its row; null when there is none. */
export async function loadJob(
  db: Database,
  id: string,
  places: Places,
): Promise<{ job: Job; row: JobRow } | null> {
  const { rows } = await sql<Found>`
    select j.*,
      coalesce((select json_agg(json_build_object(
          'attempt', a.n, 'code', a.code, 'message', a.message,
          'node', json_build_object('keyId', a.node_key, 'name', a.node_name, 'role', 'generate')) order by a.n)
        from attempt a where a.job_id = j.id and a.code <> 'answered'), '[]') as lost,
      (select a.node_name from attempt a where a.job_id = j.id and a.n = j.attempts) as node_name,
      (select json_build_object(
          'text', r.text, 'finish_reason', r.finish_reason, 'prompt_tokens', r.prompt_tokens,
          'completion_tokens', r.completion_tokens, 'turns_dropped', r.turns_dropped,
          'generate_ms', r.generate_ms, 'node_key', r.node_key, 'node_name', r.node_name,
          'auditable', r.auditable, 'lineage', b.lineage, 'receipt_id', c.id)
        from result r join receipt c on c.job_id = r.job_id and c.role = 'generate'
        join bom b on b.digest = r.lineage_digest where r.job_id = j.id) as result
    from job j where j.id = ${id}::uuid`.execute(db);
  const found = rows[0];
  if (found === undefined) return null;
  return { job: jobView(found, await standingIn(places, found)), row: found };
}

/** The view of a job that was written just now: nobody has worked on it. */
export async function viewOfFresh(row: JobRow, places: Places): Promise<Job> {
  const place = await standingIn(places, row);
  return jobView({ ...row, lost: [], node_name: null, result: null }, place);
}

/** The view of a job whose answer was stored just now; null where its earlier attempts have to be read first. */
export function viewOfAnswered(
  { row, attempt, lineageLine }: Lease,
  stored: AnswerRows,
): Job | null {
  if (attempt > 1) return null;
  const { receipt_id, state } = stored;
  const result = { ...stored, lineage: { line: lineageLine }, receipt_id };
  return jobView({ ...row, state, notice: null, lost: [], node_name: null, result }, null);
}

/** Null unless the job waits. */
async function standingIn(places: Places, row: JobRow): Promise<Standing | null> {
  if (row.state !== "queued") return null;
  const [place] = await places.of([row]);
  return place ?? null;
}

function jobView(found: Found, place: Standing | null): Job {
  const model = { sha256: found.model_sha256, name: found.model_name };
  return {
    id: found.id,
    state: found.state,
    community: found.community,
    member: found.member,
    room: found.room,
    createdAt: found.created_at,
    model,
    seedCommitment: found.seed_commitment,
    continues: found.continues,
    ahead: place?.ahead ?? null,
    etaMs: place?.etaMs ?? null,
    node:
      found.state === "running" && found.node_key !== null
        ? { keyId: found.node_key, name: found.node_name ?? "", role: "generate" }
        : null,
    lostAttempts: found.lost,
    answer: found.result === null ? null : answerView(found.result, model),
    notice: found.notice ?? place?.notice ?? null,
    ...(found.private ? { private: true } : {}),
    ...(found.privacy === "open" ? {} : { privacy: found.privacy }),
    ...(found.erased_at === null ? {} : { erasedAt: found.erased_at }),
  };
}

function answerView(result: NonNullable<Found["result"]>, model: Answer["model"]): Answer {
  return {
    text: result.text,
    finishReason: result.finish_reason,
    promptTokens: result.prompt_tokens,
    completionTokens: result.completion_tokens,
    tokensPerSecond:
      result.generate_ms === 0
        ? 0
        : Math.round((result.completion_tokens / result.generate_ms) * 10_000) / 10,
    turnsDropped: result.turns_dropped,
    nodes: [{ keyId: result.node_key, name: result.node_name, role: "generate" }],
    model,
    lineageLine: result.lineage.line,
    receiptId: result.receipt_id,
    auditable: result.auditable,
  };
}
