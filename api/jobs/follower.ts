import type { Job, JobEvent } from "../../protocol/wire/http.ts";

/** Where a follower's events go, in the end. */
export interface Sink {
  send(event: JobEvent): void;
  /** Ends it although the job has not ended: the reader is to come again. */
  close(): void;
}

/**
 * One listener of one job. Events may reach it twice, early or with a gap (snapshots, other replicas, a bus
 * that loses messages); what it passes on is in order and complete.
 *
 *   holding --open(events)--> following --end--> ended
 */
export class Follower {
  readonly jobId: string;
  #sink: Sink | null = null;
  readonly #onGap: () => void;
  #held: JobEvent[] | null = [];
  #attempt = 0;
  #length = 0;
  #lost = 0;
  #lastQueued = "";
  ended = false;

  /** `onGap`: text is missing; ask whoever holds the lease for all of it. */
  constructor(jobId: string, onGap: () => void) {
    this.jobId = jobId;
    this.#onGap = onGap;
  }

  /** Passes on the present state, then what arrived while it was being found out. */
  open(sink: Sink, present: readonly JobEvent[]): void {
    this.#sink = sink;
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of [...present, ...held]) this.deliver(event);
  }

  deliver(event: JobEvent): void {
    if (this.#held !== null) this.#held.push(event);
    else if (!this.ended) this.#pass(event);
  }

  close(): void {
    this.ended = true;
    this.#sink?.close();
  }

  end(job: Job): void {
    this.deliver({ event: "end", data: job });
  }

  #pass(event: JobEvent): void {
    switch (event.event) {
      case "queued": {
        // A place that was looked up before the job was taken up is stale.
        if (this.#attempt > this.#lost) return;
        const text = JSON.stringify(event.data);
        if (text === this.#lastQueued) return;
        this.#lastQueued = text;
        break;
      }
      case "started":
        if (event.data.attempt <= this.#attempt) return;
        this.#attempt = event.data.attempt;
        this.#length = 0;
        break;
      case "moved":
        if (event.data.attempt <= this.#lost) return;
        this.#lost = event.data.attempt;
        this.#attempt = Math.max(this.#attempt, event.data.attempt);
        this.#lastQueued = "";
        break;
      case "text":
        this.#passText(event);
        return;
      case "end":
        this.ended = true;
    }
    this.#sink?.send(event);
  }

  #passText(event: Extract<JobEvent, { event: "text" }>): void {
    const { attempt, offset, text } = event.data;
    if (attempt < this.#attempt || attempt <= this.#lost) return;
    if (attempt > this.#attempt || offset > this.#length) {
      this.#onGap();
      return;
    }
    const fresh = text.slice(this.#length - offset);
    if (fresh === "") return;
    this.#sink?.send({ event: "text", data: { attempt, offset: this.#length, text: fresh } });
    this.#length += fresh.length;
  }
}
