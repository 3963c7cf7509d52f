import { preferences } from "./preferences.ts";
import type { Profile, VoidBallot } from "./profile.ts";

/** A ballot as a plain list of option indexes, best first. */
export interface StrictBallot {
  readonly weight: number;
  readonly ranking: readonly number[];
}

export interface StrictBallots {
  readonly ballots: readonly StrictBallot[];
  /** Sum of the weights. */
  readonly total: number;
  readonly voids: readonly VoidBallot[];
}

/**
 * For counts without a rule for equal ranks: ballots that have two options in one rank are void. Equal ballots
 * are merged, so the result does not depend on how they came in.
 */
export function strictBallots(profile: Profile): StrictBallots {
  const { weights, marks, options } = profile;
  const { sequence } = preferences(profile);
  const width = options.length;
  const merged = new Map<string, StrictBallot>();
  const voids: VoidBallot[] = [];
  let total = 0;
  for (const [ballot, weight] of weights.entries()) {
    const start = ballot * width;
    const ranking = [...sequence.subarray(start, start + width)].filter((option) => option >= 0);
    const shared = ranking.find(
      (option, place) =>
        place > 0 && marks[start + option] === marks[start + (ranking[place - 1] as number)],
    );
    if (shared !== undefined) {
      const name = JSON.stringify(options[shared]);
      const reason = `ranks ${name} equal to another option, and this method counts strict orders`;
      voids.push({ ballot, weight, reason });
      continue;
    }
    total += weight;
    const key = ranking.join(",");
    merged.set(key, { ranking, weight: weight + (merged.get(key)?.weight ?? 0) });
  }
  return { ballots: [...merged.values()], total, voids };
}
