import { Counter, Histogram, Registry } from "prom-client";
import type { QueueOperation } from "./observed-queue.ts";

/** What became of a job. `refused`: nobody could have answered it when it was asked. */
export type Outcome = "done" | "cancelled" | "failed" | "expired" | "refused";

/** Seconds; from a local round trip to the longest wait a pool allows. */
const FAST = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const SLOW = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/**
 * What one replica counts about itself, in Prometheus' terms (base units, `_total`, `_seconds`). Labels come
 * from closed sets only: no member, community, room, prompt or node is ever a label, so nobody can be read out
 * of the numbers and nobody can blow them up.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly asks = this.#counter("asks_total", "Questions taken in, without repeated ones");
  readonly jobs = this.#counter("jobs_total", "Jobs that ended, by outcome", ["outcome"]);
  readonly wait = this.#histogram(
    "job_wait_seconds",
    "From the question to the first node, by trust tier",
    SLOW,
    ["tier"],
  );
  readonly answer = this.#histogram(
    "job_answer_seconds",
    "From the question to the stored answer",
    SLOW,
  );
  readonly tokens = this.#counter("tokens_total", "Tokens of accepted answers", ["kind"]);
  readonly leasesLost = this.#counter(
    "leases_lost_total",
    "Attempts that ended without an answer, by reason",
    ["reason"],
  );
  readonly nodeFrames = this.#counter("node_frames_total", "Frames received from nodes", ["type"]);
  readonly nodesRefused = this.#counter("nodes_refused_total", "Connections refused, by reason", [
    "reason",
  ]);
  readonly busMessages = this.#counter(
    "bus_messages_total",
    "Messages between replicas, by direction and type",
    ["direction", "type"],
  );
  readonly relayedEvents = this.#counter(
    "relayed_events_total",
    "Events of followed jobs carried between replicas",
    ["direction"],
  );
  readonly database = this.#histogram(
    "database_seconds",
    "Duration of database statements, by result",
    FAST,
    ["result"],
  );
  readonly queue = this.#histogram(
    "queue_operation_seconds",
    "Duration of queue operations (Redis round trips), by operation",
    FAST,
    ["operation"],
  );
  readonly http = this.#histogram(
    "http_request_seconds",
    "Duration of HTTP requests, by route; event streams are left out",
    FAST,
    ["method", "route", "status"],
  );
  readonly rateLimited = this.#counter(
    "rate_limited_total",
    "Requests and connections refused for coming too often, by limit",
    ["limit"],
  );

  /** A job ended; `tokens` where there is an accepted answer. */
  ended(outcome: Outcome, count = 1): void {
    this.jobs.inc({ outcome }, count);
  }

  /** An answer was stored `ms` after its question. */
  answered(outcome: Outcome, ms: number, tokens: { prompt: number; completion: number }): void {
    this.ended(outcome);
    this.answer.observe(ms / 1000);
    this.tokens.inc({ kind: "prompt" }, tokens.prompt);
    this.tokens.inc({ kind: "completion" }, tokens.completion);
  }

  /** A job of this queue went to its first node `ms` after its question. */
  started(queue: string, ms: number): void {
    this.wait.observe({ tier: classOf(queue).tier }, Math.max(0, ms) / 1000);
  }

  statement(ok: boolean, ms: number): void {
    this.database.observe({ result: ok ? "ok" : "error" }, ms / 1000);
  }

  lost(reason: string): void {
    this.leasesLost.inc({ reason });
  }

  queueOperation(operation: QueueOperation, ms: number): void {
    this.queue.observe({ operation }, ms / 1000);
  }

  #counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) {
    const counter = new Counter<L>({
      name: `substrate_${name}`,
      help,
      labelNames,
      registers: [this.registry],
    });
    return counter;
  }

  #histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly L[] = [],
  ) {
    const registers = [this.registry];
    return new Histogram<L>({ name: `substrate_${name}`, help, buckets, labelNames, registers });
  }
}

/** Model class and trust tier of a queue's name; a circle's own queue counts as its tier, not as its community. */
export function classOf(queue: string): { model: string; tier: string } {
  const [model = "", tier = ""] = queue.split(".");
  return { model, tier: tier.split("-")[0] as string };
}
