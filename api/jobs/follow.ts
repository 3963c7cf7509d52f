import { sql } from "kysely";
import type { Job, JobEvent } from "../../protocol/wire/http.ts";
import type { ApiContext } from "../context.ts";
import { Follower, type Sink } from "./follower.ts";
import type { LeaseDesk } from "./lease-desk.ts";
import { type Outlook, placesOf, type Standing, standingOf } from "./place.ts";
import { type Relay, snapshotOf } from "./relay.ts";
import type { LoadJob } from "./view.ts";

/** Begins to follow jobs, and keeps followers right about their place while they wait. */
export class Following {
  readonly #ctx: ApiContext;
  readonly #relay: Relay;
  readonly #desk: LeaseDesk;
  readonly #outlook: Outlook;
  readonly #load: LoadJob;

  constructor(ctx: ApiContext, relay: Relay, desk: LeaseDesk, outlook: Outlook, load: LoadJob) {
    this.#ctx = ctx;
    this.#load = load;
    this.#relay = relay;
    this.#desk = desk;
    this.#outlook = outlook;
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
    const ids = this.#relay.followed();
    if (ids.length === 0) return;
    for (const place of await placesOf(this.#ctx.db, ids)) {
      if (place.state === "queued") {
        this.#relay.deliver(place.id, queuedEvent(standingOf(place, this.#outlook)));
      } else if (place.state !== "running") {
        this.#relay.endHere(place.id);
      }
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
