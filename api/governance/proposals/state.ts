import type { Selectable } from "kysely";
import type { ProposalState } from "../../../protocol/wire/governance.ts";
import type { EffectState, ProposalTable } from "../tables.ts";
import { type Said, say } from "../words/say.ts";

export type ProposalRow = Selectable<ProposalTable>;

type Times = Pick<
  ProposalRow,
  | "created_at"
  | "talk_until"
  | "vote_until"
  | "ratify_until"
  | "withdrawn_at"
  | "closed_at"
  | "outcome"
  | "terms"
>;

/**
 * Where a proposal stands at a moment of database time. Nothing is switched: a vote is over when its time is over,
 * whether or not anybody has counted yet.
 *
 * seeking-sponsors → talk → voting (→ ratifying) → counting → rejected | answered | locked → in-effect
 * talk → counting, where nobody objected and consent is enough; locked → held → in-effect; in-effect → reverted
 */
export function stateOf(
  proposal: Times,
  effect: EffectState | null,
  objected: boolean,
  now: number,
): ProposalState {
  const { talk_until, vote_until, ratify_until, terms, outcome } = proposal;
  if (proposal.withdrawn_at !== null) return "withdrawn";
  if (proposal.closed_at !== null) return closedState(outcome, effect);
  if (talk_until === null) {
    return now < proposal.created_at + terms.sponsorMs ? "seeking-sponsors" : "not-seconded";
  }
  if (now < talk_until) return "talk";
  if (terms.consent !== null && !objected) return "counting";
  if (ratify_until !== null) return now < ratify_until ? "ratifying" : "counting";
  return now < (vote_until ?? 0) ? "voting" : "counting";
}

function closedState(outcome: string | null, effect: EffectState | null): ProposalState {
  if (outcome === "not-seconded") return "not-seconded";
  if (outcome === "rejected" || outcome === "no-ballots") return "rejected";
  switch (effect) {
    case null:
      return "answered";
    case "waiting":
      return "locked";
    case "done":
      return "in-effect";
    case "stopped":
      return "reverted";
    default:
      return effect;
  }
}

export function stateWords(state: ProposalState): Said {
  return say(`state_${state}`);
}
