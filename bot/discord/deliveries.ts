import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "../../protocol/wire/http.ts";
import { deliverAnswer } from "../conversation.ts";
import { PoolError } from "../pool/errors.ts";
import { type Words, wordsFor } from "../words/catalogue.ts";
import type { Desk } from "./desk.ts";
import type { AnswerMessage } from "./journal.ts";
import { AnswerDoor } from "./write/answer-door.ts";
import { channelPlace, directPlace, type Place } from "./write/place.ts";

export interface Showing {
  readonly place: Place;
  readonly words: Words;
  readonly threads: boolean;
  /** The only user who sees it; null: everybody. */
  readonly privateTo: string | null;
  readonly shown?: readonly string[];
}

/** Answers under way: shown from first frame to last, and taken up again after a restart. */
export class Deliveries {
  readonly #desk: Desk;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Follows a job to its end. A place we cannot write to is told to `onRefused`. */
  start(job: Job, showing: Showing, onRefused: (error: unknown) => Promise<void>): void {
    this.#track(this.#deliver(job, showing).catch(onRefused));
  }

  /** Takes up answers that were under way when the program last ended. */
  resume(): void {
    for (const [jobId, messages] of this.#desk.journal.unfinished()) {
      this.#track(this.#takeUp(jobId, messages));
    }
  }

  /** Stops following; the answers stay in the pool and in the journal. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  async #deliver(job: Job, { place, words, threads, privateTo, shown = [] }: Showing) {
    const { pool, log, journal, clock } = this.#desk;
    const over = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, over.signal]);
    const cancel =
      place.lastsMs === null ? () => {} : clock.after(place.lastsMs, () => over.abort());
    const door = new AnswerDoor({
      place,
      words,
      threads,
      log,
      shown,
      onMessage: (channelId, id, final) =>
        journal.write({ id, channelId, jobId: job.id, final, privateTo }),
    });
    try {
      await deliverAnswer({
        door,
        pool,
        room: job.room,
        job,
        replyTo: null,
        shown,
        signal,
        log,
        words,
      });
    } finally {
      cancel();
    }
    if (over.signal.aborted && !this.#closing.signal.aborted) await door.pause(job.id);
  }

  async #takeUp(jobId: string, messages: readonly AnswerMessage[]): Promise<void> {
    const { pool, rest, lanes } = this.#desk;
    const { signal } = this.#closing;
    const { channelId, privateTo } = messages[0] as AnswerMessage;
    while (!signal.aborted) {
      try {
        const job = await pool.job(jobId);
        // A private reply cannot be reached without its token: it is written anew, to its reader.
        const place = privateTo
          ? directPlace(rest, lanes, privateTo)
          : channelPlace(rest, lanes, channelId, null);
        const shown = privateTo ? [] : messages.map(({ id }) => id);
        const words = wordsFor(null);
        await this.#deliver(job, { place, words, threads: false, privateTo, shown });
        return;
      } catch (error) {
        if (!(error instanceof PoolError && error.transient)) throw error;
        await delay(1000, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #track(delivery: Promise<void>): void {
    const tracked = delivery
      .catch((error: unknown) =>
        this.#desk.log.error({ error: String(error) }, "an answer could not be shown"),
      )
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}
