/** Days and hours as their owner wrote them; the message says what to write instead. */
export class BadHours extends Error {
  override name = "BadHours";
}

/** A stretch of the day that begins on some days of the week. */
export interface Window {
  /** 0 Sunday … 6 Saturday, as in Date. */
  readonly days: ReadonlySet<number>;
  /** Minutes after midnight, 0 to 1439. */
  readonly from: number;
  /** Minutes after midnight, 1 to 1440; not after `from`: on the next day. */
  readonly to: number;
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const MINUTES_A_DAY = 1440;

/**
 * Reads `mon-fri 20:00-08:00, sat-sun`: parts separated by commas, each with days (`mon`, `fri-mon`, `daily`,
 * or none for every day) and hours (`20:00-08:00` goes past midnight; none for the whole day). Throws BadHours.
 */
export function parseHours(text: string): Window[] {
  const parts = text
    .toLowerCase()
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) throw bad(text);
  return parts.map((part) => {
    const match = /^(?:(daily|[a-z]{3,9}(?:\s*-\s*[a-z]{3,9})?))?\s*(?:(\d.*))?$/.exec(part);
    if (match === null || (match[1] === undefined && match[2] === undefined)) throw bad(part);
    const [from, to] = match[2] === undefined ? [0, MINUTES_A_DAY] : hours(match[2], part);
    return { days: days(match[1] ?? "daily", part), from, to };
  });
}

/** True when the clock on the wall is within the windows. `minute`: minutes after midnight. */
export function withinHours(windows: readonly Window[], day: number, minute: number): boolean {
  const yesterday = (day + 6) % 7;
  return windows.some(({ days, from, to }) =>
    from < to
      ? days.has(day) && minute >= from && minute < to
      : (days.has(day) && minute >= from) || (days.has(yesterday) && minute < to),
  );
}

function days(text: string, part: string): Set<number> {
  if (text === "daily") return new Set([0, 1, 2, 3, 4, 5, 6]);
  const [first, last = first] = text.split("-").map((name) => dayOf(name.trim(), part)) as [
    number,
    number?,
  ];
  const found = new Set<number>();
  for (let day = first; ; day = (day + 1) % 7) {
    found.add(day);
    if (day === last) return found;
  }
}

function dayOf(name: string, part: string): number {
  const full = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
  const day = full.findIndex((each, i) => each === name || DAYS[i] === name);
  if (day < 0) throw bad(part);
  return day;
}

function hours(text: string, part: string): [number, number] {
  const match = /^(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?$/.exec(text.trim());
  if (match === null) throw bad(part);
  const [, h1, m1 = "0", h2, m2 = "0"] = match;
  const from = Number(h1) * 60 + Number(m1);
  const to = Number(h2) * 60 + Number(m2);
  const wrong = Number(m1) > 59 || Number(m2) > 59 || from >= MINUTES_A_DAY || to > MINUTES_A_DAY;
  if (wrong || from === to) throw bad(part);
  // "22:00-00:00" ends at midnight, which is the end of the same day.
  return [from, to === 0 ? MINUTES_A_DAY : to];
}

function bad(part: string): BadHours {
  return new BadHours(
    `“${part.slice(0, 60)}” is no time this worker understands. Write days and hours, for example: ` +
      "mon-fri 20:00-08:00, sat-sun",
  );
}
