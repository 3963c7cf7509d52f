import { smithSet } from "./condorcet.ts";
import type { Pairwise } from "./pairwise.ts";
import { type PossibleWinners, possibleWinners } from "./possible-winners.ts";

/** A defeat by indexes: the first beats the second. */
export type Pair = readonly [winner: number, loser: number];

/** `reach[i]` has bit j set where option i is locked above option j, directly or through others. */
export type Reach = readonly bigint[];

/**
 * Work done, at most, in options × defeats × states: seconds. Whether an option wins under some order is NP-complete
 * (M. Brill and F. Fischer, "The price of neutrality for the ranked pairs method", 2012), so there must be a bound;
 * real elections stay far below it.
 */
const MOST_WORK = 20_000_000;

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

/** A state, and the defeats of its group that were not tried yet as the next one. */
interface Branching extends State {
  readonly untried: Pair[];
}

/**
 * Who wins under some order of the equal defeats. `groups` are the defeats, strongest first, equal ones together.
 *
 * Within a group a defeat is certain where no order could close a cycle through it, and certain ones are locked
 * at once; each of the others is tried as the next one. Winners come from the Smith set, and a beaten option stays
 * beaten: a state whose unbeaten Smith members are all found already is not followed. So when the bound is reached,
 * everybody who could still win is an unbeaten Smith member of a state that was left with something untried.
 */
export function searchLockings(
  duels: Pairwise,
  groups: readonly (readonly Pair[])[],
): PossibleWinners {
  const { options } = duels;
  const best = new Set(smithSet(duels));
  const hopeful = (reach: Reach) =>
    unbeaten(reach).filter((option) => best.has(options[option] as string));
  const found = new Set<number>();
  for (const option of hopeful(nothing(options.length))) {
    if (found.has(option)) continue;
    for (const winner of unbeaten(favour(option, options.length, groups))) found.add(winner);
  }
  const seen = new Set<string>();
  const open: Branching[] = [];
  const visit = (from: State) => {
    const state = settle(from, groups);
    const left = hopeful(state.reach);
    if (left.every((option) => found.has(option))) return;
    // Whoever is alone unbeaten wins; at the end all unbeaten ones are tied, and each may win.
    if (left.length === 1 || state.done === groups.length) {
      for (const option of left) found.add(option);
      return;
    }
    const key = `${state.done} ${state.reach.join(",")}`;
    if (seen.has(key)) return;
    seen.add(key);
    open.push({ ...state, untried: undecided(state, groups[state.done] as readonly Pair[]) });
  };
  const workPerState = options.length * groups.reduce((sum, { length }) => sum + length, 1);
  visit({ done: 0, reach: nothing(options.length) });
  for (let work = 0; open.length > 0 && work < MOST_WORK; work += workPerState) {
    const { done, reach, untried } = open.at(-1) as Branching;
    const next = untried.pop();
    if (next === undefined || hopeful(reach).every((option) => found.has(option))) open.pop();
    else visit({ done, reach: lock(reach, next[0], next[1]) });
  }
  const notExcluded = new Set(open.flatMap(({ reach }) => hopeful(reach)));
  return possibleWinners(options, found, notExcluded, open.length === 0);
}

/** Locks in an order that helps one option: among equal defeats, those nearest to it, counted in defeats, first. */
function favour(option: number, size: number, groups: readonly (readonly Pair[])[]): Reach {
  const distance = new Array<number>(size).fill(size);
  distance[option] = 0;
  const line = [option];
  const defeats = groups.flat();
  for (const from of line) {
    for (const [i, j] of defeats) {
      if (i !== from || distance[j] !== size || j === option) continue;
      distance[j] = (distance[i] as number) + 1;
      line.push(j);
    }
  }
  const far = ([i, j]: Pair) => (distance[i] as number) * (size + 1) + (distance[j] as number);
  const order = groups.flatMap((group) => group.toSorted((a, b) => far(a) - far(b)));
  return lockedReach(size, order).reach;
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
