/** What rooms and members are told. */
export const events = {
  event_proposed: "Proposal {number}: {title}.",
  event_card_missing: "Proposal {number} has no card in this room yet.",
  event_seconded: "Proposal {number} has the backing it needs ({needed}). Voting opens on {at}.",
  event_option: "Proposal {number} has another option, {option}: {title}.",
  event_edited:
    "Proposal {number} was edited (revision {revision}): {title}. Nobody had voted yet.",
  event_edited_voted:
    "Proposal {number} was edited (revision {revision}): {title}. Ballots on the old text do not count; please vote again.",
  event_withdrawn: "Proposal {number} was withdrawn by its author.",
  event_dropped:
    "Proposal {number} was dropped: too few people backed it in time (needed: {needed}).",
  event_vote: "Voting on proposal {number} is open until {at}: {title}.",
  event_extended_turnout:
    "The vote on proposal {number} lasts until {at}: it reached the number of voters it needs shortly before the close.",
  event_extended_lead:
    "The vote on proposal {number} lasts until {at}: its lead changed shortly before the close.",
  event_reminder: "The vote on proposal {number} closes on {at}: {title}. You have not voted yet.",
  event_ratify:
    "Proposal {number}: the members chose {option} ({title}). The producers vote yes or no on it until {at}.",
  event_closed: "Proposal {number}: {result}",
  event_head: "Ballot log of proposal {number}: {entries}, head {head}.",
  event_held:
    "Proposal {number} is on hold, because enough people asked to wait ({have}). It takes effect on {at} unless members revert it before (/propose revert {number}).",
  event_in_effect: "Proposal {number} is in effect now: {title}.",
  event_stale: "Proposal {number} passed but is stale, so nothing was done: {why}.",
  event_reverted: "Proposal {number} was reverted by proposal {by}.",
  event_suspend_asked:
    "A steward asks to suspend {subject} for {time}: {reason}. A second steward must agree.",
  event_suspended:
    "Two stewards ({first}, {second}) suspended {subject} until {at}: {reason}. It ends then unless members ratify it in proposal {number}.",
  event_suspension_kept: "Members keep {subject} suspended until they revert it.",
  event_suspension_over: "The suspension is over for {subject}: members did not ratify it in time.",
  event_admitted: "You are a member now; proposals made from {day} on count you in.",
  event_admitted_founding: "You are a member now, admitted in the founding period.",
  event_merged:
    "Two of your accounts had voted on proposal {number}. The later ballot (receipt {kept}) counts; the earlier one (receipt {dropped}) does not.",
  event_founding_over:
    "The founding period is over: the pool has {members}, and its rules hold in full.",

  result_asked: "Asked: {title}.",
  result_members: "Members: {ballots} of {size} voted.",
  result_producers: "Producers: {ballots} of {size} voted.",
  result_abstained: "Abstained: {abstained}.",
  result_option: "{option} ({title}): {for} for, {against} against.",
  result_option_missed: "{option} ({title}): {for} for, {against} against; {missed}.",
  missed_quorum: "ballots for it: {had}, needed: {needed}",
  missed_ratio: "it needed {enough} and did not have it",
  result_tie: "A tie ({place}: {options}) was settled by lot, by the published seed: {chosen}.",
  tie_first: "first place",
  tie_runoff: "runoff",
  tie_finalist: "place in the final",
  tie_round: "elimination in round {number}",
  tie_nobody: "nobody",
  result_passed: "Passed: {title}.",
  result_passed_seats: "Passed.",
  result_advice: "It does not bind.",
  result_elected: "Seats filled: {filled} of {seats}. Elected: {who}.",
  result_nobody: "Nobody voted: everything stays as it is.",
  result_yes: "The answer is yes. It does not bind.",
  result_no: "The answer is no. It does not bind.",
  result_most: "Most favoured: {title}. It does not bind.",
  result_rejected: "Rejected: everything stays as it is.",
  result_effect: "It takes effect on {at}. Until then {people} of either house can hold it.",
  result_again: "It may be put again from {at} on.",
} as const;
