/** What was found out about who can win when every way of breaking the ties is tried. */
export interface PossibleWinners {
  /** Each of these wins under at least one way. */
  readonly found: readonly string[];
  /** Neither found nor excluded; empty when the search is complete. */
  readonly notExcluded: readonly string[];
  readonly complete: boolean;
  readonly words: string;
}

/** Puts the outcome of a search in words. `open` are options that unexplored ways could still elect. */
export function possibleWinners(
  options: readonly string[],
  found: ReadonlySet<number>,
  open: ReadonlySet<number>,
  complete: boolean,
): PossibleWinners {
  const named = (wanted: (index: number) => boolean) => options.filter((_, index) => wanted(index));
  const sure = named((index) => found.has(index));
  const notExcluded = complete ? [] : named((index) => open.has(index) && !found.has(index));
  // Where all that could win was found already, stopping early has lost nothing.
  const all = complete || notExcluded.length === 0;
  const words = all
    ? "Every way of breaking the ties was considered: nobody else can win."
    : `There are more ways of breaking the ties than were tried. Each option in "found" wins under one of them; those in "notExcluded" may win under others; nobody else can win.`;
  return { found: sure, notExcluded, complete: all, words };
}
