import type { ApiContext } from "../context.ts";
import type { Lease } from "./lease.ts";
import type { LeaseDesk } from "./lease-desk.ts";

/** Why a lease whose node is still connected has to end now; null while all is well. Pure. */
export function overdue(lease: Lease, limits: ApiContext["limits"], now: number): string | null {
  if (lease.state !== "writing") return null;
  if (lease.stopAt !== null && now > lease.stopAt) return "did not stop in time";
  if (now > lease.manifest.expiresAt) return "the order has expired";
  if (lease.lastTextAt !== null) {
    return now - lease.lastTextAt > limits.nextTextMs ? "no more text" : null;
  }
  const model = lease.session.models.get(lease.manifest.model.sha256);
  // A model that was not in memory has to be read from disk first.
  const allowed = model?.loaded ? limits.firstTextMs : 2 * limits.firstTextMs;
  return now - lease.startedAt > allowed ? "no first text" : null;
}

/**
 * A round that ends leases which make no progress, so that others can have their jobs. One that comes far too
 * late does nothing: this process stood still, and what the nodes sent meanwhile has not been read yet.
 */
export function leaseWatch(ctx: ApiContext, desk: LeaseDesk): () => Promise<void> {
  const lateMs = Math.max(3 * ctx.limits.pollMs, 1000);
  let lastRound = ctx.clock();
  return async () => {
    const now = ctx.clock();
    const stoodStill = now - lastRound > lateMs;
    lastRound = now;
    if (stoodStill) return;
    for (const lease of desk.all()) {
      const why = overdue(lease, ctx.limits, now);
      if (why === null) continue;
      ctx.log.warn({ job: lease.jobId, node: lease.session.keyId, why }, "lease taken away");
      void desk.lose(lease, "node_silent");
    }
  };
}

/** Renews the queue's locks of all leases, one call a queue; gives up those another replica has taken over. */
export async function renewLeases(ctx: ApiContext, desk: LeaseDesk): Promise<void> {
  const byQueue = Map.groupBy(desk.all(), (lease) => lease.taken.queue);
  for (const [queue, leases] of byQueue) {
    const lost = await ctx.queue.renew(
      queue,
      leases.map((lease) => lease.taken),
    );
    for (const jobId of lost) {
      const lease = leases.find((candidate) => candidate.jobId === jobId);
      // Where the queue was wiped nobody else can have it: the records' fence lets this answer count.
      if (lease === undefined || lease.state !== "writing") continue;
      if ((await ctx.queue.whereabouts(queue, jobId)) === "gone") continue;
      ctx.log.warn({ job: jobId }, "the queue's lock was lost");
      await desk.lose(lease, "pool_restarted");
    }
  }
}
