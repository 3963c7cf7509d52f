import { sql } from "kysely";
import type { Clock } from "../context.ts";
import type { Database } from "./open.ts";

/** Readings at the start, when there is nothing to hold one against: the quickest counts. */
const FIRST_READINGS = 3;
/** A reading that took longer says too little about the moment it is from. */
const SLOWEST_READING_MS = 1_000;
/** Differences below are the reading's own noise. */
const TOLERANCE_MS = 50;

/**
 * The time of all replicas: the database's, carried on by this process's monotonic clock. Replicas hold their
 * times against each other's (who is dead, whose duty has lapsed, which question has waited too long), so one
 * machine whose wall clock is wrong, or set while it runs, would take work from the others and give up questions.
 */
export class PoolClock {
  readonly #db: Database;
  readonly #monotonic: () => number;
  /** Added to the monotonic clock it gives milliseconds since the Unix epoch. */
  #offset: number;

  private constructor(db: Database, monotonic: () => number, offset: number) {
    this.#db = db;
    this.#monotonic = monotonic;
    this.#offset = offset;
  }

  /** Reads the database's time; rejects when it cannot. `monotonic`: milliseconds since any moment. */
  static async open(
    db: Database,
    monotonic: () => number = () => performance.now(),
  ): Promise<PoolClock> {
    let best = await read(db, monotonic);
    for (let reading = 1; reading < FIRST_READINGS; reading++) {
      const next = await read(db, monotonic);
      if (next.took < best.took) best = next;
    }
    return new PoolClock(db, monotonic, best.offset);
  }

  readonly now: Clock = () => Math.round(this.#monotonic() + this.#offset);

  /** Compares with the database and takes its time over; returns by how many milliseconds it moved. */
  async check(): Promise<number> {
    const { offset, took } = await read(this.#db, this.#monotonic);
    const moved = offset - this.#offset;
    if (took > SLOWEST_READING_MS || Math.abs(moved) < TOLERANCE_MS) return 0;
    this.#offset = offset;
    return moved;
  }
}

interface Reading {
  /** Milliseconds since the Unix epoch at the zero of the monotonic clock; wrong by half of `took` at most. */
  readonly offset: number;
  /** Milliseconds. */
  readonly took: number;
}

async function read(db: Database, monotonic: () => number): Promise<Reading> {
  const asked = monotonic();
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db);
  const took = monotonic() - asked;
  // The answer is taken to be from the middle of its way.
  return { offset: (rows[0] as { ms: number }).ms - asked - took / 2, took };
}
