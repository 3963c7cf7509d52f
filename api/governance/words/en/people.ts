/** What a person is here, links between accounts, emergency acts. */
export const people = {
  me_guest:
    "You are a guest: you can ask, and not vote. You become a member on the word of {members} (/vouch).",
  me_guest_founding:
    "You are a guest: you can ask, and not vote. When a steward or moderator vouches for you (/vouch), you are a member.",
  me_waiting: "You are a member. Proposals made from {day} on count you in.",
  me_member: "You are a member: one person, one vote.",
  me_producer: "You have a seat in the producers' house.",
  me_no_node: "You run no node here.",
  me_too_little:
    "Your nodes have not done enough, or not for long enough, for a seat in the producers' house.",
  vouch_member: "{account} is a member now.",
  vouch_kept: "Your word for {account} is kept; still needed: {missing}.",
  link_code:
    "Send /link {code} from your other account, in private, within {minutes} min. Whoever sends it becomes the same person as you: show it to nobody.",
  linked: "These accounts are one person now ({accounts}): one ballot, one membership.",
  linked_ballots: "Both had voted: {proposals}. The later ballot counts.",
  unlinked: "{account} stands alone now. Membership, nodes and ballots stay with {accounts}.",

  "act_awaiting-second": "Waiting for a second steward.",
  "act_in-force": "In force; it lapses on {at} unless members ratify it.",
  act_ratified: "Ratified by the members; it stays until they revert it.",
  act_lapsed: "Lapsed: members did not ratify it in time.",
  act_expired: "Never in force: no second steward agreed in time.",
  act_ended: "Over.",
} as const;
