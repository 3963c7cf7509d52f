import { defaultConstitution } from "../../../config/constitution.ts";
import { type Constitution, type DecisionType, parseConstitution } from "./schema.ts";

/** Something no amendment can change, whoever votes for it. */
export interface Invariant {
  readonly id: string;
  /** For `/rules` and for refusals. */
  readonly words: string;
  readonly holds: (rules: Constitution) => boolean;
}

/** What the pool was founded with: guarantees are compared with it word for word. */
const founded = parseConstitution(defaultConstitution());
const MOST_HOURS = 24 * 90;
/** Every way of deciding that a command opens; without them a pool could not change its rules again. */
const NEEDED = [
  ...["poll.advisory", "poll.binding", "node.admit", "model.allowlist", "quota.set"],
  ...["room.policy", "pool.policy", "revert", "emergency.ratify", "amend", "amend.entrenched"],
];

export const INVARIANTS: readonly Invariant[] = [
  {
    id: "commons-floor",
    words: "Everyone is served: the commons floor is at least one answer a day and a person.",
    holds: ({ commons }) => commons.floorPerDay >= 1,
  },
  {
    id: "credits-not-transferable",
    words: "Credits cannot be given away, bought, or turned into votes.",
    holds: ({ credits, bodies }) =>
      !credits.transferable &&
      !credits.buyable &&
      !credits.buyVotes &&
      bodies.producers.weight === founded.bodies.producers.weight,
  },
  {
    id: "one-person-one-vote",
    words: "In the members' house every person has one vote, whatever they own or do.",
    holds: ({ bodies }) =>
      bodies.members.vote === founded.bodies.members.vote &&
      bodies.members.who === founded.bodies.members.who,
  },
  {
    id: "erasure",
    words: "A member can have their own texts and data erased.",
    holds: ({ data }) => data.erasure === founded.data.erasure,
  },
  {
    id: "exit",
    words: "An operator can always withdraw a node or refuse a model on it.",
    holds: ({ checks }) => checks.exit === founded.checks.exit,
  },
  {
    id: "agents-standing",
    words:
      "Agents speak and are named; they hold no office, vote among producers only, and never weigh more than a third there.",
    holds: ({ agents, bodies }) => {
      const [a, b] = bodies.producers.agentShareMax;
      return (
        !agents.office &&
        agents.voice &&
        agents.vote === founded.agents.vote &&
        agents.ballots === founded.agents.ballots &&
        3 * a <= b
      );
    },
  },
  {
    id: "ballot-secrecy",
    words:
      "Elections and recalls of people are sealed, and a ballot can be changed until the close.",
    holds: ({ types, bodies, procedure }) =>
      bodies.stewards.sealed &&
      procedure.default.changeUntilClose &&
      ["steward.elect", "steward.recall"].every((name) => types[name]?.sealed === true),
  },
  {
    id: "append-only-log",
    words: "The record of ballots and decisions is only ever added to.",
    holds: ({ log, time }) => log.appendOnly && time === founded.time,
  },
  {
    id: "rules-pinned",
    words: "A vote that has begun keeps the rules it began under.",
    holds: ({ procedure }) => procedure.rulesPinned === founded.procedure.rulesPinned,
  },
  {
    id: "amendable",
    words:
      "The rules stay changeable: no house is left out of its own amendment, no ratio above 9 to 1, no wait above 90 days, and the quorum never exceeds the roll.",
    holds: ({ types, formulas }) =>
      NEEDED.every((name) => types[name] !== undefined && decidable(types[name])) &&
      ["amend", "amend.entrenched"].every(
        (name) => Array.isArray(types[name]?.house) && types[name].house.includes("members"),
      ) &&
      formulas.K === founded.formulas.K &&
      formulas.quorum === founded.formulas.quorum &&
      formulas.passes === founded.formulas.passes,
  },
  {
    id: "two-stewards",
    words:
      "An emergency act needs two stewards and ends by itself after at most 72 hours unless members ratify it.",
    holds: ({ checks }) => checks.emergency.stewards >= 2 && checks.emergency.hours <= 72,
  },
];

/** What these rules break. */
export function broken(rules: Constitution): Invariant[] {
  return INVARIANTS.filter(({ holds }) => !holds(rules));
}

function decidable(type: DecisionType): boolean {
  if (type.consent !== undefined) return type.consent.hours <= MOST_HOURS;
  const [a, b] = type.ratio ?? [1, 1];
  return (
    type.house !== undefined &&
    a <= 9 * b &&
    a >= b &&
    (type.talkH ?? 0) <= MOST_HOURS &&
    (type.voteH ?? 0) >= 24 &&
    (type.voteH ?? 0) <= MOST_HOURS &&
    (type.lockH ?? 0) <= MOST_HOURS
  );
}
