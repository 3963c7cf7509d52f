import type { GovernanceEvent, Place } from "../../protocol/wire/governance.ts";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";
import type { Clock } from "../stream/pacer.ts";

/** How a door says what happened; each may fail, which is logged and does not stop the others. */
export interface Teller {
  /** Says it in a room; true where the place is one of this door's. */
  say(place: Place, event: GovernanceEvent): Promise<void>;
  /** Says it to an account in private. */
  whisper(account: string, event: GovernanceEvent): Promise<void>;
  /** True for places and accounts of this door: ids begin with it. */
  owns(id: string): boolean;
  /** Shows the card of a proposal that nobody here made: the pool opened it by itself. */
  present(place: Place, number: number): Promise<void>;
}

export interface AnnouncerOptions {
  /** Name under which the pool remembers what this door has told. */
  readonly door: string;
  readonly pool: PoolClient;
  readonly teller: Teller;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** The longest pause after a pool that cannot be reached, ms. */
const LONGEST_PAUSE = 30_000;

/**
 * Tells rooms and members what happened to proposals, each event once: the pool remembers how far this door has
 * come, and hears so only after the telling. A door killed in between tells that one event again. Ends when
 * `signal` fires.
 */
export async function announce(options: AnnouncerOptions): Promise<void> {
  const { door, pool, log, signal, clock } = options;
  let pause = 1000;
  while (!signal.aborted) {
    try {
      const { events } = await pool.governanceEvents(door, signal);
      for (const event of events) {
        await tell(event, options);
        await pool.eventsSeen(door, event.id);
      }
      pause = 1000;
    } catch (error) {
      if (signal.aborted) return;
      // Whatever it is, rooms must go on hearing: the same event is tried again.
      const code = error instanceof PoolError ? error.code : String(error);
      log.warn({ door, code }, "could not hear what was decided; trying again");
      await rest(clock, pause, signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}

/** Kept in the pool's feed for whoever checks; a room that has read the result has no use for them. */
const KEPT: ReadonlySet<GovernanceEvent["type"]> = new Set(["log-head"]);

async function tell(event: GovernanceEvent, { teller, log, door }: AnnouncerOptions) {
  if (KEPT.has(event.type)) return;
  const attempts = [
    ...event.places
      .filter((place) => teller.owns(place.room))
      .map((place) => sayOrPresent(place, event, teller)),
    ...event.tell
      .filter((account) => teller.owns(account))
      .map((account) => teller.whisper(account, event)),
  ];
  for (const outcome of await Promise.allSettled(attempts)) {
    if (outcome.status === "rejected") {
      const error = String(outcome.reason);
      log.warn({ door, event: event.type, proposal: event.proposal, error }, "could not tell");
    }
  }
}

/** Whoever proposes or acts sees to the card; what the pool opens by itself has none yet. */
function sayOrPresent(place: Place, event: GovernanceEvent, teller: Teller): Promise<void> {
  if (event.type === "emergency-proposed") return Promise.resolve();
  if (event.type !== "proposed" || event.proposal === null) return teller.say(place, event);
  return event.data.kind === "ratify" ? teller.present(place, event.proposal) : Promise.resolve();
}

function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, done);
    function done() {
      signal.removeEventListener("abort", done);
      cancel();
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
