import { smithSet } from "./condorcet.ts";
import type { Pairwise } from "./pairwise.ts";
import { type PossibleWinners, possibleWinners } from "./possible-winners.ts";

/** A defeat by indexes: the first beats the second. */
export type Pair = readonly [winner: number, loser: number];

/** `reach[i]` has bit j set where option i is locked above option j, directly or through others. */
export type Reach = readonly bigint[];

/**
 * States looked at, at most. Whether an option wins under some order is NP-complete (M. Brill and F. Fischer, "The
 * price of neutrality for the ranked pairs method", 2012), so there must be a bound; elections of people stay far
 * below it.
 */
const MOST_STATES = 20_000;

/** Locks pairs one by one, each unless it would close a cycle; says which were locked. */
export function lockedReach(
  size: number,
  pairs: readonly Pair[],
): { readonly reach: Reach; readonly locked: readonly boolean[] } {
  let reach = nothing(size);
  const locked = pairs.map(([i, j]) => {
    if (reaches(reach, j, i)) return false;
    reach = lock(reach, i, j);
    return true;
  });
  return { reach, locked };
}

interface State {
  /** How many groups of equal defeats are done. */
  readonly done: number;
  readonly reach: Reach;
}

/**
 * Who wins under some order of the equal defeats. `groups` are the defeats, strongest first, equal ones together.
 *
 * Within a group a defeat is certain where no order could close a cycle through it, and certain ones are locked
 * at once; each of the others is tried as the next one. A state whose unbeaten options are all found already is
 * not followed, because a beaten option stays beaten. So when the bound is reached, everybody who could still win
 * is unbeaten in a state that was left waiting, and stands in the Smith set.
 */
export function searchLockings(
  duels: Pairwise,
  groups: readonly (readonly Pair[])[],
): PossibleWinners {
  const size = duels.options.length;
  const found = new Set<number>();
  const seen = new Set<string>();
  const waiting: State[] = [{ done: 0, reach: nothing(size) }];
  for (let states = 0; waiting.length > 0 && states < MOST_STATES; states++) {
    const state = settle(waiting.pop() as State, groups);
    const hopeful = unbeaten(state.reach);
    if (hopeful.every((option) => found.has(option))) continue;
    // Whoever is alone unbeaten wins; at the end all unbeaten ones are tied, and each may win.
    if (hopeful.length === 1 || state.done === groups.length) {
      for (const option of hopeful) found.add(option);
      continue;
    }
    for (const [i, j] of undecided(state, groups[state.done] as readonly Pair[])) {
      const next = { done: state.done, reach: lock(state.reach, i, j) };
      const key = `${next.done} ${next.reach.join(",")}`;
      if (seen.has(key)) continue;
      seen.add(key);
      waiting.push(next);
    }
  }
  const best = new Set(smithSet(duels));
  const open = new Set(
    waiting
      .flatMap(({ reach }) => unbeaten(reach))
      .filter((option) => best.has(duels.options[option] as string)),
  );
  return possibleWinners(duels.options, found, open, waiting.length === 0);
}

/** Whether every order of equal defeats locks the same ones. */
export function orderIsFree(size: number, groups: readonly (readonly Pair[])[]): boolean {
  return settle({ done: 0, reach: nothing(size) }, groups).done === groups.length;
}

/** Locks what every order locks, and goes on to the next group once nothing is undecided. */
function settle(state: State, groups: readonly (readonly Pair[])[]): State {
  let { done, reach } = state;
  for (; done < groups.length; done++) {
    const open = undecided({ done, reach }, groups[done] as readonly Pair[]);
    // Where everything open were locked together: a defeat that lies on no cycle there lies on none in any order.
    const all = withAll(reach, open);
    const certain = open.filter(([i, j]) => !reaches(all, j, i));
    for (const [i, j] of certain) reach = lock(reach, i, j);
    if (certain.length < open.length) break;
  }
  return { done, reach };
}

/** The defeats of a group that are neither locked already nor impossible. */
function undecided({ reach }: State, group: readonly Pair[]): Pair[] {
  return group.filter(([i, j]) => !reaches(reach, i, j) && !reaches(reach, j, i));
}

function nothing(size: number): Reach {
  return new Array<bigint>(size).fill(0n);
}

function reaches(reach: Reach, i: number, j: number): boolean {
  return (((reach[i] as bigint) >> BigInt(j)) & 1n) === 1n;
}

function lock(reach: Reach, i: number, j: number): Reach {
  const below = (reach[j] as bigint) | (1n << BigInt(j));
  return reach.map((mine, option) => {
    return option === i || reaches(reach, option, i) ? mine | below : mine;
  });
}

/** Adds pairs even where they close cycles, and everything that follows from them. */
function withAll(reach: Reach, pairs: readonly Pair[]): Reach {
  return pairs.reduce((all, [i, j]) => lock(all, i, j), reach);
}

function unbeaten(reach: Reach): number[] {
  const beaten = reach.reduce((all, mine) => all | mine, 0n);
  return [...reach.keys()].filter((option) => ((beaten >> BigInt(option)) & 1n) === 0n);
}
