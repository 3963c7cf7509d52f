import { sql } from "kysely";
import { Gather } from "../storage/gather.ts";
import type { Database } from "../storage/open.ts";

/** A count serves this long at least, and so many times longer than it took: at most 1 % of the time goes into it. */
const FRESH_MS = 500;
const COST_FACTOR = 100;
/** Communities remembered; the one heard of first is counted again when it comes back. */
const AT_MOST = 10_000;

interface Known {
  /** Jobs outstanding as counted, with what this replica has added and seen end since. */
  jobs: number;
  /** Settles with the first count. */
  readonly counted: Promise<void>;
  countAgainAt: number;
  /** What changed here while a count is under way, which has not seen it; null: none is under way. */
  since: number | null;
}

interface Key {
  readonly community: string;
  readonly queue: string;
}

/**
 * What each community has outstanding in a queue, on which a new job's place in line rests: a community that
 * floods stands behind its own jobs and not in front of others'. To count at every question would make a question
 * the dearer the more of them wait. So a count is kept and carried on here, and made anew when it has aged. What
 * other replicas added meanwhile is missing from it for that moment: fairness needs no exact number.
 *
 *   unknown --add--> counting (askers wait) --> known --aged, add--> known, counted again meanwhile
 */
export class Outstanding {
  readonly #known = new Map<string, Known>();
  readonly #counts: Gather<Key, number>;
  #freshMs = FRESH_MS;

  constructor(db: Database) {
    this.#counts = new Gather(async (keys) => {
      const begun = performance.now();
      const counted = await count(db, keys);
      this.#freshMs = Math.max(FRESH_MS, COST_FACTOR * (performance.now() - begun));
      return counted;
    });
  }

  /** Adds one job and returns how many the community has outstanding in that queue with it. */
  async add(key: Key): Promise<number> {
    const known = this.#known.get(nameOf(key)) ?? this.#begin(key);
    await known.counted;
    if (known.since === null && performance.now() > known.countAgainAt) {
      // The old count goes on serving until there is a new one.
      this.#count(key, known).catch(() => {});
    }
    known.jobs++;
    if (known.since !== null) known.since++;
    return known.jobs;
  }

  /** A job of this community ended here. */
  ended(key: Key): void {
    const known = this.#known.get(nameOf(key));
    if (known === undefined) return;
    known.jobs = Math.max(0, known.jobs - 1);
    if (known.since !== null) known.since--;
  }

  #begin(key: Key): Known {
    const name = nameOf(key);
    const first = Promise.withResolvers<void>();
    const known = { jobs: 0, counted: first.promise, countAgainAt: 0, since: null };
    this.#known.set(name, known);
    this.#count(key, known).then(first.resolve, (error: unknown) => {
      this.#known.delete(name);
      first.reject(error);
    });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= AT_MOST) break;
      this.#known.delete(oldest);
    }
    return known;
  }

  async #count(key: Key, known: Known): Promise<void> {
    known.since = 0;
    try {
      const jobs = await this.#counts.add(key);
      known.jobs = Math.max(0, jobs + known.since);
    } finally {
      known.since = null;
      known.countAgainAt = performance.now() + this.#freshMs;
    }
  }
}

function nameOf({ community, queue }: Key): string {
  return `${queue}\n${community}`;
}

async function count(db: Database, keys: readonly Key[]): Promise<number[]> {
  const input = JSON.stringify(keys.map(({ community, queue }) => ({ community, queue })));
  const { rows } = await sql<Key & { jobs: number }>`
    select k.community, k.queue, (
      select count(*) from job j
      where j.community = k.community and j.queue = k.queue and j.state in ('queued', 'running')) as jobs
    from jsonb_to_recordset(${input}::jsonb) as k(community text, queue text)`.execute(db);
  return keys.map((_, at) => rows[at]?.jobs ?? 0);
}
