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
  /** The homeserver refused an event: nothing goes for that long, and the bucket is empty. */
  refused(retryAfterMs: number): void;
}

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
    tryTake() {
      refill();
      if (isQuiet() || waiting.length > 0) return false;
      if (unlimited) return true;
      if (tokens - 1 < reserve) return false;
      tokens -= 1;
      return true;
    },
    refused(retryAfterMs) {
      refill();
      tokens = Math.min(tokens, 0);
      quietUntil = Math.max(quietUntil, clock.now() + retryAfterMs);
    },
  };
}
