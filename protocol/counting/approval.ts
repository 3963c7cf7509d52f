import type { Profile } from "./profile.ts";
import { scoreTotals } from "./score.ts";
import { type Decision, decide, type TieRule } from "./ties.ts";
import { byName, greatest } from "./totals.ts";

export interface ApprovalResult extends Decision {
  readonly approvals: Readonly<Record<string, number>>;
  readonly quorum: number;
  readonly quorumMet: boolean;
}

/**
 * Approval voting: the most approved option wins, if it has the quorum of approvals; without it nobody does.
 * The ballots are scored 1 (approved) or 0.
 */
export function approval(profile: Profile, quorum: number, rule: TieRule | null): ApprovalResult {
  const totals = scoreTotals(profile);
  const best = greatest(profile.options, totals);
  const most = totals[profile.options.indexOf(best[0] as string)] as number;
  return {
    ...decide(most >= quorum ? best : [], rule),
    approvals: byName(profile.options, totals),
    quorum,
    quorumMet: most >= quorum,
  };
}
