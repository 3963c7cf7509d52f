import { type ExactNumber, exactNumber, fraction } from "./fraction.ts";
import { type Pairwise, votes } from "./pairwise.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";
import { byName, greatest, rankByTotals } from "./totals.ts";

export interface BordaResult extends Decision {
  readonly points: Readonly<Record<string, ExactNumber>>;
  readonly ranking: readonly (readonly string[])[];
}

/**
 * Borda: m−1 points for the first of m options down to 0 for the last; options in one rank share the average
 * of its places. That equals one point for every option below and half a point for every option beside, so
 * the duels and the weight of all ballots (`total`, blank ones too) are enough.
 */
export function borda(duels: Pairwise, total: number, rule: TieRule | null): BordaResult {
  const { options } = duels;
  const halves = options.map((_, i) =>
    options.reduce(
      (sum, _, j) => (i === j ? sum : sum + total + votes(duels, i, j) - votes(duels, j, i)),
      0,
    ),
  );
  const points = halves.map((half) => exactNumber(fraction(BigInt(half), 2n)));
  return {
    ...decide(greatest(options, halves), rule),
    points: byName(options, points),
    ranking: rankByTotals(options, halves),
  };
}
