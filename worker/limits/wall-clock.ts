import { BadHours, type Window, withinHours } from "./hours.ts";

const MINUTE_MS = 60_000;
/** Offsets of all of today's zones change on a quarter of an hour (IANA tz database). */
const QUARTER_MS = 15 * MINUTE_MS;
/** A week and a day: every window comes by once, whatever the clocks do. */
const LOOK_AHEAD_MINUTES = 8 * 1440;

/** What the clock on the wall shows. */
export interface WallTime {
  /** `2026-03-29` */
  readonly date: string;
  /** 0 Sunday … 6 Saturday. */
  readonly day: number;
  /** Minutes after midnight. */
  readonly minute: number;
}

/** Reads instants (milliseconds since the epoch) as the clock on the wall of one time zone shows them. */
export class WallClock {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;

  /** `zone`: an IANA name; null: this machine's. Throws BadHours for a zone nobody knows. */
  constructor(zone: string | null) {
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        ...(zone === null ? {} : { timeZone: zone }),
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
      });
    } catch {
      throw new BadHours(
        `WORKER_TIME_ZONE: there is no time zone “${zone}”. Write one like Europe/Berlin or UTC.`,
      );
    }
    this.zone = this.#format.resolvedOptions().timeZone;
  }

  at(instant: number): WallTime {
    const shifted = new Date(instant + this.#offset(instant));
    return {
      date: shifted.toISOString().slice(0, 10),
      day: shifted.getUTCDay(),
      minute: shifted.getUTCHours() * 60 + shifted.getUTCMinutes(),
    };
  }

  /**
   * Whether the windows are open, and the instant at which that changes; null: it never does. What the clock
   * on the wall shows decides: an hour that is skipped in spring is not worked, one that comes twice in
   * autumn is worked twice.
   */
  hoursAt(windows: readonly Window[], now: number): { open: boolean; until: number | null } {
    const wall = this.at(now);
    const open = withinHours(windows, wall.day, wall.minute);
    let instant = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    let quarter = Number.NaN;
    let offset = 0;
    for (let i = 0; i < LOOK_AHEAD_MINUTES; i++) {
      instant += MINUTE_MS;
      const its = Math.floor(instant / QUARTER_MS);
      if (its !== quarter) {
        quarter = its;
        offset = this.#offset(instant);
      }
      const minutes = Math.floor((instant + offset) / MINUTE_MS);
      // Day 0 of the epoch was a Thursday.
      const day = (Math.floor(minutes / 1440) + 4) % 7;
      if (withinHours(windows, day, minutes % 1440) !== open) return { open, until: instant };
    }
    return { open, until: null };
  }

  /** The first instant of the next day on the wall. */
  nextDay(now: number): number {
    const { date } = this.at(now);
    let instant = Math.floor(now / QUARTER_MS) * QUARTER_MS;
    while (this.at(instant).date === date) instant += QUARTER_MS;
    return instant;
  }

  /** Milliseconds to add to an instant to read it as if the wall's clock were UTC's. */
  #offset(instant: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    return wall - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
  }
}
