import { type Clock, wallClock } from "../stream/pacer.ts";

export interface BudgetOptions {
  /** Events a second that the homeserver allows this account; 0: as many as one likes. */
  readonly perSecond: number;
  /** Events that may be sent at once after a quiet time. */
  readonly burst: number;
  readonly clock?: Clock;
}

/**
 * The events this account may send: one token bucket over all rooms, because a homeserver counts them so
 * (Synapse's `rc_message`: 0.2 a second, burst 10, unless the operator lifts it).
 */
export interface EventBudget {
  /** Resolves when the next event that has to be sent may go; first come, first served. Rejects with AbortError. */
  take(signal?: AbortSignal): Promise<void>;
  /**
   * Takes a place for an event that may be left out, a running edit. False when only the reserve is left:
   * half the bucket is kept for first and last words.
   */
  tryTake(): boolean;
  /**
   * The same for an event that can wait, a picture: tries again for so long, and never goes before what has to
   * be sent. Rejects with AbortError.
   */
  takeSpare(patienceMs: number, signal: AbortSignal): Promise<boolean>;
  /** The homeserver refused an event: nothing goes for that long, and the bucket is empty. */
  refused(retryAfterMs: number): void;
}

/** How often what can wait looks for room. */
const LOOK_MS = 1000;

/** Makes a bucket that is full. */
export function eventBudget(options: BudgetOptions): EventBudget {
  const { perSecond, burst, clock = wallClock } = options;
  const unlimited = perSecond <= 0;
  const reserve = Math.ceil(burst / 2);
  const waiting: (() => void)[] = [];
  let tokens = burst;
  let countedAt = clock.now();
  let quietUntil = 0;
  let timer = () => {};

  function refill(): void {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - countedAt) / 1000) * perSecond);
    countedAt = now;
  }

  function isQuiet(): boolean {
    return clock.now() < quietUntil;
  }

  /** Serves those who wait, as far as there are tokens, and looks again when the next one is there. */
  function serve(): void {
    timer();
    refill();
    // A token that was waited for arrives a rounding error short of a whole one.
    while (waiting.length > 0 && !isQuiet() && (unlimited || tokens >= 1 - 1e-9)) {
      tokens -= 1;
      waiting.shift()?.();
    }
    if (waiting.length === 0) return;
    const refillMs = unlimited ? 0 : ((1 - tokens) / perSecond) * 1000;
    timer = clock.after(Math.max(1, refillMs, quietUntil - clock.now()), serve);
  }

  function tryTake(): boolean {
    refill();
    if (isQuiet() || waiting.length > 0) return false;
    if (unlimited) return true;
    if (tokens - 1 < reserve) return false;
    tokens -= 1;
    return true;
  }

  return {
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          const at = waiting.indexOf(go);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal?.reason);
        };
        const go = () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(go);
        serve();
      });
    },
    tryTake,
    takeSpare(patienceMs, signal) {
      const until = clock.now() + patienceMs;
      return new Promise((resolve, reject) => {
        let cancel = () => {};
        const end = (settle: () => void) => {
          cancel();
          signal.removeEventListener("abort", onAbort);
          settle();
        };
        const onAbort = () => end(() => reject(signal.reason));
        const look = () => {
          if (tryTake()) return end(() => resolve(true));
          if (clock.now() >= until) return end(() => resolve(false));
          cancel = clock.after(LOOK_MS, look);
        };
        if (signal.aborted) return onAbort();
        signal.addEventListener("abort", onAbort);
        look();
      });
    },
    refused(retryAfterMs) {
      refill();
      tokens = Math.min(tokens, 0);
      quietUntil = Math.max(quietUntil, clock.now() + retryAfterMs);
    },
  };
}
