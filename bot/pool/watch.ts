import { type Clock, wallClock } from "../stream/pacer.ts";
import { modelsView } from "../views/models.ts";
import { poolView } from "../views/pool.ts";
import type { ModelsView, PoolView } from "../views/view.ts";
import type { PoolClient } from "./client.ts";
import { PoolError } from "./errors.ts";

/** What a door shows of the pool all the time. Views are the last ones known, also while unreachable. */
export interface PoolSight {
  readonly reachable: boolean;
  /** Why it is not reachable, for people; null otherwise. */
  readonly trouble: string | null;
  readonly pool: PoolView | null;
  readonly models: ModelsView | null;
}

export interface PoolWatch {
  sight(): PoolSight;
  /** Looks as long as somebody is subscribed. Returns the way out. */
  subscribe(onChange: (sight: PoolSight) => void): () => void;
  /** Something happened that may have changed the pool: looks again at once instead of at its time. */
  nudge(): void;
  close(): void;
}

/** Between looks: usually, and while a model is being fetched, an answer runs or the pool is away. */
const CALM_MS = 3000;
const BUSY_MS = 700;
/** After something happened in the room: soon, but not for every one of many. */
const NUDGE_MS = 150;

/**
 * Looks at the pool again and again for doors that show a banner.
 *
 *   resting   nobody subscribed        subscribe → looking
 *   looking   a request is in flight   done → pausing (subscribers told if anything changed) · close → closed
 *   pausing   waiting for the next     timer → looking (sooner when nudged) · last one unsubscribes → resting · close → closed
 */
export function watchPool(client: PoolClient, clock: Clock = wallClock): PoolWatch {
  const listeners = new Set<(sight: PoolSight) => void>();
  let sight: PoolSight = { reachable: true, trouble: null, pool: null, models: null };
  let state: "resting" | "looking" | "pausing" | "closed" = "resting";
  let cancelTimer = () => {};

  async function look(): Promise<void> {
    state = "looking";
    const next = await seen(client, sight);
    if (isClosed()) return;
    if (JSON.stringify(next) !== JSON.stringify(sight)) {
      sight = next;
      for (const tell of listeners) tell(sight);
    }
    if (listeners.size === 0) {
      state = "resting";
      return;
    }
    state = "pausing";
    const { pool, reachable } = sight;
    const busy = !reachable || !pool?.nodesOnline || pool.fetches.length > 0 || pool.running > 0;
    cancelTimer = clock.after(busy ? BUSY_MS : CALM_MS, () => void look());
  }

  function isClosed(): boolean {
    return state === "closed";
  }

  return {
    sight: () => sight,
    subscribe(onChange) {
      listeners.add(onChange);
      if (state === "resting") void look();
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0 || state !== "pausing") return;
        cancelTimer();
        state = "resting";
      };
    },
    nudge() {
      if (state !== "pausing") return;
      cancelTimer();
      cancelTimer = clock.after(NUDGE_MS, () => void look());
    },
    close() {
      cancelTimer();
      listeners.clear();
      state = "closed";
    },
  };
}

async function seen(client: PoolClient, before: PoolSight): Promise<PoolSight> {
  try {
    const [pool, models] = await Promise.all([client.pool(), client.models()]);
    return { reachable: true, trouble: null, pool: poolView(pool), models: modelsView(models) };
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    return { ...before, reachable: false, trouble: error.message };
  }
}
