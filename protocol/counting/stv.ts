import {
  compareFractions,
  type ExactNumber,
  exactNumber,
  type Fraction,
  fraction,
  minus,
  ONE,
  over,
  plus,
  times,
} from "./fraction.ts";
import type { Profile, VoidBallot } from "./profile.ts";
import { type StrictBallots, strictBallots } from "./strict-ballots.ts";
import { breakTie, type Tie, type TieRule } from "./ties.ts";

export interface StvRound {
  readonly votes: Readonly<Record<string, ExactNumber>>;
  readonly elected: readonly string[];
  readonly eliminated: readonly string[];
}

export interface StvResult {
  /** In the order of their election; fewer than the seats where a tie stays open or nobody else was named. */
  readonly winners: readonly string[];
  readonly ties: readonly Tie[];
  readonly quota: number;
  readonly rounds: readonly StvRound[];
  /** Ballots that put two options in one rank: this count has no rule for them. */
  readonly voids: readonly VoidBallot[];
}

/** Ballots that now count with the same value, and what is left of their rankings. */
interface Pile {
  readonly value: Fraction;
  readonly weight: bigint;
  /** Options still in, best first. */
  readonly left: readonly number[];
}

/**
 * Single transferable vote as belenios-tool counts it, in exact fractions instead of its floating point.
 *
 * Quota: ⌊ballots ÷ (seats + 1)⌋ + 1, blank ballots included. One option at a time: the one with the most votes is
 * elected if it reaches the quota, and all its ballots go on at (votes − quota) ÷ votes of their value; otherwise
 * the one with the fewest is eliminated and its ballots go on in full. Options that no ballot names any more are out;
 * once no more options are left than seats, all of them are elected.
 */
export function stv(profile: Profile, seats: number, rule: TieRule | null): StvResult {
  const { options } = profile;
  const ballots = strictBallots(profile);
  const quota = Math.floor(ballots.total / (seats + 1)) + 1;
  const bar = fraction(BigInt(quota), 1n);
  const named = (indexes: readonly number[]) => indexes.map((index) => options[index] as string);
  const winners: string[] = [];
  const rounds: StvRound[] = [];
  const ties: Tie[] = [];
  let piles = firstPiles(ballots);
  while (winners.length < seats) {
    const votes = count(piles);
    const inside = [...votes.keys()].sort((a, b) => a - b);
    if (inside.length === 0) break;
    const held = (option: number) => votes.get(option) as Fraction;
    const round = {
      votes: Object.fromEntries(inside.map((i) => [options[i], exactNumber(held(i))])),
    };
    if (inside.length <= seats - winners.length) {
      winners.push(...named(inside));
      rounds.push({ ...round, elected: named(inside), eliminated: [] });
      break;
    }
    const ordered = inside.toSorted((a, b) => compareFractions(held(b), held(a)));
    const first = held(ordered[0] as number);
    const wins = compareFractions(first, bar) >= 0;
    const deciding = wins ? first : held(ordered.at(-1) as number);
    const candidates = inside.filter((i) => compareFractions(held(i), deciding) === 0);
    let chosen = candidates[0] as number;
    if (candidates.length > 1) {
      const place = `${wins ? "election" : "elimination"} in round ${rounds.length + 1}`;
      const tie = breakTie(place, named(candidates), rule, wins ? "first" : "last");
      ties.push(tie);
      if (tie.chosen === null) {
        rounds.push({ ...round, elected: [], eliminated: [] });
        break;
      }
      chosen = options.indexOf(tie.chosen);
    }
    if (wins) winners.push(options[chosen] as string);
    rounds.push({
      ...round,
      elected: wins ? named([chosen]) : [],
      eliminated: wins ? [] : named([chosen]),
    });
    piles = passOn(piles, chosen, wins ? over(minus(first, bar), first) : ONE);
  }
  return { winners, ties, quota, rounds, voids: ballots.voids };
}

function firstPiles({ ballots }: StrictBallots): Pile[] {
  return ballots.map(({ weight, ranking }) => ({
    value: ONE,
    weight: BigInt(weight),
    left: ranking,
  }));
}

/** Votes of every option that some ballot still names. */
function count(piles: readonly Pile[]): Map<number, Fraction> {
  const votes = new Map<number, Fraction>();
  for (const { value, weight, left } of piles) {
    for (const [place, option] of left.entries()) {
      const before = votes.get(option) ?? { n: 0n, d: 1n };
      votes.set(option, place === 0 ? plus(before, times(value, { n: weight, d: 1n })) : before);
    }
  }
  return votes;
}

/** Takes an option out of all ballots; those that counted for it go on at a share of their value. */
function passOn(piles: readonly Pile[], option: number, share: Fraction): Pile[] {
  const merged = new Map<string, Pile>();
  for (const pile of piles) {
    const value = pile.left[0] === option ? times(pile.value, share) : pile.value;
    const left = pile.left.filter((other) => other !== option);
    const key = `${value.n}/${value.d} ${left.join(",")}`;
    const same = merged.get(key);
    merged.set(key, { value, left, weight: pile.weight + (same?.weight ?? 0n) });
  }
  return [...merged.values()];
}
