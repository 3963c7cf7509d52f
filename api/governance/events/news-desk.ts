import type { Database } from "../../storage/open.ts";

interface Waiting {
  readonly after: number;
  readonly done: () => void;
}

/**
 * Doors wait here for news. One look at the newest id, round by round, serves all who wait; any replica's news is
 * found so, and a door loses nothing when its replica goes: it asks another from where it was.
 */
export class NewsDesk {
  readonly #db: Database;
  readonly #waiting = new Set<Waiting>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Resolves when there is something later than `after`, when the desk closes, or after `ms`. */
  wait(after: number, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        after,
        done: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      const timer = setTimeout(waiting.done, ms);
      this.#waiting.add(waiting);
    });
  }

  /** One look, while anybody waits. */
  async look(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const row = await this.#db
      .selectFrom("governance_event")
      .select((select) => select.fn.max("id").as("id"))
      .executeTakeFirst();
    const newest = row?.id ?? 0;
    for (const waiting of [...this.#waiting]) if (waiting.after < newest) waiting.done();
  }

  /** Lets everybody go. */
  close(): void {
    for (const waiting of [...this.#waiting]) waiting.done();
  }
}
