import { type Pairwise, votes } from "./pairwise.ts";

/** A won duel: how many put the winner above, and how many the loser. */
export interface Defeat {
  readonly winning: number;
  readonly opposing: number;
}

/** Above zero where the first defeat is the stronger one. */
export type DefeatOrder = (a: Defeat, b: Defeat) => number;

/**
 * More winning votes are stronger; among equals, fewer opposing votes (Debian constitution A.5.7, and
 * belenios-tool). Winning votes alone would find ties that Debian does not see.
 */
export const byWinningVotes: DefeatOrder = (a, b) =>
  a.winning - b.winning || b.opposing - a.opposing;

/** The defeat of j by i, or null where i does not win that duel. */
export function defeat(duels: Pairwise, i: number, j: number): Defeat | null {
  const winning = votes(duels, i, j);
  const opposing = votes(duels, j, i);
  return winning > opposing ? { winning, opposing } : null;
}
