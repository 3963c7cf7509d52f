import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { type Availability, availability } from "./availability.ts";
import { parseHours, type Window } from "./hours.ts";
import type { Today } from "./today.ts";
import { WallClock } from "./wall-clock.ts";

/** When a laptop wakes, timers set before it slept are late: look at the clock this often. */
const LOOK_EVERY_MS = 15_000;

const PausedFile = Type.Object(
  { until: Type.Union([Type.Integer(), Type.Null()]) },
  { additionalProperties: false },
);
const parsePaused = jsonParser(PausedFile, "paused.json");

/** The owner's times, as settings say them. */
export interface Times {
  readonly workerHours: string | null;
  readonly workerTimeZone: string | null;
  readonly workerAnswersPerDay: number | null;
}

/**
 * Whether this machine takes answers: the owner's hours, day's share, pause and leave. A pause outlives a
 * restart (`paused.json`).
 *
 *   open ⇄ off-hours   (clock, day's share)      open | off-hours ⇄ paused   (owner, or the pause's end)
 *   any ──leave──► draining (for good)
 */
export class Steering {
  readonly #file: string;
  readonly #now: () => number;
  readonly #onChange: (now: Availability) => void;
  readonly #onUnwritten: (error: Error) => void;
  #times: { hours: Window[] | null; perDay: number | null; clock: WallClock };
  #paused: boolean | number;
  #leaving = false;
  #today: Today | null = null;
  #timer: NodeJS.Timeout | null = null;
  #told: Availability | null = null;
  #closed = false;

  /** Throws BadHours. */
  constructor(
    folder: string,
    times: Times,
    now: () => number,
    onChange: (now: Availability) => void,
    /** A pause could not be noted down: it holds, and will not outlive a restart. */
    onUnwritten: (error: Error) => void,
  ) {
    this.#file = join(folder, "paused.json");
    this.#now = now;
    this.#onChange = onChange;
    this.#onUnwritten = onUnwritten;
    this.#times = readTimes(times);
    this.#paused = this.#readPaused();
  }

  get clock(): WallClock {
    return this.#times.clock;
  }

  /** Starts watching the clock; `today` counts the answers given. */
  begin(today: Today): void {
    this.#today = today;
    this.look();
  }

  get state(): Availability {
    const { hours, perDay, clock } = this.#times;
    const answersToday = this.#today?.answers ?? 0;
    const given = { leaving: this.#leaving, paused: this.#paused, hours };
    return availability({ ...given, answersPerDay: perDay, answersToday }, clock, this.#now());
  }

  /** `until`: milliseconds since the epoch; null: until resumed. */
  pause(until: number | null): void {
    this.#paused = until ?? true;
    this.#note(() => writeFileSync(this.#file, JSON.stringify({ until })));
    this.look();
  }

  resume(): void {
    this.#paused = false;
    this.#note(() => rmSync(this.#file, { force: true }));
    this.look();
  }

  leave(): void {
    this.#leaving = true;
    this.look();
  }

  /** Other hours from now on. Throws BadHours and changes nothing. */
  retime(times: Times): void {
    this.#times = readTimes(times);
    this.look();
  }

  /** Tells when the state is another than told last; called by itself when time passes. */
  look(): void {
    const state = this.state;
    const before = this.#told;
    this.#told = state;
    this.#watch(state.until);
    if (before !== null && before.state === state.state && before.until === state.until) return;
    this.#onChange(state);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#closed = true;
  }

  #watch(until: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#closed || until === null) return;
    const wait = Math.min(LOOK_EVERY_MS, Math.max(0, until - this.#now()));
    this.#timer = setTimeout(() => this.look(), wait);
    this.#timer.unref();
  }

  /** A full disk must not keep an owner from pausing. */
  #note(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#onUnwritten(error as Error);
    }
  }

  #readPaused(): boolean | number {
    try {
      return parsePaused(readFileSync(this.#file, "utf8")).until ?? true;
    } catch (error) {
      // A damaged note still says that its owner wanted a pause.
      return (error as NodeJS.ErrnoException).code !== "ENOENT";
    }
  }
}

function readTimes({ workerHours, workerTimeZone, workerAnswersPerDay }: Times) {
  return {
    hours: workerHours === null ? null : parseHours(workerHours),
    perDay: workerAnswersPerDay,
    clock: new WallClock(workerTimeZone),
  };
}
