/** What stands on the card of a proposal. */
export const card = {
  "state_seeking-sponsors": "looking for people to back it",
  state_talk: "being talked over",
  state_voting: "being voted on",
  state_ratifying: "chosen by the members, waiting for the producers' yes or no",
  state_counting: "closed, being counted",
  state_rejected: "rejected",
  state_locked: "passed, waiting to take effect",
  state_held: "passed, on hold",
  "state_in-effect": "in effect",
  state_stale: "passed but stale: what it would change had changed meanwhile, so nothing was done",
  state_reverted: "reverted",
  state_answered: "answered",
  state_withdrawn: "withdrawn",
  "state_not-seconded": "dropped: not enough people backed it",

  binding_advisory: "Advisory: nothing changes by itself.",
  binding_question: "Binding on the community; the pool changes nothing by itself.",
  binding_effect: "Binding: when it passes it takes effect by itself.",
  secrecy_open:
    "Open: a roll call. Everybody can see how everybody votes, from the first ballot on.",
  secrecy_sealed:
    "Sealed: ballots are encrypted and nobody is shown a count before the close; then they are published without names; declared agents' ballots then with name and reason. Whoever runs this pool's server could look, and the chat platform sees what you send.",
  secrecy_weights:
    "In the producers' house a ballot's weight is published with it, which can tell whose it is.",

  seats: { one: "{n} seat", other: "{n} seats" },
  seats_members: { one: "{n} seat of members", other: "{n} seats of members" },
  seats_producers: { one: "{n} seat of producers", other: "{n} seats of producers" },
  seats_quorum: "{seats}; ballots for it needed: {quorum}",
  who: "{seats}, as of {day}; one ballot a person over all linked accounts.",

  rule_consent:
    "Passes when talk ends unless {producers} or {members} object with reasons; then it is voted on.",
  rule_passes: "Passes with {enough}, and {quorums} (abstaining counts for neither).",
  rule_passes_both:
    "Passes with {enough} in each house, and {quorums} (abstaining counts for neither).",
  rule_quorum_members: {
    one: "{n} ballot for it of members",
    other: "{n} ballots for it of members",
  },
  rule_quorum_producers: {
    one: "{n} ballot for it of producers",
    other: "{n} ballots for it of producers",
  },
  rule_ratify: "The members choose; the producers then say yes or no within {time}.",
  rule_advice_yes: "It is a yes with more for than against; no quorum.",
  rule_advice_most: "The most favoured option is named; no quorum.",

  object_advice:
    "Say so in the thread, or vote with a reason: reasons are printed with the result.",
  object_consent: "Object while it is talked over (/proposal {number} object, and why).",
  object_talk: "Say so in the thread, add an option while talk is open, vote no with a reason.",
  object_lock:
    "If it passes it takes effect {time} later; until then {people} of either house can hold it (/proposal {number} hold), and it can be reverted (/propose revert {number}).",
  object_at_once:
    "If it passes it takes effect at once, and it can be reverted (/propose revert {number}).",

  method_majority: "Yes or no to one change.",
  method_approval: "Approval: the option most people could live with wins.",
  method_score: "Score: the greatest sum of scores wins.",
  method_star: "STAR: the two best scored options meet; who more people score higher wins.",
  "method_majority-judgment": "Majority judgment: the best median score wins.",
  method_quadratic: "Quadratic voting: v votes for an option cost v × v credits.",
  method_irv: "Instant runoff: the last option leaves, one at a time, until one has a majority.",
  method_borda: "Borda: points by place.",
  method_copeland: "Copeland: most duels won.",
  method_schulze:
    "Schulze: every two options are compared; the strongest chain of majorities decides.",
  "method_ranked-pairs": "Ranked pairs: majorities are locked in, the strongest first.",
  method_stv:
    "Single transferable vote: who reaches the quota is elected, and votes beyond it go on to the next choice.",
  "method_stv-scottish":
    "Single transferable vote, by the rules of Scottish councils: votes beyond the quota go on to the next choice.",

  "write_yes-no": "Write yes, no or abstain.",
  write_approval: "Write every option you could live with, such as “{example}”.",
  write_ranking:
    "Write your order, best first, such as “{example}”; what you leave out comes last.",
  write_ranking_strict:
    "Write your order, best first, one option at each place, such as “{example}”; what you leave out gets nothing.",
  write_scores: "Write a score from 0 to {highest} for each option, such as “{example}”.",
  write_votes:
    "Write votes for or against options, such as “{example}”; v votes cost v × v of your {credits} credits.",

  mine_seat: "You have a seat in: {houses}.",
  receipt_counts: "Your ballot is in the log and counts.",
  receipt_replaced: "This ballot is in the log; a later one of yours counts instead.",
  receipt_withdrawn: "Your ballot is withdrawn. You can vote again until the close.",
  receipt_void:
    "The proposal was edited after this ballot, so it does not count. Read it again and vote.",
  receipt_merged: "Two of your accounts had voted; the later ballot counts, and this one does not.",
  receipt_change: "You can change or withdraw it until {at}.",
  receipt_shows: "The receipt shows that it is there, not what it says.",

  effect_waiting: "Takes effect on {at}.",
  effect_done: "In effect since {at}.",
  effect_stale: "Nothing was done: {why}.",
  effect_reverted: "Reverted by proposal {number}.",
  effect_stopped: "Stopped by proposal {number} before it took effect.",
  stale_node: "the node is now: {state}",
  stale_stewards: "who the stewards are has changed meanwhile",
  stale_last_steward: "somebody must be a steward",
  stale_no_member: "{name} is no member any more",
  stale_setting: "this setting was changed meanwhile",
  stale_revert: "proposal {number} has nothing in effect any more",
  stale_ratify: "the act has lapsed",
  stale_rules: "these rules were amended meanwhile",
  stale_invariant: "what no vote can change forbids this beside the rules of today",
  stale_invariant_back: "what no vote can change forbids the rules as they were",
} as const;
