import { rulesetDigest } from "../../config/constitution.ts";
import type { ApiContext } from "../context.ts";
import type { NodeRules } from "../moderation/node-rules.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import type { NodeSession } from "../nodes/session.ts";
import type { PolicyBook } from "../policy/book.ts";
import type { ModelBook } from "../pool/model-book.ts";
import type { Taken } from "../queue/backend.ts";
import { Gather } from "../storage/gather.ts";
import { type AttemptStart, type Begun, beginAttempts, endJob } from "./attempts.ts";
import { chooseNode } from "./choose-node.ts";
import { type LeaseCandidate, loadCandidate } from "./conversation.ts";
import type { Lease } from "./lease.ts";
import type { LeaseDesk, Waker } from "./lease-desk.ts";
import { makeLease } from "./make-lease.ts";
import { lostMessage, notices } from "./notices.ts";
import { type Tier, tierIn } from "./queue-name.ts";
import type { RecentJobs } from "./recent.ts";
import type { Relay } from "./relay.ts";

/** Jobs asked for at once from one queue at most; each comes with its own lock. */
const MAX_AT_ONCE = 32;

/**
 * Takes jobs from the queues for the nodes connected here. A queue is looked at when somebody says that a job
 * waits there (wake), when a node gets free, and about once a second in case a wake was lost.
 */
export class Dispatcher implements Waker {
  readonly #ctx: ApiContext;
  readonly #relay: Relay;
  readonly #desk: LeaseDesk;
  readonly #directory: NodeDirectory;
  readonly #book: ModelBook;
  readonly #nodeRules: NodeRules;
  readonly #policies: PolicyBook;
  /** Digest of the rules in force; governance says which those are. */
  rulesInForce: () => string = rulesetDigest;
  readonly #sessions = new Set<NodeSession>();
  /** Queues being looked at; true: look again when done. */
  readonly #looking = new Map<string, boolean>();
  /** Queues that were empty when last looked at, and of which nobody has said since that a job waits there. */
  readonly #dry = new Set<string>();
  /** Takes under way, each with the node whose slot is reserved for what it finds. */
  readonly #takes = new Set<{ readonly queue: string; session: NodeSession }>();
  /** Queues looked at while no slot was free, and whether a node may load their model. */
  readonly #passedOver = new Map<string, boolean>();
  /** Jobs between the queue and their node; true: somebody stopped them meanwhile. */
  readonly #assigning = new Map<string, boolean>();
  readonly #recent: RecentJobs;
  readonly #begin: Gather<AttemptStart, Begun | null>;
  #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(
    ctx: ApiContext,
    relay: Relay,
    desk: LeaseDesk,
    directory: NodeDirectory,
    book: ModelBook,
    nodeRules: NodeRules,
    policies: PolicyBook,
    recent: RecentJobs,
  ) {
    this.#ctx = ctx;
    this.#relay = relay;
    this.#recent = recent;
    this.#desk = desk;
    this.#directory = directory;
    this.#book = book;
    this.#nodeRules = nodeRules;
    this.#policies = policies;
    this.#begin = new Gather((starts) => beginAttempts(ctx.steady, starts, ctx.limits.maxAttempts));
    desk.useWaker(this);
    this.#poll();
  }

  nodeReady(session: NodeSession): void {
    this.#sessions.add(session);
    this.#lookFor(session, () => true);
  }

  nodeGone(session: NodeSession): void {
    this.#sessions.delete(session);
  }

  nodeFree(session: NodeSession): void {
    this.#lookFor(session, (queue) => !this.#dry.has(queue));
  }

  #lookFor(session: NodeSession, worthIt: (queue: string) => boolean): void {
    const queues = [...session.queues].sort(([, a], [, b]) => Number(b.loaded) - Number(a.loaded));
    for (const [queue] of queues) if (worthIt(queue)) this.look(queue);
  }

  wake(queue: string): void {
    this.#ctx.bus.toAll({ from: this.#ctx.replica, type: "wake", queue });
    this.look(queue);
  }

  /** Hands out what waits in a queue, as far as nodes here are free. */
  look(queue: string, mayLoad = false): void {
    if (this.#closed) return;
    this.#dry.delete(queue);
    if (this.#looking.has(queue)) {
      this.#looking.set(queue, true);
      return;
    }
    this.#looking.set(queue, false);
    void this.#takeAll(queue, mayLoad).then(() => {
      const again = this.#looking.get(queue);
      this.#looking.delete(queue);
      if (again) this.look(queue, mayLoad);
    });
  }

  /** Stops a job led here; false when it is not. */
  stop(jobId: string): boolean {
    const lease = this.#desk.byJob(jobId);
    if (lease !== undefined) this.#desk.stop(lease);
    else if (this.#assigning.has(jobId)) this.#assigning.set(jobId, true);
    else return false;
    return true;
  }

  /** True while the job is between the queue and a node here, or with a node here. */
  leads(jobId: string): boolean {
    return this.#assigning.has(jobId) || this.#desk.byJob(jobId) !== undefined;
  }

  /** Takes nothing more. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #poll(): void {
    const { pollMs } = this.#ctx.limits;
    const jitter = (this.#ctx.random(1)[0] as number) / 512;
    this.#after(pollMs * (0.75 + jitter), () => {
      const queues = new Set<string>();
      for (const session of this.#sessions) {
        if (!session.hasFreeSlot) continue;
        for (const queue of session.queues.keys()) queues.add(queue);
      }
      for (const queue of queues) this.look(queue, true);
      this.#poll();
    });
  }

  async #takeAll(queue: string, mayLoad: boolean): Promise<void> {
    try {
      // How many wait is not known: one is taken, then two at once, then four.
      for (let width = 1; ; width = Math.min(2 * width, MAX_AT_ONCE)) {
        const takes: Promise<boolean>[] = [];
        for (let session = this.#choose(queue, mayLoad); session !== null && !this.#closed; ) {
          takes.push(this.#takeOne(queue, session));
          session = takes.length < width ? this.#choose(queue, mayLoad) : null;
        }
        if (takes.length === 0) {
          this.#passedOver.set(queue, mayLoad);
          return;
        }
        this.#passedOver.delete(queue);
        const found = await Promise.all(takes);
        if (found.includes(false)) {
          // Whoever came meanwhile has this looked at again.
          if (this.#looking.get(queue) === false) this.#dry.add(queue);
          return this.#lookAtPassedOver();
        }
      }
    } catch (error) {
      this.#ctx.log.error({ err: error, queue }, "could not take a job from the queue");
    }
  }

  /** Takes a job for a node, whose slot is reserved meanwhile. False when none waits. */
  async #takeOne(queue: string, session: NodeSession): Promise<boolean> {
    const take = { queue, session };
    session.reserved++;
    this.#takes.add(take);
    let taken: Taken | null = null;
    try {
      taken = await this.#ctx.queue.take(queue, this.#ctx.random(16).toString("hex"));
    } finally {
      this.#takes.delete(take);
      if (taken === null) take.session.reserved--;
    }
    if (taken === null) return false;
    void this.#assign(taken, take.session);
    return true;
  }

  /**
   * A node that is only kept for a take under way, for a job that must not go to `session`: that take gets
   * `session` instead, and may yet find nothing. Null when there is none.
   */
  #exchange(queue: string, session: NodeSession, tried: ReadonlySet<string>): NodeSession | null {
    for (const take of this.#takes) {
      if (take.queue !== queue) continue;
      take.session.reserved--;
      const { node } = chooseNode([take.session], queue, true, tried);
      if (node !== null) {
        take.session = session;
        session.reserved++;
        return node;
      }
      take.session.reserved++;
    }
    return null;
  }

  /** A slot that was promised to an empty queue is free again: others may have found none because of that. */
  #lookAtPassedOver(): void {
    const queues = [...this.#passedOver];
    this.#passedOver.clear();
    for (const [queue, mayLoad] of queues) this.look(queue, mayLoad);
  }

  /** A free node for the queue; null when there is none, or none yet: others get a head start. */
  #choose(queue: string, mayLoad: boolean): NodeSession | null {
    const { node, mustLoad } = chooseNode(this.#sessions, queue, mayLoad);
    if (node !== null || mustLoad === null) return node;
    if (!this.#loadedElsewhere(mustLoad, tierIn(queue)))
      return chooseNode(this.#sessions, queue, true).node;
    this.#after(this.#ctx.limits.loadHeadStartMs, () => this.look(queue, true));
    return null;
  }

  #loadedElsewhere(sha256: string, tier: Tier): boolean {
    return this.#directory
      .withModel(sha256, tier)
      .some((node) => node.models.some((model) => model.sha256 === sha256 && model.loaded));
  }

  /** From a taken queue entry to a node at work. Frees the slot reserved on `session`. */
  async #assign(taken: Taken, session: NodeSession): Promise<void> {
    const { jobId, queue } = taken;
    let reserved = session;
    let next: "look" | "later" = "look";
    this.#assigning.set(jobId, false);
    try {
      const candidate = await this.#wanted(taken);
      const chosen = candidate === null ? null : this.#notTried(candidate, session);
      if (candidate === null) {
        await taken.complete();
      } else if (chosen === null) {
        next = "later";
        await taken.giveBack();
        this.#ctx.bus.toAll({ from: this.#ctx.replica, type: "wake", queue });
      } else {
        if (chosen !== session) {
          session.reserved--;
          chosen.reserved++;
          reserved = chosen;
        }
        await this.#start(taken, candidate, chosen);
      }
    } catch (error) {
      next = "later";
      this.#ctx.log.error({ err: error, job: jobId }, "could not hand a job to a node");
      await taken.giveBack().catch(() => {});
    } finally {
      reserved.reserved--;
      this.#assigning.delete(jobId);
      // At once would be a tight loop over the same job.
      if (next === "later") this.#after(this.#ctx.limits.pollMs / 4, () => this.look(queue));
      else this.nodeFree(session);
    }
  }

  /** The job behind a queue entry while it is still wanted; otherwise null, and its row is closed if need be. */
  async #wanted(taken: Taken): Promise<LeaseCandidate | null> {
    const { clock, db, limits } = this.#ctx;
    const candidate =
      this.#justAsked(taken) ?? (await loadCandidate(this.#ctx.steady, taken.jobId));
    if (candidate === null || candidate.queue !== taken.queue) return null;
    if (candidate.state !== "queued" && candidate.state !== "running") return null;
    const { models_allowed } = (await this.#policies.pool()).values;
    const served = models_allowed?.includes(candidate.model_sha256) ?? true;
    // The pool chose that model and may choose another: the reconciler does.
    if (!served && !candidate.model_chosen) return null;
    const mayTry = taken.deferredFailure === null && candidate.attempts < limits.maxAttempts;
    if (served && mayTry) return candidate;
    const notice = served
      ? notices.tooManyAttempts(candidate.attempts)
      : notices.modelRemoved(candidate.model_name);
    const ended = await endJob(db, candidate.id, "failed", notice, clock());
    if (ended === null) return null;
    this.#ctx.metrics.ended("failed");
    this.#relay.end(candidate.id, ended.reply_to);
    return null;
  }

  /**
   * A job asked here within the last second that stands alone: handing it out needs no second reading. What
   * changed since, beginAttempts notices.
   */
  #justAsked({ jobId, queue }: Taken): LeaseCandidate | null {
    const row = this.#recent.waiting(jobId);
    if (row === null || row.queue !== queue || row.continues !== null) return null;
    return { ...row, tried: [], turns: [] };
  }

  /** `session`, or another free node here if it lost this job; null: leave it to a node elsewhere for now. */
  #notTried(candidate: LeaseCandidate, session: NodeSession): NodeSession | null {
    const { community, privacy } = candidate;
    // The queue should have seen to that; a standing may be younger than the job's place in it.
    if (!this.#nodeRules.mayServe(session.keyId, community, privacy)) return null;
    const tried = new Set(candidate.tried.map((attempt) => attempt.node_key));
    if (!tried.has(session.keyId)) return session;
    const others = this.#directory
      .withModel(candidate.model_sha256, tierIn(candidate.queue))
      .filter((node) => !tried.has(node.keyId));
    if (others.length === 0) return session;
    const other = chooseNode(this.#sessions, candidate.queue, true, tried);
    if (other.node !== null) return other.node;
    const exchanged = this.#exchange(candidate.queue, session, tried);
    if (exchanged !== null) return exchanged;
    const lostAt = Math.max(...candidate.tried.map((attempt) => attempt.ended_at));
    return this.#ctx.clock() - lostAt < this.#ctx.limits.avoidMs ? null : session;
  }

  async #start(taken: Taken, candidate: LeaseCandidate, session: NodeSession): Promise<void> {
    const { clock, replica } = this.#ctx;
    const model = await this.#book.get(candidate.model_sha256);
    if (model === null) throw new Error("a node offers a model the pool has not learnt");
    const instructions = await this.#policies.instructions(candidate.system_prompt);
    const now = clock();
    const begun = await this.#begin.add({
      job_id: candidate.id,
      queue: taken.queue,
      node_key: session.keyId,
      node_name: session.name,
      replica,
      now,
    });
    if (begun === null) return await taken.complete();
    if (begun.attempts === 1) this.#ctx.metrics.started(taken.queue, now - candidate.created_at);
    const rulesetDigest = this.rulesInForce();
    const parts = { taken, candidate, session, begun, model, instructions, rulesetDigest, now };
    const lease = makeLease(this.#ctx, parts);
    this.#desk.open(lease);
    this.#announce(lease, begun);
    if (session.gone) return await this.#desk.lose(lease, "node_left");
    session.send({ type: "job", lease: lease.id, manifest: lease.manifestEnvelope });
    if (this.#assigning.get(candidate.id)) this.#desk.stop(lease);
  }

  #announce(lease: Lease, begun: Begun): void {
    if (begun.abandoned !== null) {
      const { n, node_key, node_name } = begun.abandoned;
      const data = {
        attempt: n,
        node: { keyId: node_key, name: node_name, role: "generate" },
        code: "pool_restarted",
        message: lostMessage("pool_restarted", node_name),
      };
      this.#relay.emit(lease.jobId, lease.replyTo, { event: "moved", data });
    }
    this.#relay.emit(lease.jobId, lease.replyTo, {
      event: "started",
      data: { attempt: lease.attempt, node: lease.node },
    });
  }

  #after(ms: number, run: () => void): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
