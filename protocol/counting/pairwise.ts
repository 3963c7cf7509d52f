import type { Profile } from "./profile.ts";

/** Every duel: `above[i][j]` is the weight of the ballots that put option i strictly above option j. */
export interface Pairwise {
  readonly options: readonly string[];
  readonly above: readonly (readonly number[])[];
}

/** A number for each ordered pair, or for each option, by name. */
export type PairTable<T = number> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/** The duels of ranked ballots. Unranked options tie below all ranked ones: UNMARKED is the worst rank. */
export function pairwise({ options, marks, weights }: Profile): Pairwise {
  const width = options.length;
  const sums = new Float64Array(width * width); // whole numbers up to profile.total, a safe integer
  for (let ballot = 0, start = 0; ballot < weights.length; ballot++, start += width) {
    const weight = weights[ballot] as number;
    for (let i = 0; i < width; i++) {
      const mine = marks[start + i] as number;
      for (let j = i + 1; j < width; j++) {
        const other = marks[start + j] as number;
        if (mine < other) (sums[i * width + j] as number) += weight;
        else if (mine > other) (sums[j * width + i] as number) += weight;
      }
    }
  }
  const above = options.map((_, i) => Array.from(sums.subarray(i * width, (i + 1) * width)));
  return { options, above };
}

/** The duels among some of the options only. */
export function among(duels: Pairwise, kept: readonly string[]): Pairwise {
  const indexes = duels.options.flatMap((option, index) => (kept.includes(option) ? [index] : []));
  return {
    options: indexes.map((index) => duels.options[index] as string),
    above: indexes.map((i) => indexes.map((j) => votes(duels, i, j))),
  };
}

/** `duels.above[i][j]`. */
export function votes(duels: Pairwise, i: number, j: number): number {
  return (duels.above[i] as readonly number[])[j] as number;
}

/** A table by names from a function of indexes; the diagonal is left out. */
export function pairTable<T>(
  options: readonly string[],
  cell: (i: number, j: number) => T,
): PairTable<T> {
  return Object.fromEntries(
    options.map((name, i) => [
      name,
      Object.fromEntries(
        options.flatMap((other, j) => (i === j ? [] : [[other, cell(i, j)] as const])),
      ),
    ]),
  );
}

/** The duels by names. */
export function duelTable(duels: Pairwise): PairTable {
  return pairTable(duels.options, (i, j) => votes(duels, i, j));
}
