/** Totals by option name. */
export function byName<T>(
  options: readonly string[],
  totals: readonly T[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(options.map((option, index) => [option, totals[index] as T]));
}

/** The options with the greatest total, in canonical order. */
export function greatest(options: readonly string[], totals: readonly number[]): string[] {
  const most = totals.reduce((a, b) => (b > a ? b : a));
  return options.filter((_, index) => totals[index] === most);
}

/** Options by total, greatest first, equal totals in one rank. */
export function rankByTotals(options: readonly string[], totals: readonly number[]): string[][] {
  const distinct = [...new Set(totals)].sort((a, b) => b - a);
  return distinct.map((total) => options.filter((_, index) => totals[index] === total));
}
