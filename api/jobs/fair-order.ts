import { sql } from "kysely";
import { MAX_PRIORITY } from "../queue/bull-queue.ts";
import { Gather } from "../storage/gather.ts";
import type { Database } from "../storage/open.ts";

/** A reading serves this long at least, and so many times longer than it took: at most 1 % of the time goes into it. */
const FRESH_MS = 500;
const COST_FACTOR = 100;
/** Communities remembered; the one heard of first is read again when it comes back. */
const AT_MOST = 10_000;

interface Known {
  /** Rank of the community's last question in the queue; 0: none is outstanding. */
  last: number;
  readAgainAt: number;
  /** Settles with the reading under way; null: none is. */
  reading: Promise<void> | null;
  /** Highest rank that the reading under way may not see. */
  unseen: number;
  /** Ranks given whose rows may not be written yet. */
  readonly open: Set<number>;
}

interface Key {
  readonly community: string;
  readonly queue: string;
}

interface Reading {
  readonly served: number;
  readonly last: number;
}

/**
 * The order of a queue: rounds in which every community gets one question served, each community's own in the
 * order they were asked. A question's rank is its round: the one after that of its community's last question, but
 * no earlier than the one after the round that is served now. So who floods stands behind their own questions,
 * and who comes all the time cannot keep another's second question waiting for ever (self-clocked fair queueing,
 * Golestani, INFOCOM 1994, with every question of equal size). An empty queue begins at 1 again; after two million
 * rounds without that, it goes on in the order of asking alone.
 *
 * The records hold the ranks. To read them at every question would make a question the dearer the more of them
 * wait, so a reading is carried on here and made anew when it has aged; what other replicas gave out meanwhile is
 * missing from it for that moment.
 *
 *   unknown --rank--> reading (askers wait) --> known --aged, rank--> reading
 */
export class FairOrder {
  readonly #known = new Map<string, Known>();
  readonly #readings: Gather<Key, Reading>;
  /** By queue: the highest rank that a node works on, or the one before the first that waits. */
  readonly #served = new Map<string, number>();
  /** What was started here while a reading is under way, which may not have seen it. */
  readonly #startedSince = new Map<string, number>();
  #freshMs = FRESH_MS;

  constructor(db: Database) {
    this.#readings = new Gather(async (keys) => {
      const begun = performance.now();
      this.#startedSince.clear();
      const readings = await read(db, keys);
      this.#freshMs = Math.max(FRESH_MS, COST_FACTOR * (performance.now() - begun));
      for (const [at, { queue }] of keys.entries()) {
        const { served } = readings[at] as Reading;
        this.#served.set(queue, Math.max(served, this.#startedSince.get(queue) ?? 0));
      }
      return readings;
    });
  }

  /** A rank for the community's next question in that queue, 1 or more; `written` is to follow. */
  async rank(key: Key): Promise<number> {
    const known = this.#known.get(nameOf(key)) ?? this.#begin(key);
    if (known.reading === null && performance.now() > known.readAgainAt) {
      known.reading = this.#read(key, known).finally(() => {
        known.reading = null;
      });
    }
    if (known.reading !== null) await known.reading;
    const round = Math.max(this.#served.get(key.queue) ?? 0, known.last) + 1;
    known.last = Math.min(round, MAX_PRIORITY);
    known.unseen = Math.max(known.unseen, known.last);
    known.open.add(known.last);
    return known.last;
  }

  /** The row with this rank is written; or (not `kept`) never will be, and its place is for another. */
  written(key: Key, rank: number, kept: boolean): void {
    const known = this.#known.get(nameOf(key));
    if (known === undefined) return;
    known.open.delete(rank);
    if (!kept) known.readAgainAt = 0;
  }

  /** A node got a question of this rank. */
  started(queue: string, rank: number): void {
    for (const ranks of [this.#served, this.#startedSince]) {
      ranks.set(queue, Math.max(rank, ranks.get(queue) ?? 0));
    }
  }

  #begin(key: Key): Known {
    const open = new Set<number>();
    const known: Known = { last: 0, readAgainAt: 0, reading: null, unseen: 0, open };
    this.#known.set(nameOf(key), known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= AT_MOST) break;
      this.#known.delete(oldest);
    }
    return known;
  }

  async #read(key: Key, known: Known): Promise<void> {
    known.unseen = Math.max(0, ...known.open);
    const { last } = await this.#readings.add(key);
    known.last = Math.max(last, known.unseen);
    known.readAgainAt = performance.now() + this.#freshMs;
  }
}

function nameOf({ community, queue }: Key): string {
  return `${queue}\n${community}`;
}

async function read(db: Database, keys: readonly Key[]): Promise<Reading[]> {
  const input = JSON.stringify(keys.map(({ community, queue }) => ({ community, queue })));
  const { rows } = await sql<Reading>`
    select greatest(
        (select max(priority) from job where queue = k.queue and state = 'running'),
        (select min(priority) - 1 from job where queue = k.queue and state = 'queued'),
        0) as served,
      coalesce((select max(priority) from job
        where community = k.community and queue = k.queue and state in ('queued', 'running')), 0) as last
    from rows from (jsonb_to_recordset(${input}::jsonb) as (community text, queue text))
      with ordinality as k(community, queue, at)
    order by k.at`.execute(db);
  return rows;
}
