import type { Job } from "../../protocol/wire/http.ts";
import type { Clock } from "../context.ts";
import type { JobRow } from "./insert.ts";

/** What is remembered, and for how long; whoever asks for more has it read from the records. */
const AT_MOST = 2000;
const FOR_MS = 1000;

/**
 * Jobs that were asked or answered at this replica within the last second. A door that asks follows its job at
 * once, and mostly at the same replica: it is told from here, and the records are spared two readings a job.
 * Nothing rests on it: what somebody has heard of a job since makes this forget it, and followers who were told
 * too old a thing hear the rest from the lease holder and from the sweep over followed jobs.
 *
 *   (nothing) --asked--> waiting --heard of--> (nothing) --answered--> answered --a second--> (nothing)
 */
export class RecentJobs {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, { row: JobRow; told: Job | null; at: number }>();
  readonly #answered = new Map<string, { job: Job; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  asked(row: JobRow): void {
    this.#remember(this.#waiting, row.id, { row, told: null, at: this.#clock() });
  }

  /** A job that was asked here and that nobody has taken up, as far as this replica has heard; else null. */
  waiting(id: string): JobRow | null {
    const found = this.#waiting.get(id);
    return found !== undefined && this.#clock() - found.at < FOR_MS ? found.row : null;
  }

  /** Its asker was told this of it. */
  tell(job: Job): void {
    const found = this.#waiting.get(job.id);
    if (found !== undefined) found.told = job;
  }

  /** What the asker of a job that still waits was told a moment ago; null when there is no such thing. */
  told(id: string): Job | null {
    return this.waiting(id) === null ? null : (this.#waiting.get(id)?.told ?? null);
  }

  /** Something happened to the job: what was known is out of date. */
  heardOf(id: string): void {
    this.#waiting.delete(id);
    this.#answered.delete(id);
  }

  answered(job: Job): void {
    this.#waiting.delete(job.id);
    this.#remember(this.#answered, job.id, { job, at: this.#clock() });
  }

  /** The final state of a job that was answered here a moment ago; null when it is not known. */
  answer(id: string): Job | null {
    const found = this.#answered.get(id);
    return found !== undefined && this.#clock() - found.at < FOR_MS ? found.job : null;
  }

  /** Maps keep the order of insertion: what is too much or too old stands in front. */
  #remember<Entry extends { at: number }>(map: Map<string, Entry>, id: string, entry: Entry): void {
    map.set(id, entry);
    for (const [oldest, { at }] of map) {
      if (map.size <= AT_MOST && entry.at - at < FOR_MS) break;
      map.delete(oldest);
    }
  }
}
