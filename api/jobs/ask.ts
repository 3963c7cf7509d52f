import { randomUUID } from "node:crypto";
import { seedCommitment } from "../../protocol/receipts/commitments.ts";
import type { AskRequest } from "../../protocol/wire/http.ts";
import type { PrivacyClass } from "../../protocol/wire/policy.ts";
import type { ApiContext } from "../context.ts";
import { ApiFailure, failures } from "../errors.ts";
import { insertWithinQuota, type LimitedJob } from "../members/limited-insert.ts";
import { samePerson } from "../members/person.ts";
import { QuotaReached, type QuotaRule, quotaRule } from "../members/quota.ts";
import type { NodeRules } from "../moderation/node-rules.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import { requireMayAsk, tighter } from "../policy/admit.ts";
import type { PolicyBook } from "../policy/book.ts";
import type { Rights } from "../policy/rights.ts";
import type { ModelBook, NamedModel } from "../pool/model-book.ts";
import { Gather } from "../storage/gather.ts";
import { chooseModel } from "./choose-model.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { FairOrder } from "./fair-order.ts";
import {
  findByRequestKeys,
  type Inserted,
  insertJobs,
  type JobRow,
  type NewJob,
} from "./insert.ts";
import { notices } from "./notices.ts";
import { queueName, type Tier, tierOf } from "./queue-name.ts";
import type { RecentJobs } from "./recent.ts";

/** A job that was asked now, or (not `fresh`) before. */
export interface Asked extends Inserted {
  /** Settles when the queue has it; never rejects, and takes as long as the queue is away. */
  readonly queued: Promise<void>;
}

export interface IntakeParts {
  readonly book: ModelBook;
  readonly directory: NodeDirectory;
  readonly dispatcher: Dispatcher;
  readonly recent: RecentJobs;
  readonly order: FairOrder;
  readonly policies: PolicyBook;
  readonly rules: NodeRules;
  readonly rights: Rights;
}

type Unranked = Omit<NewJob, "priority">;

/** What the place decides of a question. */
interface Terms {
  readonly model: NamedModel;
  readonly tier: Tier;
  readonly privacy: PrivacyClass;
  readonly systemPrompt: string | null;
}

/** Takes questions in: row first, then the queue, then whoever can answer is woken. */
export class Intake {
  readonly #ctx: ApiContext;
  readonly #book: ModelBook;
  readonly #directory: NodeDirectory;
  readonly #dispatcher: Dispatcher;
  readonly #recent: RecentJobs;
  readonly #order: FairOrder;
  readonly #policies: PolicyBook;
  readonly #rules: NodeRules;
  readonly #rights: Rights;
  readonly #inserts: Gather<NewJob, Inserted>;
  readonly #limited: Gather<LimitedJob, Inserted | QuotaReached>;
  /** True for accounts that an emergency act suspends; governance says which. */
  suspended: (account: string) => boolean = () => false;

  constructor(ctx: ApiContext, parts: IntakeParts) {
    this.#ctx = ctx;
    this.#book = parts.book;
    this.#directory = parts.directory;
    this.#dispatcher = parts.dispatcher;
    this.#recent = parts.recent;
    this.#order = parts.order;
    this.#policies = parts.policies;
    this.#rules = parts.rules;
    this.#rights = parts.rights;
    this.#inserts = new Gather((jobs) => insertJobs(ctx.steady, jobs));
    this.#limited = new Gather((jobs) => insertWithinQuota(ctx.db, jobs, ctx.clock()));
  }

  /**
   * Records a question and queues it. The same (community, requestKey) gives the earlier job, `fresh` false.
   * Throws ApiFailure for a prompt, model or earlier answer that will not do, and where the settings of the place
   * or the asker's quota refuse it.
   */
  async ask(request: AskRequest, repeats: string | null = null): Promise<Asked> {
    this.#checkPrompt(request.prompt);
    if (this.suspended(request.member)) throw failures.suspended();
    const asked = await this.#admit(request, repeats);
    if ("earlier" in asked) return again(asked.earlier);
    const { job, rule } = asked;
    const outcome =
      job.state === "queued" ? await this.#inLine(job, rule) : await this.#write(job, 1, rule);
    if (outcome instanceof QuotaReached) throw outcome;
    const { row, fresh } = outcome;
    if (fresh) this.#ctx.metrics.asks.inc();
    if (fresh && row.state === "failed") this.#ctx.metrics.ended("refused");
    // The row is what counts: nobody waits for the queue, which may be away.
    if (!fresh || row.state !== "queued") return { row, fresh, queued: Promise.resolve() };
    this.#recent.asked(row);
    return { row, fresh, queued: this.#enqueue(row) };
  }

  /** Writes a job with its place in the queue's order. */
  async #inLine(job: Unranked, rule: QuotaRule): Promise<Inserted | QuotaReached> {
    const rank = await this.#order.rank(job);
    let kept = false;
    try {
      const outcome = await this.#write(job, rank, rule);
      kept = !(outcome instanceof QuotaReached) && outcome.fresh;
      return outcome;
    } finally {
      this.#order.written(job, rank, kept);
    }
  }

  #write(job: Unranked, priority: number, rule: QuotaRule): Promise<Inserted | QuotaReached> {
    const ranked = { ...job, priority };
    return rule.limit === null
      ? this.#inserts.add(ranked)
      : this.#limited.add({ job: ranked, rule });
  }

  async #enqueue(row: JobRow): Promise<void> {
    try {
      await this.#ctx.queue.add(row.queue, [{ jobId: row.id, priority: row.priority }]);
      this.#dispatcher.wake(row.queue);
    } catch (error) {
      // The row stands: the reconciler adds it when the queue is back.
      this.#ctx.log.error({ err: error, job: row.id }, "could not add a job to the queue");
    }
  }

  #checkPrompt(prompt: string): void {
    const limit = this.#ctx.settings.maxPromptChars;
    if (prompt.trim() === "") throw failures.promptEmpty();
    // People count characters, not UTF-16 units; an emoji must not count twice.
    const chars = prompt.length <= limit ? prompt.length : [...prompt].length;
    if (chars > limit) throw failures.promptTooLong(chars, limit);
  }

  /**
   * What is to be written under the settings of the place, or the job that this is a retry of: a retry is still
   * the same job, whatever has changed meanwhile.
   */
  async #admit(
    request: AskRequest,
    repeats: string | null,
  ): Promise<{ job: Unranked; rule: QuotaRule } | { earlier: JobRow }> {
    try {
      const { community, room, parentRoom = null } = request;
      const policy = await this.#policies.in({ community, room, parentRoom });
      const { values } = policy;
      requireMayAsk(values, request, this.#rights);
      const privacy = tighter(values.privacy, request.privacy);
      const tier = tierOf(community, privacy, this.#rules.restricted.has(community));
      const model = await chooseModel(request.options?.model, values, tier, {
        book: this.#book,
        directory: this.#directory,
      });
      await this.#checkContinues(request);
      const terms = { model, tier, privacy, systemPrompt: policy.systemPromptSha256 };
      return { job: this.#newJob(request, terms, repeats), rule: quotaRule(policy) };
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      const { community, requestKey: request_key } = request;
      const [earlier] = await findByRequestKeys(this.#ctx.db, [{ community, request_key }]);
      if (earlier === undefined) throw error;
      return { earlier };
    }
  }

  /** Throws ApiFailure where there is no such answer here, or where it is another person's private one. */
  async #checkContinues(request: AskRequest): Promise<void> {
    if (request.continues === undefined) return;
    const { db } = this.#ctx;
    const answered = await db
      .selectFrom("job")
      .innerJoin("result", "result.job_id", "job.id")
      .select(["job.member", "job.private"])
      .where("job.id", "=", request.continues)
      .where("job.community", "=", request.community)
      .executeTakeFirst();
    if (answered === undefined) throw failures.continuesUnknown();
    if (answered.private && !(await samePerson(db, answered.member, request.member))) {
      throw failures.continuesUnknown();
    }
  }

  #newJob(
    request: AskRequest,
    { model, tier, privacy, systemPrompt }: Terms,
    repeats: string | null,
  ): Unranked {
    const { clock, random, replica, settings } = this.#ctx;
    const id = randomUUID();
    const now = clock();
    const seed = random(32).toString("hex");
    const options = request.options ?? {};
    const wait = options.wait ?? false;
    const refused = !wait && this.#directory.slots(model.sha256, tier) === 0;
    return {
      id,
      community: request.community,
      member: request.member,
      room: request.room,
      request_key: request.requestKey,
      prompt: request.prompt,
      continues: request.continues ?? null,
      repeats,
      model_sha256: model.sha256,
      model_name: model.name,
      model_chosen: options.model !== undefined,
      queue: queueName(model.sha256, tier),
      state: refused ? "failed" : "queued",
      options,
      seed,
      seed_commitment: seedCommitment(id, seed),
      prompt_salt: random(32).toString("hex"),
      wait,
      created_at: now,
      expires_at: now + settings.waitLimitMs,
      finished_at: refused ? now : null,
      reply_to: [replica],
      notice: refused ? notices.noNode(model.name, privacy) : null,
      private: request.private ?? false,
      privacy,
      system_prompt: systemPrompt,
    };
  }
}

function again(row: JobRow): Asked {
  return { row, fresh: false, queued: Promise.resolve() };
}
