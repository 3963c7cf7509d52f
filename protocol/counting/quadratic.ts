import type { Profile } from "./profile.ts";
import { scoreTotals } from "./score.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";
import { byName, greatest, rankByTotals } from "./totals.ts";

export interface QuadraticResult extends Decision {
  /** Votes for minus votes against. */
  readonly totals: Readonly<Record<string, number>>;
  /** Options by total, equal totals together. */
  readonly ranking: readonly (readonly string[])[];
}

/**
 * Quadratic voting: v votes for (or, negative, against) an option cost v² of the voter's credits; ballots that
 * cost too much are void already (profile.ts). The greatest sum wins.
 */
export function quadratic(profile: Profile, rule: TieRule | null): QuadraticResult {
  const totals = scoreTotals(profile);
  return {
    ...decide(greatest(profile.options, totals), rule),
    totals: byName(profile.options, totals),
    ranking: rankByTotals(profile.options, totals),
  };
}
