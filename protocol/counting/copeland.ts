import { type ExactNumber, exactNumber, fraction } from "./fraction.ts";
import { duelTable, type PairTable, type Pairwise, votes } from "./pairwise.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";
import { byName, greatest, rankByTotals } from "./totals.ts";

export interface CopelandResult extends Decision {
  readonly pairwise: PairTable;
  readonly points: Readonly<Record<string, ExactNumber>>;
  readonly ranking: readonly (readonly string[])[];
}

/** Copeland: 1 point for a won duel, ½ for a drawn one. */
export function copeland(duels: Pairwise, rule: TieRule | null): CopelandResult {
  const { options } = duels;
  const halves = options.map((_, i) =>
    options.reduce((sum, _, j) => {
      if (i === j) return sum;
      return sum + 1 + Math.sign(votes(duels, i, j) - votes(duels, j, i));
    }, 0),
  );
  return {
    ...decide(greatest(options, halves), rule),
    pairwise: duelTable(duels),
    points: byName(
      options,
      halves.map((half) => exactNumber(fraction(BigInt(half), 2n))),
    ),
    ranking: rankByTotals(options, halves),
  };
}
