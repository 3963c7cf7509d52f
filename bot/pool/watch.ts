import { setTimeout as delay } from "node:timers/promises";
import type { PoolModels, PoolStatus } from "../../protocol/wire/http.ts";
import { type Clock, wallClock } from "../stream/pacer.ts";
import { modelsView } from "../views/models.ts";
import { refusalNotice } from "../views/notice.ts";
import { poolView } from "../views/pool.ts";
import type { ModelsView, PoolView } from "../views/view.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";
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
  sight(words: Words): PoolSight;
  /** Looks as long as somebody is subscribed. Returns the way out. */
  subscribe(onChange: () => void): () => void;
  /** Looks once where nobody is subscribed, so that whoever comes sees what holds; waits 400 ms at most. */
  looked(): Promise<void>;
  /** Something happened that may have changed the pool: looks again at once instead of at its time. */
  nudge(): void;
  close(): void;
}

/** Between looks: usually, and while a model is being fetched, an answer runs or the pool is away. */
const CALM_MS = 3000;
const BUSY_MS = 700;
/** After something happened in the room: soon, but not for every one of many. */
const NUDGE_MS = 150;
/** A page is not held up longer for a pool that is away. */
const FIRST_LOOK_MS = 400;

/**
 * Looks at the pool again and again for doors that show a banner.
 *
 *   resting   nobody subscribed        subscribe → looking
 *   looking   a request is in flight   done → pausing (subscribers told if anything changed) · close → closed
 *   pausing   waiting for the next     timer → looking (sooner when nudged) · last one unsubscribes → resting · close → closed
 */
export function watchPool(client: PoolClient, clock: Clock = wallClock): PoolWatch {
  const listeners = new Set<() => void>();
  let seen: Seen = { trouble: null, pool: null, models: null };
  let state: "resting" | "looking" | "pausing" | "closed" = "resting";
  let cancelTimer = () => {};

  async function look(): Promise<void> {
    state = "looking";
    const next = await lookAt(client, seen);
    if (isClosed()) return;
    // What is shown decides: much of a status that changes all the time is shown nowhere.
    const changed =
      JSON.stringify(sightOf(next, ENGLISH)) !== JSON.stringify(sightOf(seen, ENGLISH));
    seen = next;
    if (changed) for (const tell of listeners) tell();
    if (listeners.size === 0) {
      state = "resting";
      return;
    }
    state = "pausing";
    const { reachable, pool } = sightOf(seen, ENGLISH);
    const busy = !reachable || !pool?.nodesOnline || pool.fetches.length > 0 || pool.running > 0;
    cancelTimer = clock.after(busy ? BUSY_MS : CALM_MS, () => void look());
  }

  function isClosed(): boolean {
    return state === "closed";
  }

  return {
    sight: (words) => sightOf(seen, words),
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
    async looked() {
      if (state !== "resting") return;
      await Promise.race([look(), delay(FIRST_LOOK_MS, undefined, { ref: false })]);
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

interface Seen {
  readonly trouble: PoolError | null;
  readonly pool: PoolStatus | null;
  readonly models: PoolModels | null;
}

async function lookAt(client: PoolClient, before: Seen): Promise<Seen> {
  try {
    const [pool, models] = await Promise.all([client.pool(), client.models()]);
    return { trouble: null, pool, models };
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    return { ...before, trouble: error };
  }
}

function sightOf({ trouble, pool, models }: Seen, words: Words): PoolSight {
  return {
    reachable: trouble === null,
    trouble: trouble === null ? null : refusalNotice(trouble, words).text,
    pool: pool === null ? null : poolView(pool, words),
    models: models === null ? null : modelsView(models, words),
  };
}
