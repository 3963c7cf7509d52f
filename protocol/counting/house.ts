import type { Choice } from "../wire/governance/ballots.ts";
import { exactNumber, type Fraction, fraction } from "./fraction.ts";
import { majority, type Ratio } from "./majority.ts";

/** A ballot in one house. Weights are millionths of a vote. */
export interface HouseBallot {
  readonly choice: Choice;
  readonly weight: bigint;
  readonly agent: boolean;
}

/** One option against the default in one house, exact numbers as text. */
export interface HouseRow {
  readonly option: string;
  readonly for: string;
  readonly against: string;
  readonly ballotsFor: string;
  readonly quorum: number;
  readonly quorumMet: boolean;
  readonly ratioMet: boolean;
  readonly passes: boolean;
}

export interface HouseThreshold {
  readonly quorum: number;
  readonly ratio: Ratio;
  /** Agents together carry at most a of every b. */
  readonly agentShareMax: Ratio;
}

const MILLION = 1_000_000n;

/**
 * Counts one option against the default: weights decide the ratio, ballots the quorum. Agents together are at most
 * `agentShareMax` of what was cast for and against: where they are more, each of them weighs less by the same exact
 * fraction, and none is dropped. Agents alone weigh nothing.
 */
export function againstDefault(
  ballots: readonly HouseBallot[],
  option: string,
  standard: string,
  { quorum, ratio, agentShareMax }: HouseThreshold,
): HouseRow {
  const sides = ballots.map((ballot) => ({
    ...ballot,
    side: side(ballot.choice, option, standard),
  }));
  const sum = (agent: boolean, wanted: number, unit: (ballot: HouseBallot) => bigint) =>
    sides.reduce(
      (total, each) => (each.agent === agent && each.side === wanted ? total + unit(each) : total),
      0n,
    );
  const shared = (unit: (ballot: HouseBallot) => bigint) => {
    const people = { for: sum(false, 1, unit), against: sum(false, -1, unit) };
    const agents = { for: sum(true, 1, unit), against: sum(true, -1, unit) };
    const scale = agentScale(
      people.for + people.against,
      agents.for + agents.against,
      agentShareMax,
    );
    // In units of 1 / scale.d, so that all stay whole numbers.
    return {
      for: people.for * scale.d + agents.for * scale.n,
      against: people.against * scale.d + agents.against * scale.n,
      unit: scale.d,
    };
  };
  const weights = shared(({ weight }) => weight);
  const heads = shared(() => 1n);
  const { ratioMet } = majority(weights, { ratio, quorum: 0n });
  const quorumMet = heads.for >= BigInt(quorum) * heads.unit;
  const text = (n: bigint, d: bigint) => String(exactNumber(fraction(n, d)));
  return {
    option,
    for: text(weights.for, weights.unit * MILLION),
    against: text(weights.against, weights.unit * MILLION),
    ballotsFor: text(heads.for, heads.unit),
    quorum,
    quorumMet,
    ratioMet,
    passes: quorumMet && ratioMet,
  };
}

/** By how much each agent's weight shrinks: 1 where they are within their share, else share × people / agents. */
export function agentScale(people: bigint, agents: bigint, [a, b]: Ratio): Fraction {
  // agents ≤ a/b of all ⇔ agents × (b − a) ≤ people × a.
  if (agents * (b - a) <= people * a) return fraction(1n, 1n);
  return fraction(people * a, agents * (b - a));
}

/** 1: the ballot puts the option above the default; −1: below; 0: neither. */
export function side(choice: Choice, option: string, standard: string): -1 | 0 | 1 {
  if ("answer" in choice) return choice.answer === "abstain" ? 0 : choice.answer === "yes" ? 1 : -1;
  const rank = new Map(ranksOf(choice).flatMap((ids, at) => ids.map((id) => [id, at] as const)));
  const mine = rank.get(option) ?? Number.POSITIVE_INFINITY;
  const other = rank.get(standard) ?? Number.POSITIVE_INFINITY;
  return mine < other ? 1 : mine > other ? -1 : 0;
}

/** Any ballot with several options as ranks, best first; what it does not name ties below. */
export function ranksOf(choice: Exclude<Choice, { answer: string }>): string[][] {
  if ("rank" in choice) return choice.rank;
  if ("approve" in choice) return choice.approve.length === 0 ? [] : [choice.approve];
  const byScore = new Map<number, string[]>();
  for (const [id, score] of Object.entries(choice.scores)) {
    byScore.set(score, [...(byScore.get(score) ?? []), id].sort());
  }
  return [...byScore].sort(([a], [b]) => b - a).map(([, ids]) => ids);
}
