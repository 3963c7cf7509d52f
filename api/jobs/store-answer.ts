import { sql } from "kysely";
import type { EngineDescription } from "../../protocol/wire/gateway.ts";
import type { Check, JobState } from "../../protocol/wire/http.ts";
import type { FinishReason } from "../../protocol/wire/primitives.ts";
import type { Database } from "../storage/open.ts";
import { lostMessage } from "./notices.ts";

/** An accepted answer with its receipt, credit and log leaf. */
export interface AnswerRows {
  readonly job_id: string;
  readonly attempt: number;
  readonly state: Extract<JobState, "done" | "cancelled">;
  readonly now: number;
  readonly text: string;
  readonly finish_reason: FinishReason;
  /** base64. */
  readonly token_ids: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly turns_dropped: number;
  readonly load_ms: number;
  readonly prefill_ms: number;
  readonly generate_ms: number;
  readonly node_key: string;
  readonly node_name: string;
  readonly engine: EngineDescription;
  readonly auditable: boolean;
  readonly answer_sha256: string;
  readonly lineage_digest: string;
  readonly receipt_id: string;
  readonly envelope: string;
  readonly manifest: string;
  readonly checks: readonly Check[];
  readonly leaf: string;
  readonly leaf_salt: string;
}

/**
 * Writes answers in one statement, which is one transaction: job, attempt, result, receipt, credit and log
 * leaf together or not at all. True for each job that this call finished; false where it had ended or moved
 * on before: then nothing of that answer is kept and nobody is credited.
 */
export async function storeAnswers(
  db: Database,
  answers: readonly AnswerRows[],
): Promise<boolean[]> {
  const { rows } = await sql<{ id: string; attempts: number }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(answers)}::jsonb) as x(
        job_id uuid, attempt integer, state text, now bigint, text text, finish_reason text, token_ids text,
        prompt_tokens integer, completion_tokens integer, turns_dropped integer, load_ms integer,
        prefill_ms integer, generate_ms integer, node_key text, node_name text, engine jsonb,
        auditable boolean, answer_sha256 text, lineage_digest text, receipt_id text, envelope text,
        manifest text, checks jsonb, leaf text, leaf_salt text)
    ), finished as (
      update job j set state = i.state, finished_at = i.now, notice = null, node_key = null, replica = null
      from input i
      where j.id = i.job_id and j.attempts = i.attempt and j.state in ('queued', 'running')
      returning j.id, j.attempts
    ), answer as (
      select i.* from input i join finished f on f.id = i.job_id and f.attempts = i.attempt
    ), closed as (
      -- An earlier one may have begun unseen: two replicas took the job in the same moment.
      update attempt a set ended_at = i.now,
        code = case when a.n = i.attempt then 'answered' else 'pool_restarted' end,
        message = case when a.n < i.attempt then ${lostMessage("pool_restarted", "")} end
      from answer i where a.job_id = i.job_id and (a.n = i.attempt or a.ended_at is null)
    ), stored as (
      insert into result (job_id, text, finish_reason, token_ids, prompt_tokens, completion_tokens,
        turns_dropped, load_ms, prefill_ms, generate_ms, node_key, node_name, engine, auditable,
        answer_sha256, lineage_digest, created_at)
      select job_id, text, finish_reason, decode(token_ids, 'base64'), prompt_tokens, completion_tokens,
        turns_dropped, load_ms, prefill_ms, generate_ms, node_key, node_name, engine, auditable,
        answer_sha256, lineage_digest, now from answer
      on conflict do nothing
    ), signed as (
      insert into receipt (job_id, role, id, envelope, manifest, node_key, checks, leaf, leaf_salt, received_at)
      select job_id, 'generate', receipt_id, envelope, manifest, node_key, checks, leaf, leaf_salt, now
      from answer
      on conflict do nothing
      returning leaf, received_at
    ), credited as (
      insert into credit (job_id, node_key, amount, created_at)
      select job_id, node_key, completion_tokens, now from answer
      on conflict do nothing
    ), logged as (
      insert into log_leaf (kind, commitment, created_at)
      select 'answer', leaf, received_at from signed
      on conflict do nothing
    )
    select id, attempts from finished`.execute(db);
  return answers.map((answer) =>
    rows.some((row) => row.id === answer.job_id && row.attempts === answer.attempt),
  );
}
