import type { Language } from "../../protocol/words/languages.ts";
import { ApiFailure } from "../errors.ts";
import { each, type Said, say, type Text, type Value } from "./words/say.ts";
import { inEnglish, spoken } from "./words/speak.ts";

/** A refusal that its reader is told in their own language; logs have it in English. */
export class Refusal extends ApiFailure {
  readonly said: Said;

  constructor(status: number, code: string, said: Said) {
    super(status, code, inEnglish(said));
    this.said = said;
  }

  override told(language: Language): string {
    return spoken(language, this.said);
  }
}

/** What agents do not do themselves. */
export type AgentAct = "propose" | "poll" | "option" | "back" | "vouch" | "declare";

/** Why something about proposals, ballots, rules or people is refused. */
export const governanceFailures = {
  kindUnknown: (kind: string, known: readonly string[]) =>
    new Refusal(
      400,
      "kind_unknown",
      say("refuse_kind", { kind: kind.slice(0, 40), known: each(known, "comma") }),
    ),
  field: (field: Text, why: Said) =>
    new Refusal(400, "field_invalid", say("refuse_field", { field, why })),
  nothingChanges: (why: Value) => new Refusal(409, "nothing_changes", say("refuse_same", { why })),
  forbidden: (why: readonly Text[]) =>
    new Refusal(409, "invariant", say("refuse_invariant", { why: each(why, "space") })),
  notMember: () => new Refusal(403, "not_member", say("refuse_not_member")),
  notSteward: () => new Refusal(403, "not_steward", say("refuse_not_steward")),
  notModerator: () => new Refusal(403, "not_moderator", say("refuse_not_moderator")),
  agentMayNot: (act: AgentAct) =>
    new Refusal(403, "agent_may_not", say("refuse_agent", { what: say(`agent_${act}`) })),
  proposalUnknown: (number: number) =>
    new Refusal(404, "proposal_unknown", say("refuse_proposal_unknown", { number: `${number}` })),
  tooManyOpen: (limit: number) =>
    new Refusal(409, "too_many_open", say("refuse_too_many", { open: limit })),
  triedLately: (number: number, until: number) =>
    new Refusal(
      409,
      "tried_lately",
      say("refuse_lately", { number: `${number}`, at: { at: until } }),
    ),
  wrongState: (what: Said, state: Said) =>
    new Refusal(409, "wrong_state", say("refuse_state", { what, state })),
  notProposer: () => new Refusal(403, "not_proposer", say("refuse_not_proposer")),
  methodUnknown: (method: string, known: readonly string[]) =>
    new Refusal(
      400,
      "method_unknown",
      say("refuse_method", { method: method.slice(0, 40), known: each(known, "comma") }),
    ),
  notOnRoll: (why: Said) => new Refusal(403, "not_on_roll", why),
  notOpen: (why: Said) => new Refusal(409, "vote_not_open", why),
  late: (until: number) =>
    new Refusal(409, "vote_closed", say("refuse_late", { at: { at: until } })),
  revisionChanged: (revision: number) =>
    new Refusal(409, "revision_changed", say("refuse_revision", { revision: `${revision}` })),
  choice: (why: Said) => new Refusal(400, "choice_invalid", say("refuse_choice", { why })),
  noBallot: () => new Refusal(404, "no_ballot", say("refuse_no_ballot")),
  receiptUnknown: () => new Refusal(404, "ballot_receipt_unknown", say("refuse_receipt")),
  reasonNeeded: () => new Refusal(400, "reason_needed", say("refuse_reason")),
  codeWrong: () => new Refusal(404, "code_wrong", say("refuse_code")),
  codeTries: () => new Refusal(429, "code_tries", say("refuse_code_tries")),
  codeOwn: () => new Refusal(409, "code_own", say("refuse_code_own")),
  onlyAccount: () => new Refusal(409, "only_account", say("refuse_only_account")),
  linkAgent: () => new Refusal(409, "link_agent", say("refuse_link_agent")),
  vouch: (why: Said) => new Refusal(409, "vouch_refused", why),
  agentTaken: () => new Refusal(409, "agent_taken", say("refuse_agent_taken")),
  emergencyUnknown: () => new Refusal(404, "emergency_unknown", say("refuse_emergency_unknown")),
  emergency: (why: Said) => new Refusal(409, "emergency_refused", why),
  rulesUnknown: (version: number) =>
    new Refusal(404, "rules_unknown", say("refuse_rules", { version: `${version}` })),
};
