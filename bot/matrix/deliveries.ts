import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "../../protocol/wire/http.ts";
import { deliverAnswer } from "../conversation.ts";
import { PoolError } from "../pool/errors.ts";
import { MessageGone } from "../stream/pacer.ts";
import { answerView, beginAnswer } from "../views/answer.ts";
import { wordsIn } from "./asker.ts";
import type { Desk } from "./desk.ts";
import type { AnswerMessage } from "./journal.ts";
import type { Standing } from "./render/message.ts";
import { AnswerDoor } from "./write/answer-door.ts";

export interface Showing {
  readonly room: string;
  readonly standing: Standing;
  /** The event that asked; null where it is not known any more. */
  readonly question: string | null;
  readonly shown?: readonly string[];
}

/** Answers under way: shown from first frame to last, and taken up again after a restart. */
export class Deliveries {
  readonly #desk: Desk;
  readonly #running = new Map<string, Promise<void>>();
  /** Ends what is under way in a room we were put out of. */
  readonly #rooms = new Map<string, AbortController>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Follows a job to its end. The same job is followed once. Resolves when its first message is there. */
  start(job: Job, showing: Showing): Promise<void> {
    const { journal } = this.#desk;
    const shown = journal.messagesOf(job.id);
    if (this.#running.has(job.id) || shown.some(({ final }) => final)) return Promise.resolve();
    return this.#track(
      job.id,
      this.#deliver(job, { ...showing, shown: shown.map(({ id }) => id) }),
    );
  }

  /** Takes up answers that were under way when the program last ended. */
  resume(): void {
    for (const [jobId, messages] of this.#desk.journal.unfinished()) {
      void this.#track(jobId, this.#takeUp(jobId, messages));
    }
  }

  /** We are no longer in a room: nothing more is said there. */
  leave(room: string): void {
    this.#rooms.get(room)?.abort();
    this.#rooms.delete(room);
  }

  /** Resolves when everything has ended; call it after the desk's signal. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  async #deliver(job: Job, { room, standing, question, shown = [] }: Showing): Promise<void> {
    const { pool, log, journal, writer } = this.#desk;
    const words = await wordsIn(this.#desk, room);
    const signal = AbortSignal.any([this.#desk.signal, this.#roomOf(room).signal]);
    const refresh = async () => answerView(beginAnswer(await pool.job(job.id)), words);
    const door = new AnswerDoor({
      ...{ writer, journal, room, standing, question, words, shown, refresh, signal },
      jobId: job.id,
    });
    await deliverAnswer({
      ...{ door, pool, room, job, replyTo: null, shown, signal, log, words },
    });
  }

  #roomOf(room: string): AbortController {
    const controller = this.#rooms.get(room) ?? new AbortController();
    this.#rooms.set(room, controller);
    return controller;
  }

  async #takeUp(jobId: string, messages: readonly AnswerMessage[]): Promise<void> {
    const { pool, signal } = this.#desk;
    const { room, thread, question } = messages[0] as AnswerMessage;
    while (!signal.aborted) {
      try {
        const job = await pool.job(jobId);
        const shown = messages.map(({ id }) => id);
        await this.#deliver(job, {
          room,
          standing: { thread, replyTo: question },
          question,
          shown,
        });
        return;
      } catch (error) {
        if (!(error instanceof PoolError && error.transient)) throw error;
        await delay(1000, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #track(jobId: string, delivery: Promise<void>): Promise<void> {
    const { log, signal } = this.#desk;
    const tracked = delivery
      .catch((error: unknown) => {
        if (signal.aborted || (error as Error).name === "AbortError") return;
        const quiet = error instanceof MessageGone;
        log[quiet ? "info" : "error"]({ error: String(error) }, "an answer could not be shown");
      })
      .finally(() => this.#running.delete(jobId));
    this.#running.set(jobId, tracked);
    return tracked;
  }
}
