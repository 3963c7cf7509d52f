import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { availability, type Circumstances } from "../../worker/limits/availability.ts";
import { parseHours, withinHours } from "../../worker/limits/hours.ts";
import { WallClock } from "../../worker/limits/wall-clock.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const berlin = new WallClock("Europe/Berlin");
/** Berlin's clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October. */
const at = (iso: string) => Date.parse(iso);
const open = (hours: string, instant: number, clock = berlin) =>
  clock.hoursAt(parseHours(hours), instant);

test("days and hours are read as people write them", () => {
  const [nights, weekend] = parseHours("Mon-Fri 20:00-08:00, sat - sunday");
  assert.deepEqual([...(nights?.days ?? [])], [1, 2, 3, 4, 5]);
  assert.deepEqual([nights?.from, nights?.to], [1200, 480]);
  assert.deepEqual([...(weekend?.days ?? [])], [6, 0]);
  assert.deepEqual([weekend?.from, weekend?.to], [0, 1440]);
  assert.equal(parseHours("22-6")[0]?.days.size, 7);
  assert.equal(parseHours("daily 9-17:30")[0]?.to, 1050);
  assert.deepEqual([...(parseHours("fri-mon 1-2")[0]?.days ?? [])], [5, 6, 0, 1]);
});

test("what is no time is refused with an example", () => {
  for (const bad of [
    "",
    ",",
    "whenever",
    "mon-xyz 1-2",
    "mon 25:00-26:00",
    "8:00",
    "8-8",
    "9:75-10",
  ]) {
    assert.throws(() => parseHours(bad), { name: "BadHours", message: /mon-fri 20:00-08:00/ }, bad);
  }
  assert.throws(() => new WallClock("Mars/Olympus"), /no time zone “Mars\/Olympus”/);
});

test("a night that begins on Friday lasts into Saturday, and not from Saturday", () => {
  const hours = "mon-fri 20:00-08:00";
  assert.equal(open(hours, at("2026-06-05T21:00+02:00")).open, true, "Friday 21:00");
  assert.equal(open(hours, at("2026-06-06T07:59+02:00")).open, true, "Saturday 07:59");
  assert.equal(open(hours, at("2026-06-06T08:00+02:00")).open, false);
  assert.equal(open(hours, at("2026-06-06T21:00+02:00")).open, false, "Saturday 21:00");
  assert.equal(open(hours, at("2026-06-08T07:00+02:00")).open, false, "Monday 07:00, after Sunday");
  const { until } = open(hours, at("2026-06-06T12:00+02:00"));
  assert.equal(until, at("2026-06-08T20:00+02:00"));
});

test("the clock on the wall decides when clocks are put forward and back", () => {
  // 01:30 to 03:30 in the night in which 02:00–03:00 does not exist: one hour of time.
  const spring = open("sun 1:30-3:30", at("2026-03-29T01:45+01:00"));
  assert.deepEqual(spring, { open: true, until: at("2026-03-29T03:30+02:00") });
  assert.equal(
    open("sun 2:00-3:00", at("2026-03-28T12:00+01:00")).until,
    at("2026-04-05T02:00+02:00"),
  );
  // 02:30 comes twice in autumn: open both times, closed between.
  const autumn = "sun 2:30-2:45";
  assert.equal(open(autumn, at("2026-10-25T02:35+02:00")).open, true);
  const between = open(autumn, at("2026-10-25T02:50+02:00"));
  assert.deepEqual(between, { open: false, until: at("2026-10-25T02:30+01:00") });
});

test("hours that never close have no end", () => {
  assert.deepEqual(open("daily", at("2026-06-05T21:00Z")), { open: true, until: null });
});

const anyWindow = fc
  .record({
    day: fc.integer({ min: 0, max: 6 }),
    from: fc.integer({ min: 0, max: 95 }),
    length: fc.integer({ min: 1, max: 95 }),
  })
  .map(({ day, from, length }) => {
    const clock = (quarter: number) =>
      `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;
    const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    return `${names[day]} ${clock(from)}-${clock((from + length) % 96)}`;
  });
const anyZone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
);
/** Around Berlin's, Newfoundland's and Lord Howe's changes of 2026, and any other time. */
const anyInstant = fc.oneof(
  fc.integer({ min: 0, max: 72 * 60 }).map((m) => at("2026-03-28T00:00Z") + m * MINUTE),
  fc.integer({ min: 0, max: 72 * 60 }).map((m) => at("2026-10-24T00:00Z") + m * MINUTE),
  fc.integer({ min: 0, max: 72 * 60 }).map((m) => at("2026-04-04T00:00Z") + m * MINUTE),
  fc.integer({ min: 0, max: 365 * 24 * 60 }).map((m) => at("2026-01-01T00:00Z") + m * MINUTE),
);

test("at every minute the answer is what the wall's clock says, and `until` is the first minute that differs", () => {
  fc.assert(
    fc.property(
      fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
      anyZone,
      anyInstant,
      (texts, zone, now) => {
        const windows = parseHours(texts.join(","));
        const clock = new WallClock(zone);
        const wall = (instant: number) => {
          const { day, minute } = clock.at(instant);
          return withinHours(windows, day, minute);
        };
        const { open, until } = clock.hoursAt(windows, now);
        assert.equal(open, wall(now));
        assert(until !== null && until > now);
        assert.equal(wall(until), !open);
        for (let instant = now; instant < until; instant += 7 * MINUTE)
          assert.equal(wall(instant), open);
        assert.equal(wall(until - MINUTE), open);
      },
    ),
    { numRuns: 60 },
  );
});

test("the wall's clock agrees with the system's own words for every zone", () => {
  fc.assert(
    fc.property(anyZone, anyInstant, (zone, now) => {
      const { day, minute } = new WallClock(zone).at(now);
      const words = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        weekday: "short",
        hour: "2-digit",
        minute: "2-digit",
      });
      const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
      const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
      assert.equal(words.format(now).replace(",", ""), `${names[day]} ${clock}`);
    }),
    { numRuns: 200 },
  );
});

test("leaving goes before pausing, pausing before hours, hours before the day's share", () => {
  const now = at("2026-06-05T12:00+02:00");
  const base: Circumstances = {
    leaving: false,
    paused: false,
    hours: parseHours("fri 10-14"),
    answersPerDay: 5,
    answersToday: 4,
  };
  const state = (changes: Partial<Circumstances>) =>
    availability({ ...base, ...changes }, berlin, now);
  assert.deepEqual(state({}), { state: "open", until: at("2026-06-05T14:00+02:00"), why: "" });
  assert.equal(state({ paused: true, leaving: true }).state, "draining");
  assert.deepEqual(state({ paused: true }), { state: "paused", until: null, why: "paused" });
  assert.equal(state({ paused: now + HOUR }).until, now + HOUR);
  assert.equal(state({ paused: now - 1 }).state, "open", "a pause that is over");
  assert.equal(state({ hours: parseHours("sat") }).state, "off-hours");
  const done = state({ answersToday: 5 });
  assert.deepEqual(done, {
    state: "off-hours",
    until: at("2026-06-06T00:00+02:00"),
    why: "today's answers are given",
  });
});
