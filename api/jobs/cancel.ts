import { sql } from "kysely";
import type { ApiContext } from "../context.ts";
import type { Dispatcher } from "./dispatch.ts";
import { notices } from "./notices.ts";
import type { Relay } from "./relay.ts";

/**
 * Stops a job in whatever state it is. A waiting one ends at once; a running one is stopped by the replica that
 * leads it, which gives the node a moment to sign its part; one that has ended stays as it is. Safe to repeat.
 */
export async function cancelJob(
  parts: { ctx: ApiContext; relay: Relay; dispatcher: Dispatcher },
  id: string,
): Promise<void> {
  const { ctx, relay, dispatcher } = parts;
  const now = ctx.clock();
  const notice = JSON.stringify(notices.stoppedBefore());
  const { rows } = await sql<{ state: string; queue: string; reply_to: string[] }>`
    update job set cancel_requested_at = coalesce(cancel_requested_at, ${now}::bigint),
      state = case when state = 'queued' then 'cancelled' else state end,
      finished_at = case when state = 'queued' then ${now}::bigint else finished_at end,
      notice = case when state = 'queued' then ${notice}::jsonb else notice end
    where id = ${id}::uuid and state in ('queued', 'running')
    returning state, queue, reply_to`.execute(ctx.db);
  const job = rows[0];
  if (job === undefined) return;
  if (job.state === "cancelled") {
    ctx.metrics.ended("cancelled");
    relay.end(id, job.reply_to);
    // Nobody waits for the queue: a leftover is dropped when somebody leases it.
    ctx.queue.remove(job.queue, id).catch((error: unknown) => {
      ctx.log.warn({ err: error, job: id }, "could not take a stopped job out of the queue");
    });
  } else if (!dispatcher.stop(id)) {
    ctx.bus.toAll({ from: ctx.replica, type: "cancel", job: id });
  }
}
