import { byWinningVotes, type Defeat, type DefeatOrder, defeat } from "./defeats.ts";
import { duelTable, type PairTable, type Pairwise, pairTable } from "./pairwise.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";

export interface SchulzeResult extends Decision {
  readonly pairwise: PairTable;
  /** The weakest defeat on the strongest path from one option to another; null where no path leads there. */
  readonly strongestPaths: PairTable<Defeat | null>;
  /** Best rank first; options in one rank are tied. */
  readonly ranking: readonly (readonly string[])[];
}

/**
 * Schulze's method: A beats B where the strongest path of defeats from A to B is stronger than the one back.
 * (M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
 * election method", 2011.)
 */
export function schulze(
  duels: Pairwise,
  rule: TieRule | null,
  order: DefeatOrder = byWinningVotes,
): SchulzeResult {
  const { options } = duels;
  const paths = strongestPaths(duels, order);
  const path = (i: number, j: number) => (paths[i] as (Defeat | null)[])[j] as Defeat | null;
  const beats = (i: number, j: number) => compare(order, path(i, j), path(j, i)) > 0;
  const ranking: string[][] = [];
  let left = [...options.keys()];
  while (left.length > 0) {
    const unbeaten = left.filter((i) => !left.some((j) => beats(j, i)));
    ranking.push(unbeaten.map((i) => options[i] as string));
    left = left.filter((i) => !unbeaten.includes(i));
  }
  return {
    ...decide(ranking[0] ?? [], rule),
    pairwise: duelTable(duels),
    strongestPaths: pairTable(options, path),
    ranking,
  };
}

/** Widest paths (Floyd and Warshall, with max for min and min for +). */
function strongestPaths(duels: Pairwise, order: DefeatOrder): (Defeat | null)[][] {
  const indexes = [...duels.options.keys()];
  const paths = indexes.map((i) => indexes.map((j) => (i === j ? null : defeat(duels, i, j))));
  for (const k of indexes) {
    const fromK = paths[k] as (Defeat | null)[];
    for (const row of paths) {
      const toK = row[k] as Defeat | null;
      if (toK === null) continue;
      for (const j of indexes) {
        const onward = fromK[j] as Defeat | null;
        const joined = compare(order, toK, onward) < 0 ? toK : onward;
        if (row !== paths[j] && compare(order, joined, row[j] as Defeat | null) > 0) {
          row[j] = joined;
        }
      }
    }
  }
  return paths;
}

/** No path is weaker than any path. */
function compare(order: DefeatOrder, a: Defeat | null, b: Defeat | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return order(a, b);
}
