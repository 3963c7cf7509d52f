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
  /** True where the platform says that this room belongs to this community: settings may name any. */
  isIn(place: Place): boolean;
  /** Shows the card of a proposal where nobody else does: it was made elsewhere, or by the pool itself. */
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
        // Cut short by a stop: it is told after the restart, to whom it was not.
        if (signal.aborted) return;
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

async function tell(event: GovernanceEvent, options: AnnouncerOptions) {
  if (KEPT.has(event.type)) return;
  const { teller, log, door, signal } = options;
  const attempts = [
    ...event.places
      .filter((place, at) => teller.owns(place.room) && (at === 0 || teller.isIn(place)))
      .map((place) => sayOrPresent(place, event, options)),
    ...event.tell
      .filter((account) => teller.owns(account))
      .map((account) => teller.whisper(account, event)),
  ];
  for (const outcome of await Promise.allSettled(attempts)) {
    if (outcome.status === "rejected" && !signal.aborted) {
      const error = String(outcome.reason);
      log.warn({ door, event: event.type, proposal: event.proposal, error }, "could not tell");
    }
  }
}

/** Whoever proposes or acts sees to the card in that room; elsewhere, and for what the pool opens itself, we do. */
async function sayOrPresent(
  place: Place,
  event: GovernanceEvent,
  { teller, pool }: AnnouncerOptions,
): Promise<void> {
  const { type, proposal, places, data } = event;
  const isHome = place === places[0];
  if (type === "emergency-proposed" && isHome) return;
  if (type === "proposed" && isHome && data.kind !== "ratify") return;
  if ((type !== "proposed" && type !== "card-missing") || proposal === null) {
    return teller.say(place, event);
  }
  // Told a second time, or late: the card may stand there already.
  const { places: now } = await pool.proposal(proposal);
  const here = now.find(
    ({ community, room }) => community === place.community && room === place.room,
  );
  if (!here?.message) await teller.present(place, proposal);
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
