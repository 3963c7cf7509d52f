import { ApiFailure } from "../errors.ts";

/** Why something about proposals, ballots, rules or people is refused. */
export const governanceFailures = {
  kindUnknown: (kind: string, known: readonly string[]) =>
    new ApiFailure(
      400,
      "kind_unknown",
      `Nothing of the kind “${kind.slice(0, 40)}” can be proposed. Kinds: ${known.join(", ")}.`,
    ),
  field: (field: string, why: string) =>
    new ApiFailure(400, "field_invalid", `${field}: ${why} Correct it and send again.`),
  nothingChanges: (why: string) =>
    new ApiFailure(409, "nothing_changes", `${why} There is nothing to decide.`),
  forbidden: (words: readonly string[]) =>
    new ApiFailure(
      409,
      "invariant",
      `No vote can change this. ${words.join(" ")} See /rules for what can be changed.`,
    ),
  notMember: () =>
    new ApiFailure(
      403,
      "not_member",
      "Members of the pool decide, and you are not one yet. Ask members to vouch for you; /me shows how many are needed.",
    ),
  notSteward: () =>
    new ApiFailure(403, "not_steward", "Only stewards may do that. /rules says who they are."),
  notModerator: () =>
    new ApiFailure(
      403,
      "not_moderator",
      "A poll is run by a moderator of the place. You can /propose a question instead.",
    ),
  agentMayNot: (what: string) =>
    new ApiFailure(
      403,
      "agent_may_not",
      `Declared agents do not ${what}; their controller, as a person, does.`,
    ),
  proposalUnknown: (number: number) =>
    new ApiFailure(
      404,
      "proposal_unknown",
      `There is no proposal ${number}. /proposals lists them.`,
    ),
  tooManyOpen: (limit: number) =>
    new ApiFailure(
      409,
      "too_many_open",
      `You have ${limit} proposals open already. Wait until one is decided, or withdraw one.`,
    ),
  triedLately: (number: number, until: number) =>
    new ApiFailure(
      409,
      "tried_lately",
      `This was decided lately, in proposal ${number}. It may be put again from ${utc(until)} on.`,
    ),
  wrongState: (what: string, state: string) =>
    new ApiFailure(409, "wrong_state", `${what} is not possible now: the proposal is ${state}.`),
  notProposer: () =>
    new ApiFailure(403, "not_proposer", "Only the person who made this proposal may do that."),
  methodUnknown: (method: string, known: readonly string[]) =>
    new ApiFailure(
      400,
      "method_unknown",
      `There is no way of counting called “${method.slice(0, 40)}”. Choose one of: ${known.join(", ")}.`,
    ),
  notOnRoll: (why: string) => new ApiFailure(403, "not_on_roll", why),
  notOpen: (why: string) => new ApiFailure(409, "vote_not_open", why),
  late: (until: number) =>
    new ApiFailure(
      409,
      "vote_closed",
      `The vote closed at ${utc(until)}, by the pool's clock. This ballot came too late and was not counted.`,
    ),
  revisionChanged: (revision: number) =>
    new ApiFailure(
      409,
      "revision_changed",
      `The proposal was edited (revision ${revision} now), so this ballot was not counted. Read it again and vote.`,
    ),
  choice: (why: string) =>
    new ApiFailure(400, "choice_invalid", `This ballot cannot be counted: ${why}`),
  noBallot: () => new ApiFailure(404, "no_ballot", "You have no ballot in this vote."),
  receiptUnknown: () =>
    new ApiFailure(404, "ballot_receipt_unknown", "No ballot with this receipt is in the log."),
  reasonNeeded: () =>
    new ApiFailure(
      400,
      "reason_needed",
      "An agent's ballot is public and needs a reason. Send one with it.",
    ),
  codeWrong: () =>
    new ApiFailure(
      404,
      "code_wrong",
      "This code is not known, was used, or is over. Ask for a new one with /link on the other account.",
    ),
  codeTries: () =>
    new ApiFailure(
      429,
      "code_tries",
      "Too many codes that did not fit were sent from this account. Wait an hour, then try again.",
    ),
  codeOwn: () =>
    new ApiFailure(
      409,
      "code_own",
      "These accounts are one person's already. There is nothing to link.",
    ),
  onlyAccount: () =>
    new ApiFailure(409, "only_account", "This account stands alone: there is nothing to unlink."),
  linkAgent: () =>
    new ApiFailure(409, "link_agent", "An agent's account stays apart from its controller's."),
  vouch: (why: string) => new ApiFailure(409, "vouch_refused", why),
  agentTaken: () =>
    new ApiFailure(
      409,
      "agent_taken",
      "This account cannot be declared as an agent: it is one already, or it belongs to a member.",
    ),
  emergencyUnknown: () =>
    new ApiFailure(404, "emergency_unknown", "There is no such emergency act."),
  emergency: (why: string) => new ApiFailure(409, "emergency_refused", why),
  rulesUnknown: (version: number) =>
    new ApiFailure(404, "rules_unknown", `There is no version ${version} of the rules.`),
};

/** `2027-01-31 18:00 UTC`. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
