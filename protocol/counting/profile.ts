/** Mark of an option that a ballot does not name. */
export const UNMARKED = 0x7fff;

/** A ballot that is not counted, and why. */
export interface VoidBallot {
  /** Place in the input, from 0. */
  readonly ballot: number;
  readonly weight: number;
  readonly reason: string;
}

/**
 * All valid ballots of one election, compact enough for a million of them.
 *
 * `marks[b * options.length + o]` is what ballot b says about option o: its rank (0 = best, equal ranks
 * allowed) in a ranked election, its score or its votes in a scored one, UNMARKED where it says nothing.
 */
export interface Profile {
  /** Option ids in canonical order (by code unit): the order never depends on who listed them first. */
  readonly options: readonly string[];
  readonly marks: Int16Array;
  /** Weight of each ballot, or how many equal ballots it stands for. */
  readonly weights: Uint32Array;
  /** Sum of the weights; a safe integer. */
  readonly total: number;
  readonly voids: readonly VoidBallot[];
}

/** A ranked ballot: best rank first, options in one rank are equal, unnamed options tie below all named ones. */
export interface RankedBallot {
  readonly weight: number;
  readonly ranks: readonly (readonly string[])[];
}

/** A ballot that gives options numbers: scores, approvals (1) or votes. */
export interface ScoredBallot {
  readonly weight: number;
  readonly scores: readonly (readonly [option: string, score: number])[];
}

/** Which numbers a scored ballot may give. */
export interface ScoreRange {
  readonly least: number;
  readonly most: number;
  /** Quadratic voting: the squares of a ballot's numbers add up to at most this. */
  readonly credits?: number;
}

/** The elections in one input are more than can be counted exactly or in memory; the message is a sentence. */
export class TooMuch extends Error {
  override name = "TooMuch";
}

/** Canonical order: ascending by UTF-16 code unit, the same on every machine and in every language. */
export function canonicalOrder(options: Iterable<string>): string[] {
  return [...options].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Compacts ranked ballots; one that names an option twice or an unknown one is void. Throws TooMuch. */
export function rankedProfile(
  options: readonly string[],
  ballots: readonly RankedBallot[],
): Profile {
  return compact(options, ballots, 1, ({ ranks }) => {
    const named: [string, number][] = [];
    for (const [rank, names] of ranks.entries()) for (const name of names) named.push([name, rank]);
    return named;
  });
}

/** The same for scored ballots; a number outside the range, or too many votes for the credits, also voids. */
export function scoredProfile(
  options: readonly string[],
  ballots: readonly ScoredBallot[],
  range: ScoreRange,
): Profile {
  return compact(
    options,
    ballots,
    Math.max(1, Math.abs(range.least), Math.abs(range.most)),
    ({ scores }) => scores,
    ({ scores }) => {
      const outside = scores.find(
        ([, score]) => !Number.isInteger(score) || score < range.least || score > range.most,
      );
      if (outside) {
        const allowed = `whole numbers from ${range.least} to ${range.most}`;
        return `gives ${quoted(outside[0])} ${outside[1]}, and only ${allowed} count`;
      }
      const cost = scores.reduce((sum, [, votes]) => sum + votes * votes, 0);
      return range.credits !== undefined && cost > range.credits
        ? `its votes cost ${cost} credits, and there are ${range.credits}`
        : null;
    },
  );
}

function compact<B extends { readonly weight: number }>(
  listed: readonly string[],
  ballots: readonly B[],
  largestMark: number,
  marksOf: (ballot: B) => readonly (readonly [string, number])[],
  faultOf: (ballot: B) => string | null = () => null,
): Profile {
  const options = canonicalOrder(listed);
  const width = options.length;
  const indexes = new Map(options.map((option, index) => [option, index]));
  const marks = new Int16Array(ballots.length * width).fill(UNMARKED);
  const weights = new Uint32Array(ballots.length);
  const voids: VoidBallot[] = [];
  let kept = 0;
  let total = 0;
  for (const [place, ballot] of ballots.entries()) {
    let fault = faultOf(ballot);
    for (const [option, mark] of marksOf(ballot)) {
      if (fault !== null) break;
      const index = indexes.get(option);
      if (index === undefined) fault = `names ${quoted(option)}, which is not an option`;
      else if (marks[kept * width + index] !== UNMARKED) fault = `names ${quoted(option)} twice`;
      else marks[kept * width + index] = mark;
    }
    if (fault === null) {
      weights[kept++] = ballot.weight;
      total += ballot.weight;
    } else {
      marks.fill(UNMARKED, kept * width, (kept + 1) * width);
      voids.push({ ballot: place, weight: ballot.weight, reason: fault });
    }
  }
  // The largest number any method builds from these is two points per option and ballot (Borda, in halves).
  if (!Number.isSafeInteger(total * largestMark * 2 * width)) {
    throw new TooMuch(
      `The ballots weigh ${total} together: with ${width} options some sums would pass 2^53 and stop being exact.`,
    );
  }
  return {
    options,
    marks: marks.subarray(0, kept * width),
    weights: weights.subarray(0, kept),
    total,
    voids,
  };
}

function quoted(option: string): string {
  return JSON.stringify(option);
}
