import { randomUUID } from "node:crypto";
import { seedCommitment } from "../../protocol/receipts/commitments.ts";
import type { AskRequest } from "../../protocol/wire/http.ts";
import type { ApiContext } from "../context.ts";
import { failures } from "../errors.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import { byCapability, type ModelBook, type NamedModel, shippedModel } from "../pool/model-book.ts";
import { MAX_PRIORITY } from "../queue/bull-queue.ts";
import { Gather } from "../storage/gather.ts";
import type { Dispatcher } from "./dispatch.ts";
import {
  findByRequestKeys,
  type Inserted,
  insertJobs,
  type JobRow,
  type NewJob,
} from "./insert.ts";
import { notices } from "./notices.ts";
import type { Outstanding } from "./outstanding.ts";
import { queueName } from "./queue-name.ts";
import type { RecentJobs } from "./recent.ts";

/** A job that was asked now, or (not `fresh`) before. */
export interface Asked extends Inserted {
  /** Settles when the queue has it; never rejects, and takes as long as the queue is away. */
  readonly queued: Promise<void>;
}

/** Takes questions in: row first, then the queue, then whoever can answer is woken. */
export class Intake {
  readonly #ctx: ApiContext;
  readonly #book: ModelBook;
  readonly #directory: NodeDirectory;
  readonly #dispatcher: Dispatcher;
  readonly #recent: RecentJobs;
  readonly #outstanding: Outstanding;
  readonly #inserts: Gather<NewJob, Inserted>;

  constructor(
    ctx: ApiContext,
    book: ModelBook,
    directory: NodeDirectory,
    dispatcher: Dispatcher,
    recent: RecentJobs,
    outstanding: Outstanding,
  ) {
    this.#ctx = ctx;
    this.#book = book;
    this.#directory = directory;
    this.#dispatcher = dispatcher;
    this.#recent = recent;
    this.#outstanding = outstanding;
    this.#inserts = new Gather((jobs) => insertJobs(ctx.db, jobs));
  }

  /**
   * Records a question and queues it. The same (community, requestKey) gives the earlier job, `fresh` false.
   * Throws ApiFailure for a prompt, model or earlier answer that will not do.
   */
  async ask(request: AskRequest, repeats: string | null = null): Promise<Asked> {
    this.#checkPrompt(request.prompt);
    const { community, requestKey } = request;
    const wanted = request.options?.model;
    const model = wanted === undefined ? this.#bestOnline() : await this.#book.resolve(wanted);
    if (model === null) {
      // A retry is still the same job, even if the model has been forgotten meanwhile.
      const [earlier] = await findByRequestKeys(this.#ctx.db, [
        { community, request_key: requestKey },
      ]);
      if (earlier !== undefined) return { row: earlier, fresh: false, queued: Promise.resolve() };
      throw failures.modelUnknown(
        wanted as string,
        (await this.#book.all()).map((each) => each.name),
      );
    }
    await this.#checkContinues(request);
    const job = this.#newJob(request, model, repeats);
    const priority = job.state === "queued" ? await this.#outstanding.add(job) : 1;
    const { row, fresh } = await this.#inserts.add({
      ...job,
      priority: Math.min(priority, MAX_PRIORITY),
    });
    if (!fresh && job.state === "queued") this.#outstanding.ended(job);
    if (fresh) this.#ctx.metrics.asks.inc();
    if (fresh && row.state === "failed") this.#ctx.metrics.ended("refused");
    // The row is what counts: nobody waits for the queue, which may be away.
    if (!fresh || row.state !== "queued") return { row, fresh, queued: Promise.resolve() };
    this.#recent.asked(row);
    return { row, fresh, queued: this.#enqueue(row) };
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

  async #checkContinues(request: AskRequest): Promise<void> {
    if (request.continues === undefined) return;
    const answered = await this.#ctx.db
      .selectFrom("job")
      .innerJoin("result", "result.job_id", "job.id")
      .select("job.id")
      .where("job.id", "=", request.continues)
      .where("job.community", "=", request.community)
      .executeTakeFirst();
    if (answered === undefined) throw failures.continuesUnknown();
  }

  /** The most capable model online; offline, the one the program ships with. */
  #bestOnline(): NamedModel {
    const best = this.#directory.offered().sort(byCapability)[0];
    return best === undefined ? shippedModel() : { sha256: best.sha256, name: best.name };
  }

  #newJob(
    request: AskRequest,
    model: NamedModel,
    repeats: string | null,
  ): Omit<NewJob, "priority"> {
    const { clock, random, replica, settings } = this.#ctx;
    const id = randomUUID();
    const now = clock();
    const seed = random(32).toString("hex");
    const options = request.options ?? {};
    const wait = options.wait ?? false;
    const refused = !wait && this.#directory.slots(model.sha256) === 0;
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
      queue: queueName(model.sha256),
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
      notice: refused ? notices.noNode(model.name) : null,
      private: false,
      privacy: "open",
      system_prompt: null,
    };
  }
}
