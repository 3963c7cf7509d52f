import { sql } from "kysely";
import type { JobRow } from "./insert.ts";
import type { RehomeParts } from "./rehome.ts";

/** Waiting rows looked at in one page. */
const PAGE = 500;
const START: Waiting = {
  queue: "",
  priority: -1,
  created_at: 0,
  id: "00000000-0000-0000-0000-000000000000",
};

type Waiting = Pick<JobRow, "id" | "queue" | "priority" | "created_at">;

/**
 * Puts waiting rows that the queue does not know back into it. A round looks at one page of them, and the next
 * round goes on where it ended, so that every row has its turn however many wait. Where a page holds forgotten
 * ones, the round goes through all: a queue that was wiped has forgotten everything, and its questions are not to
 * come back by the page.
 */
export class ForgottenJobs {
  readonly #parts: Pick<RehomeParts, "ctx" | "dispatcher">;
  /** Last row looked at. */
  #last = START;

  constructor(parts: Pick<RehomeParts, "ctx" | "dispatcher">) {
    this.#parts = parts;
  }

  async round(): Promise<void> {
    const woken = new Set<string>();
    let forgotten = 0;
    // Twice through at most: from where the last round ended, and once from the start.
    for (let passes = 0; passes < 2; ) {
      const rows = await this.#page();
      for (const queue of await this.#putBack(rows)) {
        woken.add(queue);
        forgotten++;
      }
      const wrapped = rows.length < PAGE;
      this.#last = wrapped ? START : (rows.at(-1) as Waiting);
      if (forgotten === 0) break;
      if (wrapped) passes++;
    }
    for (const queue of woken) this.#parts.dispatcher.wake(queue);
  }

  async #page(): Promise<Waiting[]> {
    const { clock, db, limits } = this.#parts.ctx;
    // The youngest may be between their insert and their first add.
    const settled = clock() - limits.reconcileMs;
    const { queue, priority, created_at, id } = this.#last;
    const { rows } = await sql<Waiting>`
      select id, queue, priority, created_at from job
      where state = 'queued' and created_at <= ${settled}::bigint
        and (queue, priority, created_at, id)
          > (${queue}::text, ${priority}::integer, ${created_at}::bigint, ${id}::uuid)
      order by queue, priority, created_at, id limit ${PAGE}`.execute(db);
    return rows;
  }

  /** The queue of each row that was put back. */
  async #putBack(rows: readonly Waiting[]): Promise<string[]> {
    const { queue, log } = this.#parts.ctx;
    const back: string[] = [];
    const look = async (job: Waiting) => {
      if ((await queue.whereabouts(job.queue, job.id)) !== "gone") return;
      await queue.addAgain(job.queue, { jobId: job.id, priority: job.priority });
      log.warn({ job: job.id }, "a waiting job was put back into the queue");
      back.push(job.queue);
    };
    await Promise.all(rows.map(look));
    return back;
  }
}
