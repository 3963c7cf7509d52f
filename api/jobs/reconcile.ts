import { sql } from "kysely";
import type { ApiContext } from "../context.ts";
import { loseAttempt } from "./attempts.ts";
import type { ForgottenJobs } from "./forgotten-jobs.ts";
import { lostMessage, notices } from "./notices.ts";
import { chooseAgain, failRemovedModels, keepApart, type RehomeParts } from "./rehome.ts";

export interface ReconcileParts extends RehomeParts {
  readonly forgotten: ForgottenJobs;
}

/** Rows looked at in one round; the rest comes next time. */
const AT_MOST = 500;

/**
 * Makes the queue agree with the records again: they are the truth, and Redis may be wiped. Each replica looks
 * after jobs it thinks it leads; one replica at a time looks after all others.
 */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { ctx } = parts;
  await dropOrphans(parts, [ctx.replica]);
  if (!(await holdDuty(ctx, "reconcile", 3 * ctx.limits.reconcileMs))) return;
  await dropOrphans(parts, await deadReplicas(ctx));
  await expireWaiting(parts);
  await keepApart(parts);
  await chooseAgain(parts);
  await failRemovedModels(parts);
  await parts.forgotten.round();
}

/** Says that this replica lives. Its own round: reconciling may have to wait for a queue that is away. */
export async function beat(ctx: ApiContext): Promise<void> {
  const seen_at = ctx.clock();
  await ctx.db
    .insertInto("replica")
    .values({ id: ctx.replica, seen_at })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ seen_at }))
    .execute();
}

/** True while this replica holds the duty; another takes over when it lapses. */
export async function holdDuty(ctx: ApiContext, name: string, forMs: number): Promise<boolean> {
  const now = ctx.clock();
  const { rows } = await sql`
    insert into duty (name, holder, until) values (${name}, ${ctx.replica}, ${now + forMs}::bigint)
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
    where duty.holder = excluded.holder or duty.until < ${now}::bigint
    returning name`.execute(ctx.db);
  return rows.length > 0;
}

/** Names of replicas that lead jobs and have not been heard of for long. */
async function deadReplicas(ctx: ApiContext): Promise<string[]> {
  const deadline = ctx.clock() - ctx.limits.replicaDeadMs;
  await ctx.db.deleteFrom("replica").where("seen_at", "<", deadline).execute();
  const { rows } = await sql<{ replica: string }>`
    select distinct replica from job j
    where state = 'running' and not exists (select 1 from replica r where r.id = j.replica)`.execute(
    ctx.db,
  );
  return rows.map((row) => row.replica);
}

/** Running rows of these replicas that nobody works on wait again. */
async function dropOrphans(parts: ReconcileParts, replicas: string[]): Promise<void> {
  if (replicas.length === 0) return;
  const { ctx, dispatcher, relay } = parts;
  const running = await ctx.db
    .selectFrom("job")
    .innerJoin("attempt", (join) =>
      join.onRef("attempt.job_id", "=", "job.id").onRef("attempt.n", "=", "job.attempts"),
    )
    .select(["job.id", "job.queue", "job.attempts", "attempt.node_key", "attempt.node_name"])
    .where("job.state", "=", "running")
    .where("job.replica", "in", replicas)
    .limit(AT_MOST)
    .execute();
  for (const job of running) {
    if (dispatcher.leads(job.id)) continue;
    const code = "pool_restarted";
    const message = lostMessage(code, job.node_name);
    const moved = await loseAttempt(ctx.db, {
      ...{ job_id: job.id, attempt: job.attempts, code, message },
      ...{ now: ctx.clock(), maxAttempts: ctx.limits.maxAttempts },
    });
    if (moved === null) continue;
    ctx.log.warn({ job: job.id, attempt: job.attempts }, "a job nobody led waits again");
    ctx.metrics.lost(code);
    if (moved.state !== "queued") {
      ctx.metrics.ended(moved.state);
      relay.end(job.id, moved.reply_to);
      continue;
    }
    const node = { keyId: job.node_key, name: job.node_name, role: "generate" };
    const data = { attempt: job.attempts, node, code, message };
    relay.emit(job.id, moved.reply_to, { event: "moved", data });
  }
}

/** Gives up jobs that have waited too long, with a message. */
async function expireWaiting({ ctx, relay }: ReconcileParts): Promise<void> {
  const now = ctx.clock();
  const notice = JSON.stringify(notices.expired(ctx.settings.waitLimitMs));
  const { rows } = await sql<{ id: string; queue: string; reply_to: string[] }>`
    update job set state = 'expired', finished_at = ${now}::bigint, notice = ${notice}::jsonb
    where state = 'queued' and expires_at <= ${now}::bigint
    returning id, queue, reply_to`.execute(ctx.db);
  ctx.metrics.ended("expired", rows.length);
  for (const job of rows) {
    relay.end(job.id, job.reply_to);
    // A leftover would be dropped when leased; nobody may be there to lease it.
    await ctx.queue.remove(job.queue, job.id);
  }
}
