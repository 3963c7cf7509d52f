import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";

/**
 * How PostgreSQL plans here: once, and for tables of any size. A plan that is kept would otherwise be the one that
 * was best while the tables were empty (read all of it), and hold until they are analysed a minute later. Every
 * statement here finds its rows by an index.
 */
export const STEADY_PLANS =
  "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; " +
  "set enable_mergejoin = off";

/** What the statement returns has changed under a replica that still runs: a column was added. */
const PLAN_OUTDATED = "0A000";

/**
 * Connections for the few statements that every question costs. Reading and planning one of them takes PostgreSQL as
 * long as running it, so each is prepared once a connection. For statements whose text never changes: a name is kept
 * for each.
 */
export function steadyPool(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  let named = 0;
  const nameOf = (text: string) => {
    const name = names.get(text) ?? `steady ${++named}`;
    names.set(text, name);
    return name;
  };
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      const query = async (text: string, values: readonly unknown[]) => {
        const ask = () => client.query({ name: nameOf(text), text, values: [...values] });
        try {
          return await ask();
        } catch (error) {
          if ((error as { code?: unknown }).code !== PLAN_OUTDATED) throw error;
          // It was refused before it ran. Under another name it is prepared anew.
          names.delete(text);
          return await ask();
        }
      };
      // Cursors, the other thing one may ask with, are not used.
      return {
        query: query as unknown as PostgresPoolClient["query"],
        release: () => client.release(),
      };
    },
    end: () => pool.end(),
  };
}
