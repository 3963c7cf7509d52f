import type { Clock } from "../../bot/stream/pacer.ts";

/** A clock that stands still until it is moved; timers run in order of their time. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`, running every timer that falls due, and lets promises settle between them. */
  advance(ms: number): Promise<void>;
  pending(): number;
}

export function fakeClock(): FakeClock {
  let now = 0;
  let timers: { at: number; then: () => void }[] = [];
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.then();
        await settle();
      }
      now = end;
    },
    pending: () => timers.length,
  };
}

/** All promise callbacks that are ready have run once a macrotask has. */
function settle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
