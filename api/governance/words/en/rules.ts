/** The constitution in plain words. `law_…`: texts of the rules a pool is founded with, word for word. */
export const rules = {
  needs_unknown: "The constitution does not name this kind of decision.",
  needs_consent:
    "Passes by itself after a wait of {time} unless {producers} or {members} object with reasons; then it is decided like {type}.",
  begun_anyone: "Anyone may propose",
  begun_backed: "Backed by {members}",
  begun_moderator: "Begun by a moderator",
  begun_itself: "Begins by itself",
  begun_person: "Begun by the person concerned",
  needs_talk: "talk: {time}",
  needs_vote: "voting: {time}",
  needs_original: "the houses that made the decision",
  needs_body: "decided by {body}",
  needs_both: "members and producers must both agree",
  needs_members: "members decide",
  needs_producers: "producers decide",
  needs_lock: "takes effect {time} after it passes",
  needs_advice: "does not bind",
  needs_sealed: "always sealed",

  rules_who: "Who votes",
  rules_needs: "What each kind of decision needs",
  rules_numbers: "Numbers",
  rules_how: "How a decision is made",
  rules_checks: "Checks",
  rules_agents: "Agents",
  rules_founding: "Founding",
  rules_not_yet: "Written down, not yet carried out",

  members_who: "Members: {who}.",
  members_admitted:
    "Admitted on the word of {members}, each here for at least {days} and vouching at most {times} within {window}.",
  members_count_at_once: "They count in proposals made from then on.",
  members_count_later: "They count in proposals made at least {time} after that.",
  members_one_vote: "One person, one vote, over all linked accounts.",
  producers_who:
    "Producers: {who} (lately: {work}), here for at least {standing}. Weight: {weight}; one controller has at most {controller} of the house, all agents together at most {agents}.",
  stewards_who:
    "Stewards: elected and recalled by the members in sealed votes; the first ones founded the pool. Seats: {seats}.",
  stewards_now: "Stewards now: {stewards}.",
  house_empty: "A house without anybody on its roll is left out, and the card says so.",
  house_frozen: "Who may vote, the weights and the thresholds are fixed when a proposal is made.",
  type_needs: "{type}: {needs}",
  type_needs_not_yet: "{type}: {needs} (Not yet carried out.)",
  number_k: "K = {formula} (N: members on the roll).",
  number_quorum: "Quorum: {formula}.",
  number_passes: "An option passes when {formula}.",
  how_counted:
    "Several options are counted by {method}; others may add options while talk is open.",
  how_talk:
    "The proposer cannot shorten talk. An edit makes talk last at least {time} longer (talk at most {factor} of its length), voids ballots and tells their voters; no edits in the last {last}.",
  how_sealed:
    "Ballots are sealed until the close unless the proposal says otherwise, and can be changed until then.",
  how_open:
    "Ballots are open unless the proposal says otherwise, and can be changed until the close.",
  how_swing:
    "When something decisive happens in the last {window} of a vote it lasts {time} longer, at most {times}.",
  how_houses:
    "Two houses: both vote in one window and both must pass. With several options the members choose first, and the producers agree or not within {time}.",
  how_again: "The same question may be put again {time} later.",
  check_hold:
    "{people} of either house can make a passed decision wait up to {time}, once, for a vote to revert it.",
  check_emergency:
    "In an emergency {stewards} together can suspend a node, a model or a member. It is public, and lapses {time} later unless members ratify it.",
  check_exit: "Exit: {exit}. Data: {data}.",
  agents_rule:
    "Agents are declared with {declare}, may speak, and hold no office. They vote: {vote}; their ballots: {ballots}.",
  founding_rule:
    "Until there are {members} or {time} have passed, {admit} admits members; {before}.",
  founding_over: "The founding period is over: the rules hold in full.",
  founding_now: "Founding period: {have} of {needed} members, until {day} at the latest; {before}.",

  law_members: "people linked to >=1 platform",
  law_producers: "operators of admitted nodes and declared agents that produced accepted work",
  law_weight: "1 + log10(max(1, credits)) in millionths",
  law_k: "smallest k with 4*k*k >= N, at least 1, at most 5",
  law_quorum:
    "min(ceil(2*N/3), max(3, smallest q with 4*q*q >= 9*N)) ballots ranking the option above the default",
  law_passes: "b*for >= a*against and for > against, against the default option 'leave as is'",
  law_seats: "max(3, min(7, ceil(N/25)))",
  law_exit: "an operator may always withdraw a node or refuse a model on it",
  law_erasure: "a member may always export and erase own data",
  law_declare: "name, controller, purpose, key",
  law_agents_vote: "producers only",
  law_agents_ballots: "public with a reason",
  law_founding_admit: "one steward or moderator",
  law_founding_before: "steward decisions are provisional and listed",
  law_jury: "jury",

  notyet_stewards:
    "Elections do not begin by the calendar, and no steward's term ends yet: members begin an election when they want one, and recall whom they trust no more.",
  notyet_jury:
    "No jury is drawn yet, so nobody can appeal to one. An emergency act still lapses by itself unless members ratify it, and a vote can revert what a vote decided.",
  notyet_veto: "Nobody can veto yet; what passes can be held by members, and reverted by a vote.",
  notyet_delegation: "Votes cannot be delegated yet: everybody casts their own.",
  notyet_rank:
    "Priorities are not ranked by a standing vote yet; a poll counted by quadratic voting asks the same without binding anybody.",
  notyet_memory:
    "There is no memory to decide about yet; how long texts are kept is decided as a setting.",
  notyet_founding:
    "There is no vote to adopt these rules at founding, and what stewards do in the founding period is not listed as provisional: the rules hold from the first day, and change only by amendment.",
  notyet_agents: "Declared agents cannot propose yet: their controllers do.",

  "invariant_commons-floor":
    "Everyone is served: the commons floor is at least one answer a day and a person.",
  "invariant_credits-not-transferable":
    "Credits cannot be given away, bought, or turned into votes.",
  "invariant_one-person-one-vote":
    "In the members' house every person has one vote, whatever they own or do.",
  invariant_erasure: "A member can have their own texts and data erased.",
  invariant_exit: "An operator can always withdraw a node or refuse a model on it.",
  "invariant_agents-standing":
    "Agents speak and are named; they hold no office, vote among producers only, and never weigh more than a third there.",
  "invariant_ballot-secrecy":
    "Elections and recalls of people are sealed, and a ballot can be changed until the close.",
  "invariant_append-only-log": "The record of ballots and decisions is only ever added to.",
  "invariant_rules-pinned": "A vote that has begun keeps the rules it began under.",
  invariant_amendable:
    "The rules stay changeable: no house is left out of its own amendment, no ratio above 9 to 1, no wait above 90 days, and the quorum never exceeds the roll.",
  "invariant_stewards-elected":
    "Members elect and recall stewards, and there are seats enough for an emergency act.",
  "invariant_two-stewards":
    "An emergency act needs two stewards and ends by itself after at most 72 hours unless members ratify it.",
  lint_stays: "{rule} stays {value}.",
  lint_changes: "{rule}: {now} → {new}.",
  lint_version: "The version counts by itself.",
  lint_no_rule: "There is no rule at {path}.",
  lint_shape: "Rules cannot be written so: {rule} takes {what}.",
  shape_integer: "a whole number",
  shape_string: "text",
  shape_boolean: "true or false",
  shape_array: "a list",
  shape_least: "at least {limit}",
  shape_most: "at most {limit}",
  shape_one_of: "one of {values}",
  shape_other: "something else",
} as const;
