import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "../../protocol/wire/http.ts";
import { deliverAnswer } from "../conversation.ts";
import type { StopRights } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";
import { MessageGone } from "../stream/pacer.ts";
import { answerView, beginAnswer } from "../views/answer.ts";
import { wordsIn } from "./asker.ts";
import type { Desk } from "./desk.ts";
import type { UnfinishedAnswer } from "./journal.ts";
import type { Standing } from "./render/message.ts";
import { AnswerDoor } from "./write/answer-door.ts";

export interface Showing {
  readonly room: string;
  readonly standing: Standing;
  /** The question; null where it is not known any more. */
  readonly question: string | null;
  /** The event that caused the job: the question, or a sign below its answer. */
  readonly cause?: string;
  /** Taken up from an earlier run. */
  readonly resumed?: boolean;
  readonly shown?: readonly string[];
}

/** Who took a question away, and what that allows in the pool. */
interface Withdrawal {
  readonly member: string;
  readonly rights: StopRights;
}

/** Withdrawals kept for questions that the pool may still be asked. */
const KEPT = 1000;

/** Answers under way: shown from first frame to last, and taken up again after a restart. */
export class Deliveries {
  readonly #desk: Desk;
  readonly #running = new Map<string, Promise<void>>();
  /** What caused the jobs that are followed, also before their first message is there. */
  readonly #causes = new Map<string, string>();
  readonly #withdrawn = new Map<string, Withdrawal>();
  /** Ends what is under way in a room we were put out of. */
  readonly #rooms = new Map<string, AbortController>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Follows a job to its end. The same job is followed once. Resolves when its first message is there. */
  start(job: Job, showing: Showing): Promise<void> {
    const { journal } = this.#desk;
    const { cause } = showing;
    const withdrawal = cause === undefined ? undefined : this.#withdrawn.get(cause);
    if (withdrawal) return this.#stop(job.id, withdrawal);
    const shown = journal.messagesOf(job.id);
    if (this.#running.has(job.id) || shown.some(({ final }) => final)) return Promise.resolve();
    if (cause !== undefined) this.#causes.set(job.id, cause);
    const { room, standing, question } = showing;
    // Before the event that asked counts as dealt with: a program that dies meanwhile goes on with the answer.
    journal.begin({ begun: job.id, room, thread: standing.thread, question });
    return this.#track(
      job.id,
      this.#deliver(job, { ...showing, shown: shown.map(({ id }) => id) }),
    );
  }

  /**
   * What caused a job was taken away: its answers end, also one that the pool is only being asked for. True
   * when there were any.
   */
  async withdraw(cause: string, withdrawal: Withdrawal): Promise<boolean> {
    this.#withdrawn.set(cause, withdrawal);
    const oldest = this.#withdrawn.keys().next().value;
    if (this.#withdrawn.size > KEPT && oldest !== undefined) this.#withdrawn.delete(oldest);
    const followed = [...this.#causes].filter(([, one]) => one === cause).map(([job]) => job);
    const jobs = new Set([...this.#desk.journal.jobsAt(cause), ...followed]);
    for (const job of jobs) await this.#stop(job, withdrawal);
    return jobs.size > 0;
  }

  /** Takes up answers that were under way when the program last ended. */
  resume(): void {
    for (const [jobId, answer] of this.#desk.journal.unfinished()) {
      void this.#track(jobId, this.#takeUp(jobId, answer));
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

  async #deliver(
    job: Job,
    { room, standing, question, shown = [], resumed = false }: Showing,
  ): Promise<void> {
    const { pool, log, journal, writer } = this.#desk;
    const words = await wordsIn(this.#desk, room);
    const signal = AbortSignal.any([this.#desk.signal, this.#roomOf(room).signal]);
    const refresh = async () => answerView(beginAnswer(await pool.job(job.id)), words);
    const door = new AnswerDoor({
      ...{ writer, journal, room, standing, question, words, shown, resumed, refresh, signal },
      jobId: job.id,
    });
    await deliverAnswer({
      ...{ door, pool, room, job, replyTo: null, shown, signal, log, words },
    });
  }

  async #stop(jobId: string, { member, rights }: Withdrawal): Promise<void> {
    const { pool, log } = this.#desk;
    try {
      await pool.cancel(jobId, member, rights);
    } catch (error) {
      // Somebody who may not stop it, or a pool that is away: the answer goes on.
      if (!(error instanceof PoolError)) throw error;
      log.info({ job: jobId, code: error.code }, "a question was taken away, its answer goes on");
    }
  }

  #roomOf(room: string): AbortController {
    const controller = this.#rooms.get(room) ?? new AbortController();
    this.#rooms.set(room, controller);
    return controller;
  }

  async #takeUp(jobId: string, answer: UnfinishedAnswer): Promise<void> {
    const { pool, signal } = this.#desk;
    const { room, thread, question, shown } = answer;
    // Till then nobody knows whether it is encrypted.
    await this.#desk.shown.room(room, signal);
    while (!signal.aborted) {
      try {
        const job = await pool.job(jobId);
        await this.#deliver(job, {
          room,
          standing: { thread, replyTo: question },
          question,
          shown,
          resumed: true,
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
      .finally(() => {
        this.#running.delete(jobId);
        this.#causes.delete(jobId);
      });
    this.#running.set(jobId, tracked);
    return tracked;
  }
}
