import { sql } from "kysely";
import type { Job, JobEvent } from "../../protocol/wire/http.ts";
import type { ApiContext } from "../context.ts";
import { Follower, type Sink } from "./follower.ts";
import type { JobRow } from "./insert.ts";
import type { LeaseDesk } from "./lease-desk.ts";
import type { Places, Standing, WaitingJob } from "./place.ts";
import type { RecentJobs } from "./recent.ts";
import { type Relay, snapshotOf } from "./relay.ts";
import type { LoadJob } from "./view.ts";

/** Begins to follow jobs, and keeps followers right about their place while they wait. */
export class Following {
  readonly #ctx: ApiContext;
  readonly #relay: Relay;
  readonly #desk: LeaseDesk;
  readonly #places: Places;
  readonly #load: LoadJob;
  readonly #recent: RecentJobs;

  constructor(
    ctx: ApiContext,
    relay: Relay,
    desk: LeaseDesk,
    places: Places,
    load: LoadJob,
    recent: RecentJobs,
  ) {
    this.#ctx = ctx;
    this.#recent = recent;
    this.#load = load;
    this.#relay = relay;
    this.#desk = desk;
    this.#places = places;
  }

  /**
   * Sends a job's present state and all that comes to the sink that `open` makes. Returns how to stop, or null
   * when there is no such job; then nothing was opened.
   */
  async begin(id: string, open: () => Sink): Promise<(() => void) | null> {
    const { bus, replica } = this.#ctx;
    const askAll = () => bus.toAll({ from: replica, type: "follow", job: id });
    const follower = new Follower(id, askAll);
    const stop = () => this.#relay.unfollow(follower);
    // Before reading, so that nothing falls in between.
    this.#relay.follow(follower);
    const own = this.#desk.byJob(id);
    if (own !== undefined) {
      own.replyTo.add(replica);
      follower.open(open(), snapshotOf(own));
      return stop;
    }
    const recent = this.#recent.answer(id) ?? this.#recent.told(id);
    if (recent !== null) {
      follower.open(open(), presentState(recent));
      if (recent.state !== "queued") stop();
      // Another replica may have begun it, and what it told us may be lost.
      else askAll();
      return stop;
    }
    let job: Job;
    try {
      const found = await this.#load(id);
      if (found === null) {
        stop();
        return null;
      }
      job = found.job;
      if (!found.row.reply_to.includes(replica)) await this.#replyHere(id);
    } catch (error) {
      stop();
      throw error;
    }
    const lease = this.#desk.byJob(id);
    follower.open(open(), lease === undefined ? presentState(job) : snapshotOf(lease));
    if (job.state !== "queued" && job.state !== "running") stop();
    // Another replica may lead it, or begin to while its row was being read.
    else if (lease === undefined) askAll();
    return stop;
  }

  /** Whoever leads the job is to send its events here too. */
  async #replyHere(id: string): Promise<void> {
    const { db, replica } = this.#ctx;
    await sql`
      update job set reply_to = array_append(reply_to, ${replica}::text)
      where id = ${id}::uuid and not (${replica}::text = any(reply_to))`.execute(db);
  }

  /**
   * Tells followers their place where it changed, and those whose job has ended although the message about
   * it was lost.
   */
  async refresh(): Promise<void> {
    const ids = this.#relay.followed().filter((id) => this.#desk.byJob(id) === undefined);
    if (ids.length === 0) return;
    const { rows } = await sql<WaitingJob & Pick<JobRow, "state">>`
      select id, state, queue, model_sha256, model_name from job
      where id = any(${ids}::uuid[]) and state <> 'running'`.execute(this.#ctx.db);
    const waiting = rows.filter((job) => job.state === "queued");
    for (const job of rows) if (job.state !== "queued") this.#relay.endHere(job.id);
    for (const [at, standing] of (await this.#places.of(waiting)).entries()) {
      this.#relay.deliver((waiting[at] as WaitingJob).id, queuedEvent(standing));
    }
  }
}

function presentState(job: Job): JobEvent[] {
  if (job.state === "queued") return [queuedEvent({ ...job, ahead: job.ahead ?? 0 })];
  if (job.state !== "running") return [{ event: "end", data: job }];
  return [];
}

function queuedEvent({ ahead, etaMs, notice }: Standing): JobEvent {
  return { event: "queued", data: { ahead, etaMs, notice: notice?.message ?? null } };
}
