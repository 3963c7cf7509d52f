import { type Profile, TooMuch, UNMARKED } from "./profile.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";
import { byName } from "./totals.ts";

/** More ballots than this are refused: the tie-break compares one median per ballot. */
const MOST_BALLOTS = 10_000_000;

export interface MajorityJudgmentResult extends Decision {
  /** Per option: how many gave each grade, from 0 (worst) up. */
  readonly grades: Readonly<Record<string, readonly number[]>>;
  readonly medians: Readonly<Record<string, number>>;
  /** Ballots that grade nothing are set aside. */
  readonly blank: number;
  readonly ranking: readonly (readonly string[])[];
}

/**
 * Majority judgment as belenios-tool counts it: options in the order of their median grade; equal ones lose one
 * median at a time until they differ. With an even number of grades the better middle one is the median. A ballot
 * that grades something gives the worst grade, 0, to whatever it leaves out. Throws TooMuch.
 */
export function majorityJudgment(
  { options, marks, weights, total }: Profile,
  top: number,
  rule: TieRule | null,
): MajorityJudgmentResult {
  if (total > MOST_BALLOTS) {
    throw new TooMuch(`Majority judgment is counted for at most ${MOST_BALLOTS} ballots.`);
  }
  const width = options.length;
  const grades = options.map(() => new Array<number>(top + 1).fill(0));
  let blank = 0;
  for (const [ballot, weight] of weights.entries()) {
    const given = marks.subarray(ballot * width, (ballot + 1) * width);
    if (given.every((mark) => mark === UNMARKED)) {
      blank += weight;
      continue;
    }
    for (const [option, mark] of given.entries()) {
      ((grades[option] as number[])[mark === UNMARKED ? 0 : mark] as number) += weight;
    }
  }
  const ranking = rank(grades).map((tied) => tied.map((index) => options[index] as string));
  return {
    ...decide(ranking[0] ?? [], rule),
    grades: byName(options, grades),
    medians: byName(
      options,
      grades.map((counts) => medians(counts).next().value ?? 0),
    ),
    blank,
    ranking,
  };
}

function rank(grades: readonly (readonly number[])[]): number[][] {
  const order = [...grades.keys()].sort((a, b) => compare(grades, b, a) || a - b);
  const ranks: number[][] = [];
  for (const option of order) {
    const last = ranks.at(-1);
    if (last && compare(grades, last[0] as number, option) === 0) last.push(option);
    else ranks.push([option]);
  }
  return ranks;
}

/** Above zero where option a is the better one. */
function compare(grades: readonly (readonly number[])[], a: number, b: number): number {
  const others = medians(grades[b] as readonly number[]);
  for (const mine of medians(grades[a] as readonly number[])) {
    const other = others.next().value ?? 0;
    if (mine !== other) return mine - other;
  }
  return 0;
}

/** The median grade, then the median of what is left without it, and so on. */
function* medians(counts: readonly number[]): Generator<number, undefined> {
  const left = [...counts];
  let grade = left.length - 1; // the grade that the median stands on
  let better = 0; // how many of those left are better than that grade
  for (let n = left.reduce((a, b) => a + b, 0); n > 0; n--) {
    const place = Math.floor((n + 1) / 2); // from the best, counted from 1
    while (place <= better) better -= left[++grade] as number;
    while (place > better + (left[grade] as number)) better += left[grade--] as number;
    yield grade;
    (left[grade] as number) -= 1;
  }
}
