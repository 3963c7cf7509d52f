import { sql } from "kysely";
import { atMost } from "../at-most.ts";
import type { QueueBackend } from "../queue/backend.ts";
import type { Database } from "../storage/open.ts";
import type { Notice } from "../storage/tables.ts";
import type { AnswerTimes } from "./answer-times.ts";
import type { JobRow } from "./insert.ts";
import { notices } from "./notices.ts";
import { type Tier, tierIn } from "./queue-name.ts";

/** What a waiting asker is told. */
export interface Standing {
  readonly ahead: number;
  readonly etaMs: number | null;
  /** Set while no machine that could answer is online. */
  readonly notice: Notice | null;
}

/** What is known of who could answer. */
export interface Outlook {
  /** Answers that can be written at once with this model, on all nodes online that serve the tier. */
  slots(modelSha256: string, tier: Tier): number;
  /** How long a job is kept. */
  readonly waitLimitMs: number;
}

/** A job that waits. */
export type WaitingJob = Pick<JobRow, "id" | "queue" | "model_sha256" | "model_name" | "privacy">;

/** The queue is not waited for longer than this: it may be away, and the records know too. */
const QUEUE_ANSWERS_MS = 250;

/**
 * Tells waiting jobs where they stand. The queue keeps them in order and knows a job's place without looking at
 * the others; where it cannot tell, the records are counted.
 */
export class Places {
  readonly #db: Database;
  readonly #queue: QueueBackend;
  readonly #times: AnswerTimes;
  readonly #outlook: Outlook;

  constructor(db: Database, queue: QueueBackend, times: AnswerTimes, outlook: Outlook) {
    this.#db = db;
    this.#queue = queue;
    this.#times = times;
    this.#outlook = outlook;
  }

  /** Standings in the order of the jobs. One that was taken up meanwhile counts as next in line. */
  async of(jobs: readonly WaitingJob[]): Promise<Standing[]> {
    const standings = new Map<string, Standing>();
    for (const [queue, waiting] of Map.groupBy(jobs, (job) => job.queue)) {
      const ids = waiting.map((job) => job.id);
      const ahead = (await this.#told(queue, ids)) ?? (await countAhead(this.#db, ids));
      const medianMs = await this.#times.medianMs(queue);
      for (const [at, job] of waiting.entries()) {
        const place = { ahead: ahead[at] ?? 0, medianMs };
        standings.set(job.id, standingOf(job, place, this.#outlook));
      }
    }
    return jobs.map((job) => standings.get(job.id) as Standing);
  }

  /** Null when the queue cannot tell, or not now. */
  async #told(queue: string, ids: readonly string[]): Promise<(number | null)[] | null> {
    const told = this.#queue.places(queue, ids).catch(() => null);
    return atMost(QUEUE_ANSWERS_MS, told);
  }
}

/** Jobs before each of these in their queue's order, and those running now; dear where many wait. */
async function countAhead(db: Database, ids: readonly string[]): Promise<(number | null)[]> {
  const { rows } = await sql<{ id: string; ahead: number }>`
    select j.id, (
      select count(*) from job q where q.queue = j.queue and (
        q.state = 'running' or q.state = 'queued'
          and (q.priority, q.created_at, q.id) < (j.priority, j.created_at, j.id))) as ahead
    from job j
    where j.state = 'queued' and j.id = any(${ids}::uuid[])`.execute(db);
  const ahead = new Map(rows.map((row) => [row.id, row.ahead]));
  return ids.map((id) => ahead.get(id) ?? null);
}

/** A waiting job's place as its asker sees it. */
export function standingOf(
  job: Omit<WaitingJob, "id">,
  place: { readonly ahead: number; readonly medianMs: number | null },
  outlook: Outlook,
): Standing {
  const { model_sha256, model_name, privacy } = job;
  const slots = outlook.slots(model_sha256, tierIn(job.queue));
  const notice =
    slots > 0 ? null : notices.waitingForNode(model_name, outlook.waitLimitMs, privacy);
  return { ahead: place.ahead, etaMs: etaMs(place.ahead, slots, place.medianMs), notice };
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
