import { createHash } from "node:crypto";

/** How ties are broken; null leaves them open. */
export interface TieRule {
  /** In words, printed with every tie it settles. */
  readonly words: string;
  /** The same options, luckiest first. */
  order(options: readonly string[]): readonly string[];
}

/** A tie that the method itself left open. */
export interface Tie {
  /** Which decision was tied, in words. */
  readonly place: string;
  /** In canonical order. */
  readonly options: readonly string[];
  /** Who the rule chose for this decision (to win, or to be eliminated); null while nothing was drawn. */
  readonly chosen: string | null;
  readonly settledBy: string | null;
}

/** Who is elected, and what was left open on the way. */
export interface Decision {
  /** One option per seat; fewer where a tie stays open because no seed was given. */
  readonly winners: readonly string[];
  /** Everyone who would win under some way of breaking the ties. */
  readonly possibleWinners: readonly string[];
  readonly ties: readonly Tie[];
}

/**
 * Ties fall by lot: options in the order of SHA-256(seed ":" option id), smallest digest first. The seed is
 * lower-case hexadecimal, fixed in public before anybody could know the ballots, so everybody can draw the
 * same lots: `printf '%s' 'SEED:OPTION' | sha256sum`. Throws RangeError for a seed that is not hexadecimal.
 */
export function lotsFromSeed(seed: string): TieRule {
  if (!/^[0-9a-f]{2,128}$/.test(seed)) {
    throw new RangeError("a seed is 2 to 128 hexadecimal digits in lower case");
  }
  const lot = (option: string) => createHash("sha256").update(`${seed}:${option}`).digest("hex");
  return {
    words: `lot: smallest SHA-256("${seed}:" + option)`,
    order: (options) =>
      options
        .map((option) => [lot(option), option] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, option]) => option),
  };
}

/** Names a tie and, where there is a rule, chooses the luckiest (`"first"`) or the unluckiest (`"last"`). */
export function breakTie(
  place: string,
  options: readonly string[],
  rule: TieRule | null,
  pick: "first" | "last" = "first",
): Tie {
  const chosen = rule?.order(options).at(pick === "first" ? 0 : -1) ?? null;
  return { place, options, chosen, settledBy: rule?.words ?? null };
}

/** The decision of a method that found these options equally best. */
export function decide(best: readonly string[], rule: TieRule | null): Decision {
  if (best.length < 2) return { winners: best, possibleWinners: best, ties: [] };
  const tie = breakTie("first place", best, rule);
  return {
    winners: tie.chosen === null ? [] : [tie.chosen],
    possibleWinners: best,
    ties: [tie],
  };
}
