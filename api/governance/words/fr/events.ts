/** What rooms and members are told. */
export const events = {
  event_proposed: "Proposal {number}: {title}.",
  event_card_missing: "Proposal {number} has no card in this room yet.",
  event_seconded: {
    one: "Proposal {number} has the {n} backer it needs. Voting opens on {at}.",
    other: "Proposal {number} has the {n} backers it needs. Voting opens on {at}.",
  },
  event_option: "Proposal {number} has another option, {option}: {title}.",
  event_edited:
    "Proposal {number} was edited (revision {revision}): {title}. Nobody had voted yet.",
  event_edited_voted:
    "Proposal {number} was edited (revision {revision}): {title}. Ballots on the old text do not count; please vote again.",
  event_withdrawn: "Proposal {number} was withdrawn by its author.",
  event_dropped: {
    one: "Proposal {number} was dropped: fewer than {n} person backed it in time.",
    other: "Proposal {number} was dropped: fewer than {n} people backed it in time.",
  },
  event_vote: "Voting on proposal {number} is open until {at}: {title}.",
  event_extended_turnout:
    "The vote on proposal {number} lasts until {at}: it reached the number of voters it needs shortly before the close.",
  event_extended_lead:
    "The vote on proposal {number} lasts until {at}: its lead changed shortly before the close.",
  event_reminder: "The vote on proposal {number} closes on {at}: {title}. You have not voted yet.",
  event_ratify:
    "Proposal {number}: the members chose {option} ({title}). The producers vote yes or no on it until {at}.",
  event_closed: "Proposal {number}: {result}",
  event_head: {
    one: "Ballot log of proposal {number}: {n} entry, head {head}.",
    other: "Ballot log of proposal {number}: {n} entries, head {head}.",
  },
  event_held: {
    one: "Proposal {number} is on hold: {n} person asks to wait. It takes effect on {at} unless members revert it before (/propose revert {number}).",
    other:
      "Proposal {number} is on hold: {n} people ask to wait. It takes effect on {at} unless members revert it before (/propose revert {number}).",
  },
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
  event_founding_over: {
    one: "The founding period is over: the pool has {n} member, and its rules hold in full.",
    other: "The founding period is over: the pool has {n} members, and its rules hold in full.",
  },

  result_asked: "Asked: {title}.",
  result_members: {
    one: "Members: {ballots} of {n} voted.",
    other: "Members: {ballots} of {n} voted.",
  },
  result_producers: {
    one: "Producers: {ballots} of {n} voted.",
    other: "Producers: {ballots} of {n} voted.",
  },
  result_abstained: { one: "{n} of them abstained.", other: "{n} of them abstained." },
  result_option: "{option} ({title}): {for} for, {against} against.",
  result_option_missed: "{option} ({title}): {for} for, {against} against; {missed}.",
  missed_quorum: {
    one: "it needed {n} ballot for it and had {had}",
    other: "it needed {n} ballots for it and had {had}",
  },
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
  result_elected: { one: "Elected to {n} seat: {who}.", other: "Elected to {n} seats: {who}." },
  result_elected_some: {
    one: "Elected to {filled} of {n} seat: {who}.",
    other: "Elected to {filled} of {n} seats: {who}.",
  },
  result_nobody: "Nobody voted: everything stays as it is.",
  result_yes: "The answer is yes. It does not bind.",
  result_no: "The answer is no. It does not bind.",
  result_most: "Most favoured: {title}. It does not bind.",
  result_rejected: "Rejected: everything stays as it is.",
  result_effect: "It takes effect on {at}. Until then {people} of either house can hold it.",
  result_again: "It may be put again from {at} on.",
} as const;
