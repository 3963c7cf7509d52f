import { createHash } from "node:crypto";
import { type PossibleWinners, possibleWinners } from "./possible-winners.ts";
import { EXHAUSTED, type Preferences, preference, preferences, SHARED } from "./preferences.ts";
import type { Profile } from "./profile.ts";
import { breakTie, type Decision, type Tie, type TieRule } from "./ties.ts";

/** Ballots looked at, at most, while trying the ways of breaking ties: about two seconds. */
const MOST_LOOKS = 100_000_000;

export interface IrvRound {
  readonly votes: Readonly<Record<string, number>>;
  /** Ballots that are for nobody still in. */
  readonly exhausted: number;
  /** Ballots at a shared rank, where these wait; they count when half of the continuing ballots is taken. */
  readonly waiting: number;
  readonly eliminated: readonly string[];
}

export interface IrvResult extends Decision {
  /** Up to the round that elects, or to the first tie that stays open. */
  readonly rounds: readonly IrvRound[];
  readonly search: PossibleWinners;
}

/**
 * Instant runoff: as long as nobody holds more than half of the continuing ballots, the option with the fewest is
 * eliminated, one at a time. Options that tie for last go together only where their sum is below the next one's
 * votes, so that the order among them could not matter; otherwise one of them goes, by lot.
 *
 * A ballot whose next rank holds two continuing options is exhausted for good: the official totals of Burlington
 * 2009 come out exactly so, and under no other rule. Where shared ranks `"wait"` instead, such a ballot counts
 * for nobody until one of the two is left.
 */
export function irv(
  profile: Profile,
  rule: TieRule | null,
  sharedRanks: "exhaust" | "wait" = "exhaust",
): IrvResult {
  const count = openCount(profile, sharedRanks);
  const { options } = profile;
  const ties: Tie[] = [];
  const rounds: IrvRound[] = [];
  let state: State | null = firstState(count);
  let winner: number | null = null;
  while (state !== null) {
    const round = countRound(count, state);
    let out = round.elected === null ? round.lowest : [];
    if (out.length > 1 && !round.together) {
      const names = out.map((i) => options[i] as string);
      const tie = breakTie(`elimination in round ${rounds.length + 1}`, names, rule, "last");
      ties.push(tie);
      out = tie.chosen === null ? [] : [options.indexOf(tie.chosen)];
    }
    rounds.push({
      votes: Object.fromEntries(
        round.continuing.map((i) => [options[i], round.votes[i] as number]),
      ),
      exhausted: profile.total - round.total,
      waiting: round.waiting,
      eliminated: out.map((i) => options[i] as string),
    });
    winner = round.elected;
    state = out.length === 0 ? null : without(state, round, out);
  }
  const search =
    ties.length === 0
      ? possibleWinners(options, new Set([winner as number]), new Set(), true)
      : searchWinners(count);
  const certain = search.complete && search.found.length === 1 ? search.found : [];
  const possible = [...search.found, ...search.notExcluded];
  return {
    winners: winner === null ? certain : [options[winner] as string],
    possibleWinners: options.filter((option) => possible.includes(option)),
    ties,
    rounds,
    search,
  };
}

interface Count {
  readonly preferences: Preferences;
  /** Ballots that a shared rank can exhaust before they run out. */
  readonly sharing: readonly number[];
}

interface State {
  /** 1 for an option that is still in. */
  readonly continuing: Uint8Array;
  /** 1 for a ballot that met a shared rank; empty where none can. */
  readonly stopped: Uint8Array;
}

interface Round {
  readonly continuing: readonly number[];
  readonly votes: readonly number[];
  /** Weight of the continuing ballots. */
  readonly total: number;
  readonly waiting: number;
  readonly stopped: Uint8Array;
  readonly elected: number | null;
  readonly lowest: readonly number[];
  /** All the lowest go at once. */
  readonly together: boolean;
}

function openCount(profile: Profile, sharedRanks: "exhaust" | "wait"): Count {
  const { options, marks, weights } = profile;
  const width = options.length;
  const ordered = preferences(profile);
  const sharing: number[] = [];
  if (sharedRanks === "wait") return { preferences: ordered, sharing };
  for (let ballot = 0; ballot < weights.length; ballot++) {
    const start = ballot * width;
    for (let at = start + 1; at < start + width; at++) {
      const option = ordered.sequence[at] as number;
      if (option === EXHAUSTED) break;
      if (marks[start + (ordered.sequence[at - 1] as number)] === marks[start + option]) {
        sharing.push(ballot);
        break;
      }
    }
  }
  return { preferences: ordered, sharing };
}

function firstState({ preferences: { profile }, sharing }: Count): State {
  return {
    continuing: new Uint8Array(profile.options.length).fill(1),
    stopped: new Uint8Array(sharing.length === 0 ? 0 : profile.weights.length),
  };
}

function without(state: State, { stopped }: Round, out: readonly number[]): State {
  const continuing = state.continuing.slice();
  for (const option of out) continuing[option] = 0;
  return { continuing, stopped };
}

function countRound({ preferences: ordered, sharing }: Count, state: State): Round {
  const { weights, options } = ordered.profile;
  const { continuing } = state;
  const stopped = state.stopped.slice();
  for (const ballot of sharing) {
    if (preference(ordered, ballot, continuing) === SHARED) stopped[ballot] = 1;
  }
  const votes = options.map(() => 0);
  let waiting = 0;
  for (let ballot = 0; ballot < weights.length; ballot++) {
    if (stopped[ballot] === 1) continue;
    const option = preference(ordered, ballot, continuing);
    if (option >= 0) (votes[option] as number) += weights[ballot] as number;
    else if (option === SHARED) waiting += weights[ballot] as number;
  }
  const left = remaining(continuing);
  const held = (option: number) => votes[option] as number;
  const total = votes.reduce((sum, n) => sum + n, waiting);
  const fewest = Math.min(...left.map(held));
  const lowest = left.filter((option) => held(option) === fewest);
  const next = Math.min(...left.map(held).filter((n) => n > fewest));
  const alone = left.length === 1 ? left[0] : left.find((option) => 2 * held(option) > total);
  return {
    continuing: left,
    votes,
    total,
    waiting,
    stopped,
    elected: alone ?? null,
    lowest,
    together: lowest.length < left.length && lowest.length * fewest < next,
  };
}

/** Follows every order of elimination that ties allow. */
function searchWinners(count: Count): PossibleWinners {
  const { options, weights } = count.preferences.profile;
  const found = new Set<number>();
  const seen = new Set<string>();
  const waiting = [firstState(count)];
  for (let looks = 0; waiting.length > 0 && looks < MOST_LOOKS; looks += weights.length + 1) {
    const state = waiting.pop() as State;
    if (remaining(state.continuing).every((option) => found.has(option))) continue;
    const round = countRound(count, state);
    if (round.elected !== null) {
      found.add(round.elected);
      continue;
    }
    const ways = round.together ? [round.lowest] : round.lowest.map((option) => [option]);
    for (const out of ways) {
      const next = without(state, round, out);
      const key = createHash("sha256")
        .update(next.continuing)
        .update(next.stopped)
        .digest("base64");
      if (seen.has(key)) continue;
      seen.add(key);
      waiting.push(next);
    }
  }
  const open = new Set(waiting.flatMap(({ continuing }) => remaining(continuing)));
  return possibleWinners(options, found, open, waiting.length === 0);
}

function remaining(continuing: Uint8Array): number[] {
  return [...continuing.keys()].filter((option) => continuing[option] === 1);
}
