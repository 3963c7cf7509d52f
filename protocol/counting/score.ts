import { type Profile, UNMARKED } from "./profile.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";
import { byName, greatest } from "./totals.ts";

export interface ScoreResult extends Decision {
  readonly totals: Readonly<Record<string, number>>;
}

/** Score voting: the greatest sum of scores wins. An option without a score gets 0. */
export function score(profile: Profile, rule: TieRule | null): ScoreResult {
  const totals = scoreTotals(profile);
  return {
    ...decide(greatest(profile.options, totals), rule),
    totals: byName(profile.options, totals),
  };
}

/** The sum of scores per option, by index. */
export function scoreTotals({ options, marks, weights }: Profile): number[] {
  const totals = options.map(() => 0);
  for (let ballot = 0, at = 0; ballot < weights.length; ballot++) {
    for (let option = 0; option < options.length; option++, at++) {
      const mark = marks[at] as number;
      if (mark !== UNMARKED) (totals[option] as number) += mark * (weights[ballot] as number);
    }
  }
  return totals;
}
