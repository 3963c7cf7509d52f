import fc from "fast-check";
import type { RankedBallot } from "../../../protocol/counting/profile.ts";
import type { TieRule } from "../../../protocol/counting/ties.ts";

/** A small generator with its whole state in one number (Mulberry32), for profiles that a seed names. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Names whose canonical order is their order here. */
export function optionNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `o${i.toString().padStart(2, "0")}`);
}

/** Ties go to the option that stands first on the ballot paper: what belenios-tool does. */
export const paperOrder: TieRule = {
  words: "order of the ballot paper",
  order: (options) => [...options].sort(),
};

/** Few ballots over few options with many equal ranks and short rankings: most profiles have ties or cycles. */
export const rankedElection = (most = 6) =>
  fc.integer({ min: 1, max: most }).chain((size) => {
    const options = optionNames(size);
    const ballot = fc
      .array(fc.integer({ min: 0, max: size }), { minLength: size, maxLength: size })
      .map((places) =>
        // Place 0 is not ranked; equal places are equal ranks.
        [...new Set(places)]
          .sort((a, b) => a - b)
          .filter((place) => place > 0)
          .map((place) => options.filter((_, i) => places[i] === place)),
      );
    const ballots: fc.Arbitrary<RankedBallot[]> = fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 4 }), ranks: ballot }),
      { maxLength: 12 },
    );
    return fc.record({ options: fc.constant(options), ballots });
  });
