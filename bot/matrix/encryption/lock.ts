import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another program works with the store: two on one store of keys destroy it without an error. */
export class StoreInUse extends Error {
  override name = "StoreInUse";
}

/** SQLITE_BUSY (sqlite.org/rescode.html#busy): somebody else holds the lock. */
const BUSY = 5;

/** Kept from the garbage collector, which would close them. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock for as long as this process lives; returns what gives it back. It is the operating system's lock
 * on the file, as SQLite takes it: of programs that start at once one gets it, it ends with its process however
 * that ends, and no process number decides, which come again. The file itself stays. Throws StoreInUse.
 */
export function takeLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(file);
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    throw new StoreInUse(
      `The bot's keys for Matrix are in use by another program (${file}). Stop it first; two programs on one store of keys would spoil it.`,
    );
  }
  held.add(lock);
  return () => {
    if (held.delete(lock)) lock.close();
  };
}
