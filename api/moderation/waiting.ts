import { sql } from "kysely";
import type { LostAttempt } from "../../protocol/wire/http.ts";
import type { Failures, Waiting } from "../../protocol/wire/moderation.ts";
import type { JobRow } from "../jobs/insert.ts";
import type { Places } from "../jobs/place.ts";
import type { Database } from "../storage/open.ts";

const AT_MOST = 100;
const DAY_MS = 86_400_000;

/** GET /v1/communities/:id/waiting: who waits, since when, behind how many, and why. No prompts. */
export async function waitingJobs(
  db: Database,
  places: Places,
  community: string,
): Promise<Waiting> {
  const { rows } = await sql<JobRow & { total: number }>`
    select j.*, count(*) over () as total from job j
    where j.state = 'queued' and j.community = ${community}
    order by j.created_at, j.id limit ${AT_MOST}`.execute(db);
  const standings = await places.of(rows);
  return {
    total: rows[0]?.total ?? 0,
    jobs: rows.map((row, i) => ({
      id: row.id,
      member: row.member,
      room: row.room,
      model: { sha256: row.model_sha256, name: row.model_name },
      askedAt: row.created_at,
      expiresAt: row.expires_at,
      ahead: standings[i]?.ahead ?? 0,
      etaMs: standings[i]?.etaMs ?? null,
      notice: standings[i]?.notice?.message ?? null,
    })),
  };
}

/** GET /v1/communities/:id/failures: what had no answer in the last 24 hours, and why. No prompts. */
export async function failedJobs(db: Database, community: string, now: number): Promise<Failures> {
  const { rows } = await sql<JobRow & { total: number; lost: LostAttempt[] }>`
    select j.*, count(*) over () as total,
      coalesce((select json_agg(json_build_object('attempt', a.n, 'code', a.code, 'message', a.message,
          'node', json_build_object('keyId', a.node_key, 'name', a.node_name, 'role', 'generate')) order by a.n)
        from attempt a where a.job_id = j.id and a.code <> 'answered'), '[]') as lost
    from job j
    where j.finished_at > ${now - DAY_MS}::bigint and j.state in ('failed', 'expired')
      and j.community = ${community}
    order by j.finished_at desc, j.id limit ${AT_MOST}`.execute(db);
  return {
    total: rows[0]?.total ?? 0,
    jobs: rows.map((row) => ({
      id: row.id,
      state: row.state,
      member: row.member,
      room: row.room,
      model: { sha256: row.model_sha256, name: row.model_name },
      askedAt: row.created_at,
      endedAt: row.finished_at ?? row.created_at,
      notice: row.notice,
      attempts: row.lost,
    })),
  };
}
