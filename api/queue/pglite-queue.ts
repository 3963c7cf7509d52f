import { EventEmitter } from "node:events";
import type { PGlite } from "@electric-sql/pglite";
import { createPostgresBackend, type PgPool, runMigrations, withBackend } from "bullmq";
import type { Limits } from "../limits.ts";
import { BullQueue } from "./bull-queue.ts";

const SCHEMA = "bullmq";
const { Queue, Worker } = withBackend(createPostgresBackend);

/**
 * The floor where no Redis is found: BullMQ's PostgreSQL back-end over the records' own in-process PGlite.
 * Correct and slow (about 3 ms of this process per job): for one process and a small room.
 */
export async function openPgliteQueue(
  pglite: PGlite,
  limits: Limits,
  onError: (error: Error) => void,
): Promise<BullQueue> {
  const pool = pglitePool(pglite);
  const client = await pool.connect();
  await runMigrations(client, SCHEMA);
  client.release();
  return new BullQueue(
    {
      kind: "in-process (PGlite)",
      queue: (name) => new Queue(name, { connection: pool, streams: { events: { maxLen: 0 } } }),
      worker: (name, options) => new Worker(name, null, { connection: pool, ...options }),
      places: async () => null,
      ping: async () => void (await pool.query("select 1")),
      close: async () => {},
    },
    limits,
    onError,
  );
}

/**
 * An object with the shape of `pg.Pool` over one PGlite. PGlite is one session shared with the records, so
 * every statement runs in its own exclusive transaction with BullMQ's search path, and BEGIN holds the session
 * until COMMIT or ROLLBACK.
 */
function pglitePool(pglite: PGlite): PgPool {
  const connect = async () => new PgliteClient(pglite);
  const pool = Object.assign(new EventEmitter(), {
    connect,
    query: async (text: string, params?: readonly unknown[]) =>
      (await connect()).query(text, params),
    end: async () => {},
  });
  return pool as unknown as PgPool;
}

type Transaction = Parameters<Parameters<PGlite["transaction"]>[0]>[0];

class PgliteClient extends EventEmitter {
  readonly #pglite: PGlite;
  #open: { tx: Transaction; end: (how: "commit" | "rollback") => Promise<void> } | null = null;
  #unlisten: (() => void) | null = null;

  constructor(pglite: PGlite) {
    super();
    this.#pglite = pglite;
  }

  async query(text: string, params?: readonly unknown[]): Promise<{ rows: unknown[] }> {
    const word = /^\s*(begin|commit|rollback|listen)\b/i.exec(text)?.[1]?.toLowerCase();
    if (word === "begin") return this.#begin();
    if ((word === "commit" || word === "rollback") && this.#open !== null) {
      const { end } = this.#open;
      this.#open = null;
      await end(word);
      return { rows: [] };
    }
    if (word === "listen") this.#hear();
    if (this.#open !== null) return run(this.#open.tx, text, params);
    return this.#pglite.transaction(async (tx) => {
      await tx.exec(`set local search_path to ${SCHEMA}`);
      return run(tx, text, params);
    });
  }

  release(): void {
    this.#unlisten?.();
    this.#unlisten = null;
  }

  async #begin(): Promise<{ rows: unknown[] }> {
    const begun = Promise.withResolvers<Transaction>();
    const ended = Promise.withResolvers<void>();
    const rolledBack = new Error("rollback");
    const done = this.#pglite.transaction(async (tx) => {
      begun.resolve(tx);
      await ended.promise;
    });
    done.catch(begun.reject);
    const tx = await begun.promise;
    await tx.exec(`set local search_path to ${SCHEMA}`);
    const end = async (how: "commit" | "rollback") => {
      if (how === "commit") ended.resolve();
      else ended.reject(rolledBack);
      await done.catch((error: unknown) => {
        if (error !== rolledBack) throw error;
      });
    };
    this.#open = { tx, end };
    return { rows: [] };
  }

  #hear(): void {
    this.#unlisten ??= this.#pglite.onNotification((channel, payload) =>
      this.emit("notification", { channel, payload }),
    );
  }
}

/** Several statements in one text (migrations) need the simple protocol, which takes no parameters. */
async function run(
  tx: Transaction,
  text: string,
  params?: readonly unknown[],
): Promise<{ rows: unknown[] }> {
  if (params !== undefined && params.length > 0) return tx.query(text, [...params]);
  return (await tx.exec(text)).at(-1) ?? { rows: [] };
}
