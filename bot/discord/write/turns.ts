import { type Clock, wallClock } from "../../stream/pacer.ts";

/** At most `limit` requests start in any `windowMs`. */
export interface Allowance {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Discord's usual allowances, with room for the clocks' difference: five edits or posts in five seconds per
 * channel, fifty requests a second over all. The client waits too when told "none left", but it waits with
 * the text in its hand; here a frame is written only when its turn has come.
 */
export const USUAL: { readonly channel: Allowance; readonly all: Allowance } = {
  channel: { limit: 5, windowMs: 5250 },
  all: { limit: 40, windowMs: 1000 },
};

export interface Turns {
  /** Resolves when a request in this lane may start; lanes are first come, first served. */
  take(lane: string): Promise<void>;
}

/** Hands out turns per lane and over all lanes. */
export function turns(allowances = USUAL, clock: Clock = wallClock): Turns {
  const all: number[] = [];
  const lanes = new Map<string, { starts: number[]; last: Promise<void> }>();

  async function waitFor(starts: number[], { limit, windowMs }: Allowance): Promise<void> {
    for (;;) {
      while (starts.length > 0 && (starts[0] as number) <= clock.now() - windowMs) starts.shift();
      if (starts.length < limit) return;
      const waitMs = (starts[0] as number) + windowMs - clock.now();
      await new Promise<void>((done) => clock.after(Math.max(1, waitMs), done));
    }
  }

  /** Evenly spread where several answers share a channel: in bursts, readers of one would wait for the other. */
  function spaced(starts: readonly number[]): Promise<void> {
    const { limit, windowMs } = allowances.channel;
    const waitMs = (starts.at(-1) ?? Number.NEGATIVE_INFINITY) + windowMs / limit - clock.now();
    return waitMs > 0 ? new Promise((done) => clock.after(waitMs, done)) : Promise.resolve();
  }

  async function next(starts: number[]): Promise<void> {
    await waitFor(starts, allowances.channel);
    if (starts.length > 1) await spaced(starts);
    await waitFor(all, allowances.all);
    starts.push(clock.now());
    all.push(clock.now());
  }

  return {
    take(name) {
      const lane = lanes.get(name) ?? { starts: [], last: Promise.resolve() };
      lanes.set(name, lane);
      const turn = lane.last.then(() => next(lane.starts));
      lane.last = turn;
      if (lanes.size > 5000) forgetOldest(lanes, clock.now() - allowances.channel.windowMs);
      return turn;
    },
  };
}

function forgetOldest(lanes: Map<string, { starts: number[] }>, before: number): void {
  for (const [name, { starts }] of lanes) {
    if ((starts.at(-1) ?? Number.POSITIVE_INFINITY) < before) lanes.delete(name);
  }
}
