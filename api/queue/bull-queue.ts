import type { Job, Queue, Worker } from "bullmq";
import type { Limits } from "../limits.ts";
import type { QueueBackend, QueueEntry, Taken } from "./backend.ts";

type Entry = Record<string, never>;
// The two back-ends differ in their type parameters only; what is used here is the same.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyQueue = Queue<Entry, null, string, any, any, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyWorker = Worker<Entry, null, string, any, any, any>;

/** Options of a worker that never runs by itself. */
interface WorkerTimes {
  readonly autorun: false;
  readonly skipLockRenewal: true;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
}

/** How one BullMQ back-end makes its classes. */
export interface BullClasses {
  readonly kind: string;
  queue(name: string): AnyQueue;
  worker(name: string, options: WorkerTimes): AnyWorker;
  /** See QueueBackend; null where the back-end keeps no order that can be asked. */
  places(name: string, jobIds: readonly string[]): Promise<(number | null)[] | null>;
  ping(): Promise<void>;
  /** Ends the connection that queues and workers share. */
  close(): Promise<void>;
}

const HOUR_S = 3600;
/** Priorities above this do not fit BullMQ's score. */
export const MAX_PRIORITY = 2_000_000;

const JOB_OPTIONS = {
  // Not at once: while an id stands there as finished, adding it twice does nothing.
  removeOnComplete: { age: HOUR_S },
  removeOnFail: { age: HOUR_S },
};

/** The queue on BullMQ, leased by hand: no Worker runs by itself. */
export class BullQueue implements QueueBackend {
  readonly kind: string;
  readonly #classes: BullClasses;
  readonly #times: WorkerTimes;
  readonly #onError: (error: Error) => void;
  readonly #queues = new Map<string, AnyQueue>();
  readonly #workers = new Map<string, AnyWorker>();

  constructor(
    classes: BullClasses,
    limits: Pick<Limits, "lockMs" | "stalledCheckMs">,
    onError: (error: Error) => void,
  ) {
    this.kind = classes.kind;
    this.#classes = classes;
    this.#times = {
      autorun: false,
      skipLockRenewal: true,
      lockDuration: limits.lockMs,
      stalledInterval: limits.stalledCheckMs,
      // The attempts limit in the records decides; this one only has to be out of its way.
      maxStalledCount: 50,
    };
    this.#onError = onError;
  }

  async add(queue: string, entries: readonly QueueEntry[]): Promise<void> {
    const jobs = entries.map(({ jobId, priority }) => ({
      name: "job",
      data: {},
      opts: { jobId, priority: Math.min(Math.max(priority, 1), MAX_PRIORITY), ...JOB_OPTIONS },
    }));
    const [only] = jobs;
    // A bulk is a transaction: three commands more, which one job alone has no use for.
    if (jobs.length === 1 && only !== undefined) {
      await this.#queue(queue).add(only.name, only.data, only.opts);
    } else await this.#queue(queue).addBulk(jobs);
  }

  async addAgain(queue: string, entry: QueueEntry): Promise<void> {
    await this.remove(queue, entry.jobId);
    await this.add(queue, [entry]);
  }

  async take(queue: string, token: string): Promise<Taken | null> {
    const job: Job<Entry, null> | undefined = await this.#worker(queue).getNextJob(token, {
      block: false,
    });
    if (job === undefined) return null;
    return {
      queue,
      jobId: job.id as string,
      token,
      deferredFailure: job.deferredFailure ?? null,
      // Without the third argument BullMQ leases the next job in the same call.
      complete: async () => void (await job.moveToCompleted(null, token, false)),
      giveBack: async () => void (await job.moveToWait(token)),
    };
  }

  async renew(queue: string, leases: readonly Pick<Taken, "jobId" | "token">[]): Promise<string[]> {
    return this.#worker(queue).extendJobLocks(
      leases.map((lease) => lease.jobId),
      leases.map((lease) => lease.token),
      this.#times.lockDuration,
    );
  }

  async remove(queue: string, jobId: string): Promise<boolean> {
    return (await this.#queue(queue).remove(jobId)) === 1;
  }

  async whereabouts(queue: string, jobId: string): Promise<"waiting" | "leased" | "gone"> {
    const state = await this.#queue(queue).getJobState(jobId);
    if (state === "active") return "leased";
    return state === "completed" || state === "failed" || state === "unknown" ? "gone" : "waiting";
  }

  places(queue: string, jobIds: readonly string[]): Promise<(number | null)[] | null> {
    return this.#classes.places(queue, jobIds);
  }

  ping(): Promise<void> {
    return this.#classes.ping();
  }

  async close(): Promise<void> {
    const open = [...this.#workers.values(), ...this.#queues.values()];
    await Promise.all(open.map((each) => each.close()));
    await this.#classes.close();
  }

  #queue(name: string): AnyQueue {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = this.#classes.queue(name);
      queue.on("error", this.#onError);
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #worker(name: string): AnyWorker {
    let worker = this.#workers.get(name);
    if (worker === undefined) {
      worker = this.#classes.worker(name, this.#times);
      worker.on("error", this.#onError);
      // Made now, when a node offers the model, and not while the first asker waits.
      this.#queue(name);
      // getNextJob does not look for stalled jobs by itself.
      void worker.startStalledCheckTimer().catch(this.#onError);
      this.#workers.set(name, worker);
    }
    return worker;
  }
}
