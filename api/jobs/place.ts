import { sql } from "kysely";
import type { JobState } from "../../protocol/wire/http.ts";
import type { Database } from "../storage/open.ts";
import type { Notice } from "../storage/tables.ts";
import { notices } from "./notices.ts";

/** Where a job stands; `ahead` only counts while it waits. */
export interface Place {
  readonly id: string;
  readonly state: JobState;
  readonly modelSha256: string;
  readonly modelName: string;
  readonly ahead: number;
  /** Milliseconds one recent answer of the same queue took; null when there is none. */
  readonly medianMs: number | null;
}

/** What a waiting asker is told. */
export interface Standing {
  readonly ahead: number;
  readonly etaMs: number | null;
  /** Set while no machine that could answer is online. */
  readonly notice: Notice | null;
}

/** What is known of who could answer. */
export interface Outlook {
  /** Answers that can be written at once with this model, on all nodes online. */
  slots(modelSha256: string): number;
  /** How long a job is kept. */
  readonly waitLimitMs: number;
}

/** Answers of a queue that its estimate rests on. */
const RECENT = 20;

/** Places of jobs: for a waiting one, the jobs before it in the queue's order and those running now. */
export async function placesOf(db: Database, ids: readonly string[]): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select j.id, j.state, j.model_sha256 as "modelSha256",
      j.model_name as "modelName", p.ahead, m.median as "medianMs"
    from job j
    join jsonb_to_recordset(${JSON.stringify(ids.map((id) => ({ id })))}::jsonb) as x(id uuid) using (id)
    cross join lateral (
      select count(*) as ahead from job q where j.state = 'queued' and q.queue = j.queue and (
        q.state = 'running' or q.state = 'queued'
          and (q.priority, q.created_at, q.id) < (j.priority, j.created_at, j.id))
    ) p
    cross join lateral (
      select percentile_cont(0.5) within group (order by took) as median from (
        select finished_at - started_at as took from job q
        where j.state = 'queued' and q.queue = j.queue and q.state = 'done' and q.started_at is not null
        order by q.finished_at desc limit ${RECENT}) recent
    ) m`.execute(db);
  return rows;
}

/** A waiting job's place as its asker sees it. */
export function standingOf(place: Omit<Place, "id" | "state">, outlook: Outlook): Standing {
  const slots = outlook.slots(place.modelSha256);
  const { ahead, medianMs, modelName } = place;
  const notice = slots > 0 ? null : notices.waitingForNode(modelName, outlook.waitLimitMs);
  return { ahead, etaMs: etaMs(ahead, slots, medianMs), notice };
}

/**
 * Milliseconds until an answer begins when `slots` answers are written at once and one takes `medianMs`; null
 * without anything to judge by.
 */
export function etaMs(ahead: number, slots: number, medianMs: number | null): number | null {
  if (slots === 0) return null;
  if (ahead < slots) return 0;
  return medianMs === null ? null : Math.round(((ahead - slots + 1) / slots) * medianMs);
}
