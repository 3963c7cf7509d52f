import { ReceiptRefused } from "../../protocol/receipts/check-receipt.ts";
import type { FailFrame, FinishFrame, TextFrame } from "../../protocol/wire/gateway.ts";
import type { ApiContext } from "../context.ts";
import type { NodeSession } from "../nodes/session.ts";
import { Gather } from "../storage/gather.ts";
import { loseAttempt } from "./attempts.ts";
import { examineAnswer } from "./examine-answer.ts";
import type { FairOrder } from "./fair-order.ts";
import type { Lease } from "./lease.ts";
import { type LostCode, lostMessage } from "./notices.ts";
import type { Relay } from "./relay.ts";
import { type AnswerRows, storeAnswers } from "./store-answer.ts";
import { viewOfAnswered } from "./view.ts";

/** Tells the dispatcher that there may be work to hand out. */
export interface Waker {
  /** A job waits in this queue; other replicas are told too. */
  wake(queue: string): void;
  /** A slot of this node is free. */
  nodeFree(session: NodeSession): void;
}

/** The leases this replica holds: what their nodes send, and how each of them ends. */
export class LeaseDesk {
  readonly #ctx: ApiContext;
  readonly #relay: Relay;
  readonly #order: FairOrder;
  readonly #leases = new Map<string, Lease>();
  #turns = 0;
  readonly #answers: Gather<AnswerRows, boolean>;
  #waker: Waker = { wake() {}, nodeFree() {} };

  constructor(ctx: ApiContext, relay: Relay, order: FairOrder) {
    this.#ctx = ctx;
    this.#relay = relay;
    this.#order = order;
    this.#answers = new Gather((answers) => storeAnswers(ctx.steady, answers), { atMost: 200 });
  }

  useWaker(waker: Waker): void {
    this.#waker = waker;
  }

  all(): Lease[] {
    return [...this.#leases.values()];
  }

  byJob(jobId: string): Lease | undefined {
    return this.#leases.get(jobId);
  }

  open(lease: Lease): void {
    this.#leases.set(lease.jobId, lease);
    this.#order.started(lease.taken.queue, lease.row.priority);
    lease.session.leases.set(lease.id, lease);
    lease.session.latestTurn = ++this.#turns;
  }

  text(session: NodeSession, frame: TextFrame): void {
    const lease = this.#ofNode(session, frame.lease, "text");
    if (lease === null) return;
    const offence = this.#textOffence(lease, frame);
    if (offence !== null) {
      this.#punish(lease, offence);
      return;
    }
    lease.nextSeq++;
    lease.text.add(frame.text);
    lease.lastTextAt = this.#ctx.clock();
    this.#relay.text(lease);
  }

  /** What is wrong with a piece of text; null when it may be added. */
  #textOffence(lease: Lease, { seq, text }: TextFrame): string | null {
    if (lease.state !== "writing") return "text after finish";
    if (seq !== lease.nextSeq) return `seq ${seq} where ${lease.nextSeq} was due`;
    if (!text.isWellFormed() || text.includes("\0")) return "a piece that is not text";
    lease.bytes += Buffer.byteLength(text);
    const limit = this.#ctx.limits.answerBytes;
    return lease.bytes > limit ? `more than ${limit} bytes of answer` : null;
  }

  async finish(session: NodeSession, frame: FinishFrame): Promise<void> {
    const lease = this.#ofNode(session, frame.lease, "finish");
    if (lease === null) return;
    if (lease.state !== "writing") return this.#punish(lease, "finish sent twice");
    if (frame.seq !== lease.nextSeq) {
      return this.#punish(lease, `finish after ${lease.nextSeq} pieces says ${frame.seq}`);
    }
    if (frame.finishReason === "stopped" && lease.stopAt === null) {
      return this.#punish(lease, "stopped without being asked");
    }
    lease.state = "checking";
    const { log } = this.#ctx;
    let rows: AnswerRows;
    try {
      rows = examineAnswer(this.#ctx, lease, frame);
    } catch (error) {
      if (!(error instanceof ReceiptRefused)) throw error;
      log.warn(
        { job: lease.jobId, node: session.keyId, code: error.code, why: error.message },
        "receipt refused",
      );
      void this.lose(lease, "receipt_refused");
      session.close(1008, `receipt refused: ${error.code}`);
      return;
    }
    // The node's part is done: it may have its next job while this answer is written down.
    session.forget(lease.id);
    this.#waker.nodeFree(session);
    let kept: boolean;
    try {
      kept = await this.#answers.add(rows);
    } catch (error) {
      log.error({ err: error, job: lease.jobId }, "could not store an answer");
      return this.lose(lease, "pool_restarted");
    }
    lease.state = "ended";
    this.#drop(lease);
    if (kept) {
      const tokens = { prompt: rows.prompt_tokens, completion: rows.completion_tokens };
      this.#ctx.metrics.answered(rows.state, rows.now - lease.row.created_at, tokens);
    }
    if (kept) this.#relay.end(lease.jobId, lease.replyTo, viewOfAnswered(lease, rows));
    else
      log.warn(
        { job: lease.jobId, node: session.keyId },
        "an answer came too late and was not kept",
      );
    await this.#leaveQueue(lease);
  }

  fail(session: NodeSession, frame: FailFrame): void {
    const lease = this.#ofNode(session, frame.lease, "fail");
    if (lease === null || lease.state !== "writing") return;
    // The node's own words may hold the prompt: they are neither logged nor shown.
    this.#ctx.log.warn(
      { job: lease.jobId, node: session.keyId, code: frame.code },
      "node gave a job back",
    );
    void this.lose(lease, frame.code === "leaving" ? "node_left" : "node_refused");
  }

  /** The asker wants no more; the node may sign what it has. */
  stop(lease: Lease): void {
    if (lease.stopAt !== null || lease.state !== "writing") return;
    lease.stopAt = this.#ctx.clock() + this.#ctx.limits.stopMs;
    lease.session.send({ type: "stop", lease: lease.id });
  }

  /** The connection is gone; an answer that is being checked already counts. */
  nodeGone(session: NodeSession, code: LostCode): Promise<unknown> {
    const open = [...session.leases.values()].filter((lease) => lease.state === "writing");
    return Promise.all(open.map((lease) => this.lose(lease, code)));
  }

  /** Ends a lease without an answer: the job waits again (or ends), followers are told. */
  async lose(lease: Lease, code: LostCode): Promise<void> {
    if (lease.state === "ended") return;
    const { clock, db, limits, log } = this.#ctx;
    const { session, jobId, attempt } = lease;
    this.#relay.flush();
    lease.state = "ended";
    session.forget(lease.id);
    if (!session.gone) session.send({ type: "stop", lease: lease.id });
    const message = lostMessage(code, session.name);
    log.info({ job: jobId, attempt, node: session.keyId, code }, "attempt lost");
    this.#ctx.metrics.lost(code);
    try {
      const ended = { job_id: jobId, attempt, code, message, now: clock() };
      const moved = await loseAttempt(db, { ...ended, maxAttempts: limits.maxAttempts });
      // Until here the reconciler must see that the job has somebody who looks after it.
      this.#drop(lease);
      // Someone else leads the job by now: its queue entry is theirs too.
      if (moved === null) return;
      if (moved.state === "queued") {
        const data = { attempt, node: lease.node, code, message };
        this.#relay.emit(jobId, new Set([...lease.replyTo, ...moved.reply_to]), {
          event: "moved",
          data,
        });
        await this.#backToQueue(lease, moved.priority);
        this.#waker.wake(lease.taken.queue);
      } else {
        this.#ctx.metrics.ended(moved.state);
        this.#relay.end(jobId, new Set([...lease.replyTo, ...moved.reply_to]));
        await this.#leaveQueue(lease);
      }
    } catch (error) {
      // The row stays `running` in this replica's name; the reconciler finds it without a lease.
      log.error({ err: error, job: jobId }, "could not give a job back");
    } finally {
      this.#drop(lease);
      if (!session.gone) this.#waker.nodeFree(session);
    }
  }

  /** The lease a frame speaks of; null after dealing with a frame for one this node does not hold. */
  #ofNode(session: NodeSession, leaseId: string, what: string): Lease | null {
    const lease = session.leases.get(leaseId);
    if (lease !== undefined) return lease;
    if (session.hadLease(leaseId)) return null;
    session.foreignFrames++;
    this.#ctx.log.warn(
      { node: session.keyId, frame: what },
      "frame for a lease this node does not hold",
    );
    if (session.foreignFrames >= this.#ctx.limits.foreignFrames) {
      session.close(1008, "frames for leases this node does not hold");
    }
    return null;
  }

  #punish(lease: Lease, why: string): void {
    this.#ctx.log.warn({ job: lease.jobId, node: lease.session.keyId, why }, "bad frames");
    void this.lose(lease, "bad_frames");
    lease.session.close(1008, why);
  }

  #drop(lease: Lease): void {
    if (this.#leases.get(lease.jobId) === lease) this.#leases.delete(lease.jobId);
  }

  async #backToQueue(lease: Lease, priority: number): Promise<void> {
    try {
      await lease.taken.giveBack();
    } catch {
      // The queue was wiped or has freed the job by itself: adding again does no harm.
      await this.#ctx.queue.add(lease.taken.queue, [{ jobId: lease.jobId, priority }]);
    }
  }

  async #leaveQueue(lease: Lease): Promise<void> {
    try {
      await lease.taken.complete();
    } catch (error) {
      // The lock was lost or the queue wiped. A leftover entry is dropped when somebody leases it.
      this.#ctx.log.info({ job: lease.jobId, err: error }, "queue entry was not ours any more");
    }
  }
}
