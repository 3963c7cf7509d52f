import { sql } from "kysely";
import type { Clock } from "../context.ts";
import type { Database } from "../storage/open.ts";

/** Answers of a queue that its estimate rests on, and how long one look at them serves. */
const RECENT = 20;
const FRESH_MS = 1000;

/**
 * How long one answer of each queue took lately. The records are asked once a second and queue, however many
 * people want to know; meanwhile they are told what was true a moment ago.
 */
export class AnswerTimes {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #known = new Map<string, { median: number | null; at: number }>();
  readonly #asking = new Map<string, Promise<number | null>>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Milliseconds one recent answer of the queue took (median); null when there is none. */
  async medianMs(queue: string): Promise<number | null> {
    const known = this.#known.get(queue);
    if (known !== undefined && this.#clock() - known.at < FRESH_MS) return known.median;
    const asked = this.#ask(queue);
    if (known === undefined) return asked;
    asked.catch(() => {});
    return known.median;
  }

  #ask(queue: string): Promise<number | null> {
    let asking = this.#asking.get(queue);
    if (asking === undefined) {
      asking = this.#read(queue).finally(() => this.#asking.delete(queue));
      this.#asking.set(queue, asking);
    }
    return asking;
  }

  async #read(queue: string): Promise<number | null> {
    const { rows } = await sql<{ median: number | null }>`
      select percentile_cont(0.5) within group (order by took) as median from (
        select finished_at - started_at as took from job
        where queue = ${queue} and state = 'done' and started_at is not null
        order by finished_at desc limit ${RECENT}) recent`.execute(this.#db);
    const median = rows[0]?.median ?? null;
    this.#known.set(queue, { median, at: this.#clock() });
    return median;
  }
}
