import type { QueueBackend } from "../queue/backend.ts";
import type { Metrics } from "./metrics.ts";

export type QueueOperation = "add" | "take" | "renew";

/** The same queue, with the duration of its commonest operations observed. */
export function observedQueue(queue: QueueBackend, metrics: Metrics): QueueBackend {
  const timed = async <T>(operation: QueueOperation, run: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    try {
      return await run();
    } finally {
      metrics.queueOperation(operation, performance.now() - begun);
    }
  };
  return {
    kind: queue.kind,
    add: (name, entries) => timed("add", () => queue.add(name, entries)),
    take: (name, token) => timed("take", () => queue.take(name, token)),
    renew: (name, leases) => timed("renew", () => queue.renew(name, leases)),
    remove: (name, jobId) => queue.remove(name, jobId),
    places: (name, jobIds) => queue.places(name, jobIds),
    whereabouts: (name, jobId) => queue.whereabouts(name, jobId),
    addAgain: (name, entry) => queue.addAgain(name, entry),
    ping: () => queue.ping(),
    close: () => queue.close(),
  };
}
