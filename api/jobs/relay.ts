import type { FastifyBaseLogger } from "fastify";
import type { Job, JobEvent } from "../../protocol/wire/http.ts";
import type { Bus } from "../queue/bus.ts";
import type { Follower } from "./follower.ts";
import type { Lease } from "./lease.ts";
import type { RecentJobs } from "./recent.ts";

/** Text is sent on in pieces of at most this many UTF-16 units, so that no bus message grows without limit. */
const PIECE = 65_536;

/**
 * Carries a job's events from the replica that holds its lease to everybody who follows it, here or at other
 * replicas. Text is coalesced per turn of the event loop: one bus message a replica, however many leases.
 */
export class Relay {
  readonly #bus: Bus;
  readonly #replica: string;
  readonly #loadJob: (id: string) => Promise<Job | null>;
  readonly #log: FastifyBaseLogger;
  readonly #recent: RecentJobs;
  readonly #followers = new Map<string, Set<Follower>>();
  readonly #dirty = new Set<Lease>();

  constructor(
    bus: Bus,
    replica: string,
    loadJob: (id: string) => Promise<Job | null>,
    log: FastifyBaseLogger,
    recent: RecentJobs,
  ) {
    this.#bus = bus;
    this.#replica = replica;
    this.#loadJob = loadJob;
    this.#log = log;
    this.#recent = recent;
  }

  /** Jobs somebody follows here. */
  followed(): string[] {
    return [...this.#followers.keys()];
  }

  follow(follower: Follower): void {
    const followers = this.#followers.get(follower.jobId);
    if (followers === undefined) this.#followers.set(follower.jobId, new Set([follower]));
    else followers.add(follower);
  }

  unfollow(follower: Follower): void {
    const followers = this.#followers.get(follower.jobId);
    followers?.delete(follower);
    if (followers?.size === 0) this.#followers.delete(follower.jobId);
  }

  /** This replica stops: readers are let go and come again, to another or a later one. */
  close(): void {
    for (const followers of this.#followers.values()) {
      for (const follower of followers) follower.close();
    }
    this.#followers.clear();
  }

  /** The lease has new text; it goes out at the end of this turn. */
  text(lease: Lease): void {
    if (this.#dirty.size === 0) setImmediate(() => this.flush());
    this.#dirty.add(lease);
  }

  /** Sends what waits now. */
  flush(): void {
    const remote = new Map<string, { job: string; event: JobEvent }[]>();
    for (const lease of this.#dirty) {
      const { offset, text } = lease.text.takeUnsent();
      for (const event of piecesOf(lease.attempt, text, offset)) {
        this.deliver(lease.jobId, event);
        for (const replica of lease.replyTo) {
          if (replica === this.#replica) continue;
          const events = remote.get(replica);
          if (events === undefined) remote.set(replica, [{ job: lease.jobId, event }]);
          else events.push({ job: lease.jobId, event });
        }
      }
    }
    this.#dirty.clear();
    for (const [replica, events] of remote) {
      this.#bus.toReplica(replica, { from: this.#replica, type: "events", events });
    }
  }

  /** Sends one event to followers here and at the replicas named. */
  emit(job: string, replyTo: Iterable<string>, event: JobEvent): void {
    this.flush();
    this.deliver(job, event);
    for (const replica of replyTo) {
      if (replica === this.#replica) continue;
      this.#bus.toReplica(replica, {
        from: this.#replica,
        type: "events",
        events: [{ job, event }],
      });
    }
  }

  /** Everything of a lease so far, to a replica that has just begun to follow. */
  sendSnapshot(lease: Lease, replica: string): void {
    const events = snapshotOf(lease).map((event) => ({ job: lease.jobId, event }));
    this.#bus.toReplica(replica, { from: this.#replica, type: "events", events });
  }

  /** The job's row holds its final state (`known`, or it is read): whoever follows is told, here and at the replicas named. */
  end(job: string, replyTo: Iterable<string>, known: Job | null = null): void {
    this.flush();
    if (known === null) this.endHere(job);
    else {
      this.#recent.answered(known);
      for (const follower of this.#followers.get(job) ?? []) follower.end(known);
    }
    for (const replica of replyTo) {
      if (replica === this.#replica) continue;
      this.#bus.toReplica(replica, { from: this.#replica, type: "ended", jobs: [job] });
    }
  }

  deliver(job: string, event: JobEvent): void {
    if (event.event !== "queued") this.#recent.heardOf(job);
    for (const follower of this.#followers.get(job) ?? []) follower.deliver(event);
  }

  endHere(id: string): void {
    this.#recent.heardOf(id);
    if (!this.#followers.has(id)) return;
    this.#loadJob(id).then(
      (job) => {
        if (job === null || job.state === "queued" || job.state === "running") return;
        for (const follower of this.#followers.get(id) ?? []) follower.end(job);
      },
      // The sweep over followed jobs comes by again.
      (error: unknown) => this.#log.error({ err: error, job: id }, "could not read a finished job"),
    );
  }
}

/** `started`, and all text so far. */
export function snapshotOf(lease: Lease): JobEvent[] {
  return [
    { event: "started", data: { attempt: lease.attempt, node: lease.node } },
    ...piecesOf(lease.attempt, lease.text.whole(), 0),
  ];
}

/** Text that begins at `offset` of its answer. */
function piecesOf(attempt: number, text: string, offset: number): JobEvent[] {
  const events: JobEvent[] = [];
  for (let from = 0; from < text.length; from += PIECE) {
    const piece = text.slice(from, from + PIECE);
    events.push({ event: "text", data: { attempt, offset: offset + from, text: piece } });
  }
  return events;
}
