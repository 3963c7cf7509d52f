import type { NodeState } from "../../protocol/wire/gateway.ts";
import type { Window } from "./hours.ts";
import type { WallClock } from "./wall-clock.ts";

/** What decides whether this machine takes answers now. */
export interface Circumstances {
  readonly leaving: boolean;
  /** Paused by its owner: until an instant, until resumed (`true`), or not. */
  readonly paused: boolean | number;
  readonly hours: readonly Window[] | null;
  readonly answersPerDay: number | null;
  readonly answersToday: number;
}

export interface Availability {
  readonly state: NodeState;
  /** When it changes by itself; null: it does not. */
  readonly until: number | null;
  /** For people: why it takes nothing; empty when it does. */
  readonly why: string;
}

/** Pure: what the machine does at `now`, and until when. Leaving goes before pausing, pausing before hours. */
export function availability(given: Circumstances, clock: WallClock, now: number): Availability {
  if (given.leaving) return { state: "draining", until: null, why: "leaving" };
  if (given.paused === true) return { state: "paused", until: null, why: "paused" };
  if (typeof given.paused === "number" && given.paused > now) {
    return { state: "paused", until: given.paused, why: "paused" };
  }
  const { hours, answersPerDay, answersToday } = given;
  const times = hours === null ? { open: true, until: null } : clock.hoursAt(hours, now);
  if (!times.open) return { state: "off-hours", until: times.until, why: "outside its hours" };
  if (answersPerDay !== null && answersToday >= answersPerDay) {
    return { state: "off-hours", until: clock.nextDay(now), why: "today's answers are given" };
  }
  return { state: "open", until: times.until, why: "" };
}
