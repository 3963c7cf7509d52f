import { type ForAndAgainst, type MajorityResult, majority, type Threshold } from "./majority.ts";

/** One house's count, in its own unit: ballots, or millionths of a vote where members carry weights. */
export interface House extends ForAndAgainst, Threshold {
  readonly house: string;
}

export interface HouseResult extends MajorityResult {
  readonly house: string;
}

export interface HousesResult {
  readonly passes: boolean;
  readonly houses: readonly HouseResult[];
}

/**
 * Each house counts alone, with its own quorum and its own ratio, and every house must pass: nothing is
 * carried from one house to another. Throws RangeError where there is no house.
 */
export function houses(counts: readonly House[]): HousesResult {
  if (counts.length === 0) throw new RangeError("a vote needs at least one house");
  const results = counts.map((count) => ({ house: count.house, ...majority(count, count) }));
  return { passes: results.every(({ passes }) => passes), houses: results };
}
