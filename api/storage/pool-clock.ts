import { sql } from "kysely";
import type { Clock } from "../context.ts";
import type { Database } from "./open.ts";

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
  #offset: number | null = null;

  private constructor(db: Database, monotonic: () => number) {
    this.#db = db;
    this.#monotonic = monotonic;
  }

  /** Reads the database's time; rejects when it cannot. `monotonic`: milliseconds since any moment. */
  static async open(
    db: Database,
    monotonic: () => number = () => performance.now(),
  ): Promise<PoolClock> {
    const clock = new PoolClock(db, monotonic);
    await clock.check();
    return clock;
  }

  readonly now: Clock = () => Math.round(this.#monotonic() + (this.#offset ?? 0));

  /** Compares with the database and takes its time over; returns by how many milliseconds it moved. */
  async check(): Promise<number> {
    const asked = this.#monotonic();
    const { rows } = await sql<{ ms: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(this.#db);
    const took = this.#monotonic() - asked;
    // The answer is taken to be from the middle of its way.
    const offset = (rows[0] as { ms: number }).ms - asked - took / 2;
    if (this.#offset === null) {
      this.#offset = offset;
      return 0;
    }
    const moved = offset - this.#offset;
    if (took > SLOWEST_READING_MS || Math.abs(moved) < TOLERANCE_MS) return 0;
    this.#offset = offset;
    return moved;
  }
}
