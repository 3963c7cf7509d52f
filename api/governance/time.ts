import { sql } from "kysely";
import type { Database } from "../storage/open.ts";

/**
 * Database time inside a statement: what decides whether a ballot is late, whatever the clocks of replicas and
 * doors say. Tests replace the function `pool_now()` in their own database.
 */
export const poolNow = sql<number>`pool_now()`;

/** Database time now, milliseconds since the Unix epoch. */
export async function databaseNow(db: Database): Promise<number> {
  const { rows } = await sql<{ now: number }>`select pool_now() as now`.execute(db);
  return Number(rows[0]?.now);
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
