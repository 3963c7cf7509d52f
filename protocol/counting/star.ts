import { duelTable, type PairTable, type Pairwise, votes } from "./pairwise.ts";
import { type Profile, UNMARKED } from "./profile.ts";
import { scoreTotals } from "./score.ts";
import { breakTie, type Decision, type Tie, type TieRule } from "./ties.ts";
import { byName } from "./totals.ts";

export interface StarResult extends Decision {
  readonly totals: Readonly<Record<string, number>>;
  /** Weight of the ballots that give an option the highest score. */
  readonly topScores: Readonly<Record<string, number>>;
  readonly pairwise: PairTable;
  /** The two with the most stars; empty where who they are stays an open tie. */
  readonly finalists: readonly string[];
  /** Weight of the ballots that score one finalist above the other; equal scores are no preference. */
  readonly runoff: Readonly<Record<string, number>>;
  readonly noPreference: number;
}

/**
 * STAR: the two options with the most stars meet in a runoff that each ballot decides for the one it scored
 * higher. Ties among finalists go to the winner of the duels among the tied, then to more top scores; a tied
 * runoff to more top scores; after that a tie is a tie. `top` is the highest possible score.
 */
export function star(profile: Profile, top: number, rule: TieRule | null): StarResult {
  const { options, total } = profile;
  const totals = scoreTotals(profile);
  const tops = topScores(profile, top);
  const duels = scoreDuels(profile);
  const tables = {
    totals: byName(options, totals),
    topScores: byName(options, tops),
    pairwise: duelTable(duels),
  };
  const ties: Tie[] = [];
  let finals: Seats = { sure: [], open: [...options.keys()] };
  for (const by of [
    (i: number) => totals[i] as number,
    (i: number, tied: readonly number[]) => tied.filter((j) => beats(duels, i, j)).length,
    (i: number) => tops[i] as number,
  ]) {
    finals = narrow(finals, by);
  }
  const names = (indexes: readonly number[]) => indexes.map((i) => options[i] as string);
  const drawn = drawSeats(names(finals.sure), names(finals.open), rule, ties);
  const finalPairs = drawn === null ? pairsOf(finals) : [drawn.map((o) => options.indexOf(o))];
  const winnersOf = (pair: readonly number[]) => names(runoffBest(pair, duels, tops));
  const possible = new Set(pairsOf(finals).flatMap(winnersOf));
  const possibleWinners = options.filter((option) => possible.has(option));
  if (drawn === null || finalPairs.length !== 1) {
    return {
      winners: possibleWinners.length === 1 ? possibleWinners : [],
      possibleWinners,
      ties,
      ...tables,
      finalists: [],
      runoff: {},
      noPreference: 0,
    };
  }
  const [one, other] = finalPairs[0] as [number, number | undefined];
  const best = winnersOf(finalPairs[0] as number[]);
  if (best.length > 1) ties.push(breakTie("runoff", best, rule));
  const chosen = best.length === 1 ? (best[0] as string) : (ties.at(-1) as Tie).chosen;
  const runoff =
    other === undefined
      ? []
      : [
          [options[one], votes(duels, one, other)],
          [options[other], votes(duels, other, one)],
        ];
  return {
    winners: chosen === null ? [] : [chosen],
    possibleWinners,
    ties,
    ...tables,
    finalists: drawn,
    runoff: Object.fromEntries(runoff),
    noPreference:
      other === undefined ? total : total - votes(duels, one, other) - votes(duels, other, one),
  };
}

/** Finalists by index: those that are in, and those still tied for the places left (none where all are filled). */
interface Seats {
  readonly sure: readonly number[];
  readonly open: readonly number[];
}

/** Fills the places left among two by a number; larger is better. */
function narrow(
  { sure, open }: Seats,
  by: (option: number, tied: readonly number[]) => number,
): Seats {
  const filled = [...sure];
  let left = [...open];
  const values = new Map(open.map((i) => [i, by(i, open)]));
  while (left.length > 0) {
    const most = Math.max(...left.map((i) => values.get(i) as number));
    const best = left.filter((i) => values.get(i) === most);
    if (filled.length + best.length > 2)
      return { sure: filled, open: filled.length < 2 ? best : [] };
    filled.push(...best);
    left = left.filter((i) => !best.includes(i));
  }
  return { sure: filled, open: [] };
}

/** The two finalists' names, the tied ones by lot; null where lots are needed and there is no rule. */
function drawSeats(
  sure: readonly string[],
  open: readonly string[],
  rule: TieRule | null,
  ties: Tie[],
): string[] | null {
  const seats = [...sure];
  let tied = open;
  while (tied.length > 0 && seats.length < 2) {
    const tie = breakTie(seats.length === 0 ? "first finalist" : "second finalist", tied, rule);
    ties.push(tie);
    if (tie.chosen === null) return null;
    seats.push(tie.chosen);
    tied = tied.filter((option) => option !== tie.chosen);
  }
  return seats;
}

/** Every pair of finalists that lots could give. */
function pairsOf({ sure, open }: Seats): number[][] {
  if (open.length === 0) return [[...sure]];
  if (sure.length === 1) return open.map((i) => [...sure, i]);
  return open.flatMap((i, place) => open.slice(place + 1).map((j) => [i, j]));
}

/** Who is ahead in the runoff: by ballots, then by top scores; both where they are still level. */
function runoffBest(
  pair: readonly number[],
  duels: Pairwise,
  tops: readonly number[],
): readonly number[] {
  const [one, other] = pair as [number, number | undefined];
  if (other === undefined) return [one];
  const lead =
    votes(duels, one, other) - votes(duels, other, one) ||
    (tops[one] as number) - (tops[other] as number);
  return lead === 0 ? pair : [lead > 0 ? one : other];
}

function beats(duels: Pairwise, i: number, j: number): boolean {
  return votes(duels, i, j) > votes(duels, j, i);
}

function topScores({ options, marks, weights }: Profile, top: number): number[] {
  const tops = options.map(() => 0);
  for (const [at, mark] of marks.entries()) {
    const ballot = Math.floor(at / options.length);
    if (mark === top) (tops[at % options.length] as number) += weights[ballot] as number;
  }
  return tops;
}

/** The duels of scored ballots: higher scores are above lower ones, no score counts as 0. */
function scoreDuels({ options, marks, weights }: Profile): Pairwise {
  const width = options.length;
  const above = options.map(() => options.map(() => 0));
  const scoreAt = (at: number) => (marks[at] === UNMARKED ? 0 : (marks[at] as number));
  for (const [ballot, weight] of weights.entries()) {
    for (const [i, row] of above.entries()) {
      for (const j of row.keys()) {
        if (scoreAt(ballot * width + i) > scoreAt(ballot * width + j)) (row[j] as number) += weight;
      }
    }
  }
  return { options, above };
}
