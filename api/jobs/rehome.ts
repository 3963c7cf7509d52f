import { sql } from "kysely";
import type { PrivacyClass } from "../../protocol/wire/policy.ts";
import type { ApiContext } from "../context.ts";
import type { NodeRules } from "../moderation/node-rules.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import { tighter } from "../policy/admit.ts";
import type { PolicyBook } from "../policy/book.ts";
import { byCapability } from "../pool/model-book.ts";
import type { Dispatcher } from "./dispatch.ts";
import { notices } from "./notices.ts";
import { OPEN, queueName, type Tier, tierIn, tierOf } from "./queue-name.ts";
import type { Relay } from "./relay.ts";

/** What is needed to see waiting jobs to the queue they belong in. */
export interface RehomeParts {
  readonly ctx: ApiContext;
  readonly relay: Relay;
  readonly dispatcher: Dispatcher;
  readonly directory: NodeDirectory;
  readonly rules: NodeRules;
  readonly policies: PolicyBook;
}

/** Rows looked at in one round; the rest comes next time. */
const AT_MOST = 500;

/** `queue(name)`: each queue that somebody waits in. One step through the index a queue, however many wait. */
const QUEUES = sql`queue (name) as (
    (select queue from job where state = 'queued' order by queue limit 1)
    union all
    select (select j.queue from job j where j.state = 'queued' and j.queue > q.name order by j.queue limit 1)
    from queue q where q.name is not null
  )`;

/**
 * Jobs whose model the pool chose and nobody may run for them any more go to the best model online now. A model
 * that the pool does not serve counts as offered by nobody.
 */
export async function chooseAgain(parts: RehomeParts): Promise<void> {
  const { ctx, directory, policies } = parts;
  const { models_allowed: allowed } = (await policies.pool()).values;
  for (const tier of await waitingTiers(parts)) {
    const offered = directory.offered(tier);
    const online = offered
      .filter((model) => allowed?.includes(model.sha256) ?? true)
      .sort(byCapability);
    const best = online[0];
    if (best === undefined) continue;
    const queue = queueName(best.sha256, tier);
    const served = online.map((model) => queueName(model.sha256, tier));
    const { rows } = await sql<Moved>`
      with recursive ${QUEUES}
      update job j set model_sha256 = m.sha256, model_name = m.name, queue = ${queue}, notice = null
      from model m, (select id, queue as old_queue from job
        where state = 'queued' and not model_chosen and queue in (
          select name from queue where name like ${`%.${tier}`} and not (name = any(${served}::text[])))
        order by priority, created_at limit ${AT_MOST}) w
      where j.id = w.id and j.state = 'queued' and m.sha256 = ${best.sha256}
      returning j.id, j.priority, j.queue, w.old_queue`.execute(ctx.db);
    await carryOver(parts, rows);
  }
}

/** Tiers somebody may wait in: the open one, and those of communities with rules of their own. */
async function waitingTiers({ ctx }: RehomeParts): Promise<Tier[]> {
  const { rows } = await sql<{ tier: string }>`
    with recursive ${QUEUES}
    select distinct substr(name, 18) as tier from queue
    where name not like ${`%.${OPEN}`} and exists (
      select 1 from job where state = 'queued' and queue = name and not model_chosen)`.execute(
    ctx.db,
  );
  return [OPEN, ...rows.map((row) => row.tier)];
}

/**
 * Open jobs of communities that have paused or barred a node wait in a queue of the community's own, all others
 * in the common one.
 */
export async function keepApart(parts: RehomeParts): Promise<void> {
  const { ctx, rules } = parts;
  const restricted = [...rules.restricted].map((community) => ({
    community,
    tier: tierOf(community, "open", true),
  }));
  const { rows } = await sql<Moved>`
    with recursive ${QUEUES}, restricted as (
      select * from jsonb_to_recordset(${JSON.stringify(restricted)}::jsonb)
        as r(community text, tier text)
    ), wanted as (
      select j.id, j.queue as old_queue, left(j.queue, 17) || r.tier as queue
      from restricted r join job j using (community)
      where j.state = 'queued' and j.privacy = 'open'
      union all
      select j.id, j.queue, left(j.queue, 17) || ${OPEN}
      from queue q join job j on j.queue = q.name
      where q.name not like ${`%.${OPEN}`} and j.state = 'queued' and j.privacy = 'open'
        and j.community not in (select community from restricted)
    )
    update job j set queue = w.queue from wanted w
    where j.id = w.id and j.state = 'queued' and j.queue = w.old_queue and w.queue <> w.old_queue
    returning j.id, j.priority, j.queue, w.old_queue`.execute(ctx.db);
  await carryOver(parts, rows);
}

/**
 * Waiting jobs of places that have become more private go to the queue of the machines trusted there. A place that
 * has become less so lets them wait as they were asked.
 */
export async function keepPrivate(parts: RehomeParts): Promise<void> {
  const { ctx, policies, rules } = parts;
  const { rows: places } = await sql<{ community: string; room: string; privacy: PrivacyClass }>`
    select distinct community, room, privacy from job
    where state = 'queued' and privacy <> 'own' limit ${AT_MOST}`.execute(ctx.db);
  for (const { community, room, privacy } of places) {
    const now = tighter((await policies.in({ community, room })).values.privacy, privacy);
    if (now === privacy) continue;
    const tier = tierOf(community, now, rules.restricted.has(community));
    const { rows } = await sql<Moved>`
      with wanted as (
        select id, queue as old_queue from job where state = 'queued' and community = ${community}
          and room = ${room} and privacy = ${privacy}
      )
      update job j set privacy = ${now}, queue = left(j.queue, 17) || ${tier} from wanted w
      where j.id = w.id and j.state = 'queued' and j.queue = w.old_queue
      returning j.id, j.priority, j.queue, w.old_queue`.execute(ctx.db);
    await carryOver(parts, rows);
  }
}

/** Ends waiting jobs for models that the pool serves no more, in words. */
export async function failRemovedModels({ ctx, policies, relay }: RehomeParts): Promise<void> {
  const { models_allowed: allowed } = (await policies.pool()).values;
  if (allowed === null) return;
  const { rows: models } = await sql<{ sha256: string; name: string }>`
    select distinct model_sha256 as sha256, model_name as name from job
    where state = 'queued' and not (model_sha256 = any(${allowed}::text[]))`.execute(ctx.db);
  for (const { sha256, name } of models) {
    const { rows } = await sql<{ id: string; queue: string; reply_to: string[] }>`
      update job set state = 'failed', finished_at = ${ctx.clock()}::bigint,
        notice = ${JSON.stringify(notices.modelRemoved(name))}::jsonb
      where state = 'queued' and model_sha256 = ${sha256}
      returning id, queue, reply_to`.execute(ctx.db);
    ctx.metrics.ended("failed", rows.length);
    for (const job of rows) {
      relay.end(job.id, job.reply_to);
      await ctx.queue.remove(job.queue, job.id);
    }
  }
}

interface Moved {
  readonly id: string;
  readonly priority: number;
  readonly queue: string;
  readonly old_queue: string;
}

/** Rows say where these jobs wait now; the queue learns it too. What is lost here, the reconciler makes good. */
async function carryOver({ ctx, dispatcher }: RehomeParts, moved: readonly Moved[]): Promise<void> {
  for (const job of moved) await ctx.queue.remove(job.old_queue, job.id);
  for (const [queue, jobs] of Map.groupBy(moved, (job) => job.queue)) {
    await ctx.queue.add(
      queue,
      jobs.map((job) => ({ jobId: job.id, priority: job.priority })),
    );
    ctx.log.info({ jobs: jobs.length, tier: tierIn(queue) }, "waiting jobs went to another queue");
    dispatcher.wake(queue);
  }
}
