import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, type Logger, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { lockFolder } from "./folder-lock.ts";
import { migrate } from "./migrate.ts";
import type { Tables } from "./tables.ts";

export type Database = Kysely<Tables>;

/** The pool's records, migrated and ready. */
export interface Records {
  readonly db: Database;
  /** The in-process database, where that is what holds the records; null with PostgreSQL. */
  readonly pglite: PGlite | null;
  close(): Promise<void>;
}

/** Connections to PostgreSQL a replica uses at most. */
const MAX_CONNECTIONS = 10;

/**
 * Opens PostgreSQL at `databaseUrl`, or PGlite in the data folder when it is null, and migrates it. `onStatement`
 * hears of every statement and how long it took.
 * Throws FolderInUseError when another process has the folder open.
 */
export async function openRecords(
  databaseUrl: string | null,
  dataDir: string,
  onError: (error: Error) => void,
  onStatement?: Logger,
): Promise<Records> {
  return databaseUrl === null
    ? openPglite(dataDir, onStatement)
    : openPostgres(databaseUrl, onError, onStatement);
}

async function openPostgres(
  url: string,
  onError: (error: Error) => void,
  onStatement: Logger | undefined,
): Promise<Records> {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser: numbersFromBigint },
  });
  // A lost connection is replaced, but its error would end the process where nobody listens: pg reports it on
  // the pool while the connection is idle, and on the connection itself while somebody has borrowed it.
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    ...(onStatement && { log: onStatement }),
  });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, pglite: null, close: () => db.destroy() };
}

async function openPglite(dataDir: string, onStatement: Logger | undefined): Promise<Records> {
  const unlock = lockFolder(join(dataDir, "records.lock"));
  try {
    const pglite = await PGlite.create(join(dataDir, "records"));
    const db = new Kysely<Tables>({
      dialect: new PGliteDialect({ pglite }),
      ...(onStatement && { log: onStatement }),
    });
    await migrate(db);
    const close = async () => {
      await db.destroy();
      unlock();
    };
    return { db, pglite, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

const INT8 = 20;

/** Milliseconds and counts stay far below 2^53, so bigint columns come as numbers (PGlite does the same). */
function numbersFromBigint(oid: number, format?: unknown): (value: string) => unknown {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as "text") as (value: string) => unknown;
}
