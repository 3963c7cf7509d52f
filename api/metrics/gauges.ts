import { sql } from "kysely";
import { Gauge } from "prom-client";
import type { Clock } from "../context.ts";
import type { Database } from "../storage/open.ts";
import { classOf, type Metrics } from "./metrics.ts";

/** What is looked up when somebody asks, instead of being counted as it happens. */
export interface Present {
  readonly db: Database;
  readonly clock: Clock;
  /** Nodes whose connection ends here. */
  readonly connectedNodes: () => number;
  /** Nodes of the whole pool and their slots, as far as this replica has heard. */
  readonly onlineNodes: () => readonly { readonly slots: number }[];
  /** Answers being written by nodes connected here. */
  readonly leases: () => number;
  /** Jobs somebody follows here. */
  readonly followedJobs: () => number;
}

/** Queues counted one by one; the rest of a very diverse pool is added up as `other`. */
const MAX_CLASSES = 50;
/** The queue is counted at most this often, however many scrape. */
const COUNT_EVERY_MS = 1_000;
/** Prometheus gives up after 10 s. */
const ANSWER_MS = 2_000;

/** Adds the gauges to the registry; each is read at scrape time. */
export function addGauges(metrics: Metrics, present: Present): void {
  const gauge = (name: string, help: string, read: () => number) => {
    new Gauge({
      name: `substrate_${name}`,
      help,
      registers: [metrics.registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge("nodes_connected", "Nodes connected to this replica", present.connectedNodes);
  gauge("nodes_online", "Nodes online in the whole pool, as this replica knows it", () => {
    return present.onlineNodes().length;
  });
  gauge("slots_online", "Answers the pool's nodes could write at once", () => {
    return present.onlineNodes().reduce((sum, node) => sum + node.slots, 0);
  });
  gauge("leases_open", "Answers being written by nodes of this replica", present.leases);
  gauge("followed_jobs", "Jobs somebody follows at this replica", present.followedJobs);
  addQueueGauges(metrics, present);
}

function addQueueGauges(metrics: Metrics, { db, clock }: Present): void {
  const registers = [metrics.registry];
  const labelNames = ["model", "tier"] as const;
  const reachable = new Gauge({
    name: "substrate_database_up",
    help: "1 when the records answered in time as the queue was counted last, else 0",
    registers,
    collect: async () => void (await waiting()),
  });
  let counted: { at: number; classes: Promise<WaitingClass[]> } | null = null;
  const waiting = () => {
    const now = clock();
    if (counted === null || Math.abs(now - counted.at) >= COUNT_EVERY_MS) {
      // Without the records the other numbers are needed most: they must not wait for these, or fail with them.
      const classes = inTime(countWaiting(db)).then(
        (found) => {
          reachable.set(1);
          return found;
        },
        () => {
          reachable.set(0);
          return [];
        },
      );
      counted = { at: now, classes };
    }
    return counted.classes;
  };
  new Gauge({
    name: "substrate_queue_depth",
    help: "Jobs that wait, by model class and trust tier; the whole pool's, from the records",
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { model, tier, jobs } of await waiting()) this.set({ model, tier }, jobs);
    },
  });
  new Gauge({
    name: "substrate_queue_oldest_seconds",
    help: "How long the job that waits longest has waited, by model class and trust tier",
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { model, tier, oldest } of await waiting()) {
        this.set({ model, tier }, Math.max(0, clock() - oldest) / 1000);
      }
    },
  });
}

/** Rejects when it takes longer than a scrape may. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the records did not answer")), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface WaitingClass {
  readonly model: string;
  readonly tier: string;
  readonly jobs: number;
  /** Creation of the oldest, milliseconds since the epoch. */
  readonly oldest: number;
}

/** Largest classes first. The records are asked, not Redis: they are the truth and know the jobs Redis lost. */
async function countWaiting(db: Database): Promise<WaitingClass[]> {
  const { rows } = await sql<{ queue: string; jobs: number; oldest: number }>`
    select queue, count(*)::integer as jobs, min(created_at) as oldest
    from job where state = 'queued' group by queue order by count(*) desc`.execute(db);
  const classes = new Map<string, WaitingClass>();
  for (const { queue, jobs, oldest } of rows) {
    let { model, tier } = classOf(queue);
    if (!classes.has(`${model}.${tier}`) && classes.size >= MAX_CLASSES) {
      model = "other";
      tier = "other";
    }
    const before = classes.get(`${model}.${tier}`);
    classes.set(`${model}.${tier}`, {
      ...{ model, tier },
      jobs: jobs + (before?.jobs ?? 0),
      oldest: Math.min(oldest, before?.oldest ?? oldest),
    });
  }
  return [...classes.values()];
}
