import { byWinningVotes, type Defeat, type DefeatOrder, defeat } from "./defeats.ts";
import { duelTable, type PairTable, type Pairwise } from "./pairwise.ts";
import type { PossibleWinners } from "./possible-winners.ts";
import { lockedReach, orderIsFree, type Pair, searchLockings } from "./ranked-pairs-search.ts";
import { breakTie, type Decision, type Tie, type TieRule } from "./ties.ts";

/** One defeat, in the order in which they were taken. */
export interface LockedPair extends Defeat {
  readonly winner: string;
  readonly loser: string;
  /** False where locking it would have closed a cycle. */
  readonly locked: boolean;
}

export interface RankedPairsResult extends Decision {
  readonly pairwise: PairTable;
  /** Empty where the order of equal defeats matters, for any rank, and there is no rule for it. */
  readonly pairs: readonly LockedPair[];
  /** Unbeaten in the locked order first; empty with `pairs`. */
  readonly ranking: readonly (readonly string[])[];
  readonly search: PossibleWinners;
}

/**
 * Ranked pairs (Tideman 1987): defeats are locked from the strongest down, each unless it closes a cycle. Equal
 * defeats can be taken in any order, and who wins may depend on it, so all winners that some order gives are
 * reported; the order itself comes from the lots: the pair whose winner, then whose loser, is the luckier first.
 */
export function rankedPairs(
  duels: Pairwise,
  rule: TieRule | null,
  order: DefeatOrder = byWinningVotes,
): RankedPairsResult {
  const { options } = duels;
  const groups = equalDefeats(duels, order);
  const search = searchLockings(duels, groups);
  const possible = [...search.found, ...search.notExcluded];
  const possibleWinners = options.filter((option) => possible.includes(option));
  const tables = { possibleWinners, pairwise: duelTable(duels), search };
  if (rule === null && !orderIsFree(options.length, groups)) {
    const ties: Tie[] =
      possibleWinners.length > 1 ? [breakTie("first place", possibleWinners, null)] : [];
    const winners = possibleWinners.length > 1 ? [] : possibleWinners;
    return { winners, ties, ...tables, pairs: [], ranking: [] };
  }
  const lucky = new Map((rule?.order(options) ?? options).map((option, place) => [option, place]));
  const luck = (index: number) => lucky.get(options[index] as string) as number;
  const inOrder = groups.flatMap((group) =>
    group.toSorted((a, b) => luck(a[0]) - luck(b[0]) || luck(a[1]) - luck(b[1])),
  );
  const locking = lockedReach(options.length, inOrder);
  const ranking = rankBy(options, locking.reach);
  const best = ranking[0] as string[];
  const ties: Tie[] = [];
  let winners: readonly string[] = best;
  if (best.length > 1) {
    const tie = breakTie("first place", best, rule);
    ties.push(tie);
    winners = tie.chosen === null ? [] : [tie.chosen];
  } else if (possibleWinners.length > 1 && rule !== null) {
    const chosen = best[0] as string;
    const place = "first place, by the order of equal defeats";
    ties.push({ place, options: possibleWinners, chosen, settledBy: rule.words });
  }
  const pairs = inOrder.map(([i, j], place) => ({
    winner: options[i] as string,
    loser: options[j] as string,
    ...(defeat(duels, i, j) as Defeat),
    locked: locking.locked[place] as boolean,
  }));
  return { winners, ties, ...tables, pairs, ranking };
}

/** All defeats, strongest first, equal ones together. */
function equalDefeats(duels: Pairwise, order: DefeatOrder): Pair[][] {
  const defeats = duels.options.flatMap((_, i) =>
    duels.options.flatMap((_, j) => {
      const won = defeat(duels, i, j);
      return won === null ? [] : [{ pair: [i, j] as const, won }];
    }),
  );
  defeats.sort((a, b) => order(b.won, a.won));
  const groups: (typeof defeats)[] = [];
  for (const one of defeats) {
    const last = groups.at(-1);
    if (last?.[0] && order(last[0].won, one.won) === 0) last.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => group.map(({ pair }) => pair));
}

/** Layers of options that nobody left is locked above. */
function rankBy(options: readonly string[], reach: readonly bigint[]): string[][] {
  const ranking: string[][] = [];
  let left = [...options.keys()];
  while (left.length > 0) {
    const unbeaten = left.filter(
      (i) => !left.some((j) => ((reach[j] as bigint) >> BigInt(i)) & 1n),
    );
    ranking.push(unbeaten.map((i) => options[i] as string));
    left = left.filter((i) => !unbeaten.includes(i));
  }
  return ranking;
}
