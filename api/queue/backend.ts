/** A job taken from the queue and locked with our token until it is completed, given back or lost. */
export interface Taken {
  readonly queue: string;
  /** Row id of the job; the queue holds nothing else of it. */
  readonly jobId: string;
  /** Fence of this lease. Never leaves the process. */
  readonly token: string;
  /** Set when the queue itself gave the job up (it stalled too often); it must be failed, not worked on. */
  readonly deferredFailure: string | null;
  complete(): Promise<void>;
  /** Back to its place in the queue. */
  giveBack(): Promise<void>;
}

export interface QueueEntry {
  readonly jobId: string;
  /** 1 is first. Never 0: BullMQ serves jobs without priority before all others. */
  readonly priority: number;
}

/** What the pool needs of a job queue; Redis in production, the records' own PGlite as a floor. */
export interface QueueBackend {
  /** In words, for the log and /readyz. */
  readonly kind: string;
  /** Idempotent while the queue knows the job. */
  add(queue: string, entries: readonly QueueEntry[]): Promise<void>;
  /** The first waiting job, locked with `token`; null when there is none. Never blocks. */
  take(queue: string, token: string): Promise<Taken | null>;
  /** Renews locks; returns the ids of jobs whose lock is lost. */
  renew(queue: string, leases: readonly Pick<Taken, "jobId" | "token">[]): Promise<string[]>;
  /** Takes a waiting job out. False when it is locked by a lease or unknown. */
  remove(queue: string, jobId: string): Promise<boolean>;
  /** Where the job is. `gone`: the queue does not know it, or holds it as finished. */
  whereabouts(queue: string, jobId: string): Promise<"waiting" | "leased" | "gone">;
  /** How many jobs each of these waits for: those before it and those leased; null where it does not wait. Null for all: this queue cannot tell. */
  places(queue: string, jobIds: readonly string[]): Promise<(number | null)[] | null>;
  /** Adds a job whose earlier entry may still stand there as finished. */
  addAgain(queue: string, entry: QueueEntry): Promise<void>;
  /** Rejects when the queue cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
