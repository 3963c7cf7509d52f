/** A clock that is off by less is right enough: orders live for minutes. */
const OFF_MS = 60_000;
/** What took longer on its way says too little about the time now. */
const MAX_ROUND_TRIP_MS = 10_000;

/**
 * What time it is by the pool's clock, as this machine reckons it. Orders expire by the pool's clock; a machine
 * whose own is an hour fast would refuse every one of them.
 *
 *   not told (its own clock) ──learn──► told (the pool's time then, and what the steady clock counted since)
 *
 * Nothing is given up by this: the pool signs the time, as it signs every order with the expiry it likes, and it
 * answers a fresh question, so nobody in between can tell an old time to make old orders good again.
 */
export class PoolClock {
  readonly #own: () => number;
  readonly #steady: () => number;
  #told: { readonly poolAt: number; readonly steadyAt: number } | null = null;

  /**
   * `own`: milliseconds since the epoch by this machine; whoever sets it right moves it. `steady`: milliseconds
   * from an arbitrary beginning that nobody moves.
   */
  constructor(own: () => number, steady: () => number) {
    this.#own = own;
    this.#steady = steady;
  }

  /** Now by the pool's clock, milliseconds since the epoch; by this machine's own until a pool has told its time. */
  now(): number {
    if (this.#told === null) return this.#own();
    return Math.round(this.#told.poolAt + this.#steady() - this.#told.steadyAt);
  }

  /** A reading of the steady clock, to be given to `learn`. */
  mark(): number {
    return this.#steady();
  }

  /**
   * Takes on the time a pool told in answer to a question asked at `askedAt` (a mark). It was read at some moment
   * in between: half of the way is taken off, and the error is at most the other half.
   */
  learn(poolTime: number, askedAt: number): void {
    const steadyAt = this.#steady();
    const roundTrip = steadyAt - askedAt;
    if (roundTrip > MAX_ROUND_TRIP_MS) return;
    this.#told = { poolAt: poolTime + roundTrip / 2, steadyAt };
  }

  /** Milliseconds by which this machine's clock is ahead of the pool's (behind: negative); 0 where it is right enough. */
  get ahead(): number {
    const ahead = this.#own() - this.now();
    return Math.abs(ahead) > OFF_MS ? ahead : 0;
  }
}
