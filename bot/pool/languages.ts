import type { PoolClient } from "./client.ts";
import { PoolError } from "./errors.ts";

/** Language tags that communities chose, for what doors say in public. */
export interface Languages {
  /** The `language` setting that holds in a room; null where members have none, or the pool cannot say. */
  of(community: string, room: string): Promise<string | null>;
  /** Forgets what is known of a community, after one of its settings was changed here. */
  forget(community: string): void;
}

/** How long a choice may go on after it was changed elsewhere. */
const FRESH_MS = 60_000;
/** An answer is not held up for its language. */
const PATIENCE_MS = 1500;
const MOST = 2000;

/** Looks the `language` setting up and remembers it for a minute; an answer is never late because of it. */
export function communityLanguages(
  pool: Pick<PoolClient, "policy">,
  now: () => number = Date.now,
): Languages {
  const known = new Map<string, { readonly atMs: number; readonly language: string | null }>();

  async function fetched(community: string, room: string, key: string): Promise<string | null> {
    try {
      const { entries } = await pool.policy(community, room);
      const value = entries.find((entry) => entry.key === "language")?.value;
      const language = typeof value === "string" ? value : null;
      known.delete(key);
      known.set(key, { atMs: now(), language });
      const oldest = known.keys().next().value;
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
      return language;
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      return known.get(key)?.language ?? null;
    }
  }

  return {
    async of(community, room) {
      const key = `${community} ${room}`;
      const found = known.get(key);
      if (found && now() - found.atMs < FRESH_MS) return found.language;
      const late = new Promise<string | null>((done) => {
        setTimeout(() => done(found?.language ?? null), PATIENCE_MS).unref();
      });
      return Promise.race([fetched(community, room, key), late]);
    },
    forget(community) {
      for (const key of known.keys()) if (key.startsWith(`${community} `)) known.delete(key);
    },
  };
}
