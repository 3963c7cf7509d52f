import { defaultConstitution } from "../../../config/constitution.ts";
import { isPollMethod } from "../../../protocol/counting/poll.ts";
import { type Said, type SentenceKey, say } from "../words/say.ts";
import { STEWARD_SEATS } from "./formulas.ts";
import { type Constitution, type DecisionType, parseConstitution } from "./schema.ts";

/** Something no amendment can change, whoever votes for it. */
export interface Invariant {
  readonly id: InvariantId;
  readonly holds: (rules: Constitution) => boolean;
}

/** The catalogue has a sentence on each. */
type InvariantId =
  Extract<SentenceKey, `invariant_${string}`> extends `invariant_${infer Id}` ? Id : never;

/** What the pool was founded with: guarantees are compared with it word for word. */
const founded = parseConstitution(defaultConstitution());
const MOST_HOURS = 24 * 90;
/** Every way of deciding that a command opens; without them a pool could not change its rules again. */
const NEEDED = [
  ...["poll.advisory", "poll.binding", "node.admit", "model.allowlist", "quota.set"],
  ...["room.policy", "pool.policy", "revert", "emergency.ratify", "amend", "amend.entrenched"],
  ...["steward.elect", "steward.recall"],
];

export const INVARIANTS: readonly Invariant[] = [
  {
    id: "commons-floor",
    holds: ({ commons }) => commons.floorPerDay >= 1,
  },
  {
    id: "credits-not-transferable",
    holds: ({ credits, bodies }) =>
      !credits.transferable &&
      !credits.buyable &&
      !credits.buyVotes &&
      bodies.producers.weight === founded.bodies.producers.weight,
  },
  {
    id: "one-person-one-vote",
    holds: ({ bodies }) =>
      bodies.members.vote === founded.bodies.members.vote &&
      bodies.members.who === founded.bodies.members.who,
  },
  {
    id: "erasure",
    holds: ({ data }) => data.erasure === founded.data.erasure,
  },
  {
    id: "exit",
    holds: ({ checks }) => checks.exit === founded.checks.exit,
  },
  {
    id: "agents-standing",
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
    holds: ({ types, bodies, procedure }) =>
      bodies.stewards.sealed &&
      procedure.default.changeUntilClose &&
      ["steward.elect", "steward.recall"].every((name) => types[name]?.sealed === true),
  },
  {
    id: "append-only-log",
    holds: ({ log, time }) => log.appendOnly && time === founded.time,
  },
  {
    id: "rules-pinned",
    holds: ({ procedure }) => procedure.rulesPinned === founded.procedure.rulesPinned,
  },
  {
    id: "amendable",
    holds: ({ types, formulas, procedure, checks }) =>
      NEEDED.every((name) => types[name] !== undefined && decidable(types[name], types)) &&
      Object.entries(types).every(([name, type]) => begins(name, type)) &&
      votable(types[checks.emergency.ratifyType]) &&
      severalMethod(procedure.default.method) &&
      ["amend", "amend.entrenched"].every(
        (name) => Array.isArray(types[name]?.house) && types[name].house.includes("members"),
      ) &&
      formulas.K === founded.formulas.K &&
      formulas.quorum === founded.formulas.quorum &&
      formulas.passes === founded.formulas.passes,
  },
  {
    id: "stewards-elected",
    holds: ({ bodies, checks }) => {
      const { seats } = bodies.stewards;
      if (seats === STEWARD_SEATS) return true;
      return /^[0-9]{1,3}$/.test(seats) && Number(seats) >= checks.emergency.stewards;
    },
  },
  {
    id: "two-stewards",
    holds: ({ checks }) => checks.emergency.stewards >= 2 && checks.emergency.hours <= 72,
  },
];

/** What an invariant says, for `/rules` and for refusals. */
export function invariantWords({ id }: Invariant): Said {
  return say(`invariant_${id}`);
}

/** What these rules break. */
export function broken(rules: Constitution): Invariant[] {
  return INVARIANTS.filter(({ holds }) => !holds(rules));
}

function decidable(type: DecisionType, types: Constitution["types"]): boolean {
  if (type.consent === undefined) return votable(type);
  // What somebody objects to is voted on: by an entry that is there, and asks for a vote.
  return type.consent.hours <= MOST_HOURS && votable(types[type.consent.elseType]);
}

/** What people propose needs people to back it; moderators, stewards and calendars begin only what is theirs. */
function begins(name: string, { initiate }: DecisionType): boolean {
  const people = typeof initiate === "number" || initiate === "K" || initiate === "2*K";
  return people || initiate === founded.types[name]?.initiate;
}

function severalMethod(method: string): boolean {
  return method === "schulze-winning-votes" || (isPollMethod(method) && method !== "majority");
}

function votable(type: DecisionType | undefined): boolean {
  if (type === undefined || type.consent !== undefined) return false;
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
