import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, type Logger, PGliteDialect, PostgresDialect, type PostgresPool } from "kysely";
import pg from "pg";
import { lockFolder } from "./folder-lock.ts";
import { migrate } from "./migrate.ts";
import { STEADY_PLANS, steadyPool } from "./steady-pool.ts";
import type { Tables } from "./tables.ts";

export type Database = Kysely<Tables>;

/** The pool's records, migrated and ready. */
export interface Records {
  readonly db: Database;
  /**
   * The same records for the statements that every question costs (steady-pool.ts). Their text never changes, and
   * they find all rows by an index. No transactions here.
   */
  readonly steady: Database;
  /** The in-process database, where that is what holds the records; null with PostgreSQL. */
  readonly pglite: PGlite | null;
  close(): Promise<void>;
}

/** Connections to PostgreSQL a replica uses at most: for all sorts of statements, and for the steady ones. */
const MAX_CONNECTIONS = 6;
const MAX_STEADY_CONNECTIONS = 6;

/**
 * Statements here look a few rows up. Where PostgreSQL takes one for large, because it guesses a hundred rows for a
 * JSON parameter, it would compile it first: half a second for what then runs in one millisecond.
 */
const NO_COMPILING = "set jit = off";

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
  const connect = (max: number, settings: string) => {
    const pool = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: 10_000,
      types: { getTypeParser: numbersFromBigint },
      async onConnect(client) {
        client.on("error", onError);
        await client.query(settings);
      },
    });
    // A lost connection is replaced, but its error would end the process where nobody listens: pg reports it on
    // the pool while the connection is idle, and on the connection itself while somebody has borrowed it.
    pool.on("error", onError);
    return pool;
  };
  const open = (pool: PostgresPool) =>
    new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      ...(onStatement && { log: onStatement }),
    });
  const db = open(connect(MAX_CONNECTIONS, NO_COMPILING) as PostgresPool);
  const steady = open(
    steadyPool(connect(MAX_STEADY_CONNECTIONS, `${NO_COMPILING}; ${STEADY_PLANS}`)),
  );
  const close = async () => {
    await Promise.all([db.destroy(), steady.destroy()]);
  };
  try {
    await migrate(db);
  } catch (error) {
    await close();
    throw error;
  }
  return { db, steady, pglite: null, close };
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
    return { db, steady: db, pglite, close };
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
