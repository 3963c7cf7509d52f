import type { BallotRow, HouseName, PollRules } from "../verify/poll-rows.ts";
import type { Choice } from "../wire/governance/ballots.ts";
import type { Election } from "./ballot-file.ts";
import { againstDefault, type HouseRow, ranksOf } from "./house.ts";
import type { Ratio } from "./majority.ts";
import { METHODS } from "./methods.ts";
import type { RankedBallot, ScoredBallot } from "./profile.ts";
import { lotsFromSeed, type Tie } from "./ties.ts";

/** Methods a poll can be counted by, by the ballots they take. `majority` is yes or no to one option. */
export const POLL_METHODS = {
  majority: "yes-no",
  approval: "approval",
  score: "scores",
  star: "scores",
  "majority-judgment": "scores",
  quadratic: "votes",
  irv: "ranking",
  borda: "ranking",
  copeland: "ranking",
  schulze: "ranking",
  "ranked-pairs": "ranking",
  stv: "ranking",
  "stv-scottish": "ranking",
} as const;
export type PollMethod = keyof typeof POLL_METHODS;

/** Methods that elect several: their ballots are strict orders, and nothing is one of the options' equals. */
export function fillsSeats(method: string): boolean {
  return method === "stv" || method === "stv-scottish";
}

export function isPollMethod(name: string): name is PollMethod {
  return Object.hasOwn(POLL_METHODS, name);
}

export interface HouseCount {
  readonly house: HouseName;
  readonly size: number;
  readonly ballots: number;
  readonly abstained: number;
  readonly rows: readonly HouseRow[];
  readonly passes: boolean;
}

export interface PollCount {
  /**
   * `chosen`: the members chose among several options, and the producers have yet to agree. `answered`: nothing
   * was to pass. A tie is drawn by the published seed and named in `ties`.
   */
  readonly outcome: "passed" | "rejected" | "answered" | "no-ballots" | "chosen";
  /** Option id; of a rejected proposal the default. */
  readonly winner: string | null;
  /** Of a method that fills seats: all who are elected, in that order; `winner` is the first. */
  readonly winners?: readonly string[];
  readonly houses: readonly HouseCount[];
  readonly ties: readonly Tie[];
  /** Everything the method worked out; null for yes or no. */
  readonly working: object | null;
}

type CountedBallot = Pick<BallotRow, "stage" | "house" | "choice" | "weight" | "agent">;

/** Only the members choose among several options; with a second house the producers then answer yes or no. */
export function choosesFirst({ method, houses }: PollRules): boolean {
  return method !== "majority" && houses.some(({ house }) => house === "producers");
}

/**
 * Counts a whole poll from its rules, its ballots and the seed for lots: pure, exact, the same everywhere.
 * `ratified`: the producers' window is over, so a choice of the members passes or falls.
 */
export function countPoll(
  rules: PollRules,
  ballots: readonly CountedBallot[],
  seed: string,
  ratified: boolean,
): PollCount {
  const standard = rules.options.find(({ isDefault }) => isDefault)?.id ?? null;
  const first = ballots.filter(({ stage }) => stage === "vote");
  if (rules.method === "majority") return countYesNo(rules, first, standard as string);
  const members = first.filter(({ house }) => house === "members");
  const chosen = countChoice(rules, members, standard, seed);
  if (chosen.outcome !== "passed" || !choosesFirst(rules)) return chosen;
  if (!ratified) return { ...chosen, outcome: "chosen" };
  const answers = ballots.filter(({ stage }) => stage === "ratify");
  const house = countHouse(
    rules,
    "producers",
    answers,
    [chosen.winner as string],
    standard as string,
  );
  return {
    ...chosen,
    outcome: house.passes ? "passed" : "rejected",
    winner: house.passes ? chosen.winner : standard,
    ...(chosen.winners === undefined ? {} : { winners: house.passes ? chosen.winners : [] }),
    houses: [...chosen.houses, house],
  };
}

function countYesNo(
  rules: PollRules,
  ballots: readonly CountedBallot[],
  standard: string,
): PollCount {
  const option = rules.options.find(({ isDefault }) => !isDefault)?.id as string;
  const houses = rules.houses.map(({ house }) =>
    countHouse(rules, house, ballots, [option], standard),
  );
  const passes = houses.every((each) => each.passes);
  const outcome = ballots.length === 0 ? "no-ballots" : passes ? "passed" : "rejected";
  return {
    outcome: rules.binding || ballots.length === 0 ? outcome : "answered",
    winner: passes ? option : standard,
    houses,
    ties: [],
    working: null,
  };
}

function countChoice(
  rules: PollRules,
  ballots: readonly CountedBallot[],
  standard: string | null,
  seed: string,
): PollCount {
  const options = rules.options.map(({ id }) => id);
  const others = options.filter((id) => id !== standard);
  const house =
    standard === null
      ? { ...headCount(rules, "members", ballots), rows: [], passes: true }
      : countHouse(rules, "members", ballots, others, standard);
  if (ballots.length === 0) {
    return { outcome: "no-ballots", winner: standard, houses: [house], ties: [], working: null };
  }
  const passing = house.rows.filter(({ passes }) => passes).map(({ option }) => option);
  const seats = fillsSeats(rules.method);
  // Nobody is elected into a seat by the name of "leave it as it is": whoever stays below it is out.
  const kept =
    standard === null || !rules.binding
      ? options.filter((id) => !seats || id !== standard)
      : options.filter((id) => (id === standard && !seats) || passing.includes(id));
  if (kept.length < (seats ? 1 : 2)) {
    return { outcome: "rejected", winner: standard, houses: [house], ties: [], working: null };
  }
  const count = METHODS.get(rules.method);
  if (count === undefined) throw new RangeError(`there is no method ${rules.method}`);
  const working = count(
    election(
      rules,
      kept,
      ballots.map(({ choice }) => choice),
    ),
    {
      ties: lotsFromSeed(seed),
      seats: rules.seats ?? 1,
    },
  ) as { winners: readonly string[]; ties: readonly Tie[] };
  const winner = working.winners[0] ?? null;
  const passed = winner !== null && winner !== standard;
  return {
    outcome: !rules.binding ? "answered" : passed ? "passed" : "rejected",
    winner: winner ?? standard,
    ...(seats ? { winners: working.winners } : {}),
    houses: [house],
    ties: working.ties,
    working,
  };
}

function countHouse(
  rules: PollRules,
  name: HouseName,
  ballots: readonly CountedBallot[],
  options: readonly string[],
  standard: string,
): HouseCount {
  const mine = ballots.filter(({ house }) => house === name);
  const counted = mine.map(({ choice, weight, agent }) => ({
    choice,
    weight: BigInt(weight),
    agent,
  }));
  const head = headCount(rules, name, ballots);
  const threshold = {
    quorum: rules.houses.find(({ house }) => house === name)?.quorum ?? 0,
    ratio: exact(rules.ratio),
    agentShareMax: exact(rules.agentShareMax),
  };
  const rows = options.map((option) => againstDefault(counted, option, standard, threshold));
  return { ...head, rows, passes: rows.some(({ passes }) => passes) };
}

function headCount(rules: PollRules, name: HouseName, ballots: readonly CountedBallot[]) {
  const mine = ballots.filter(({ house }) => house === name);
  return {
    house: name,
    size: rules.houses.find(({ house }) => house === name)?.size ?? 0,
    ballots: mine.length,
    abstained: mine.filter(({ choice }) => "answer" in choice && choice.answer === "abstain")
      .length,
  };
}

/** The members' ballots, one vote each, on the options that are left. */
function election(rules: PollRules, kept: readonly string[], choices: readonly Choice[]): Election {
  const base = {
    id: null,
    options: kept,
    standard: null,
    quorum: 0,
    highestScore: rules.highestScore,
    credits: rules.credits,
  };
  const among = (ids: readonly string[]) => ids.filter((id) => kept.includes(id));
  const severalOnly = choices.filter(
    (choice): choice is Exclude<Choice, { answer: string }> => !("answer" in choice),
  );
  switch (POLL_METHODS[rules.method as PollMethod]) {
    case "ranking": {
      const ballots = severalOnly.map((choice): RankedBallot => {
        const ranks = ranksOf(choice).map(among);
        return { weight: 1, ranks: ranks.filter((ids) => ids.length > 0) };
      });
      return { ...base, input: { kind: "rankings", ballots } };
    }
    case "approval": {
      const ballots = severalOnly.map((choice) =>
        scored("approve" in choice ? choice.approve : [], kept),
      );
      return { ...base, input: { kind: "approvals", ballots } };
    }
    default: {
      const ballots = severalOnly.map((choice): ScoredBallot => {
        const scores = "scores" in choice ? Object.entries(choice.scores) : [];
        return { weight: 1, scores: scores.filter(([id]) => kept.includes(id)) };
      });
      return { ...base, input: { kind: "scores", ballots } };
    }
  }
}

function scored(ids: readonly string[], kept: readonly string[]): ScoredBallot {
  return {
    weight: 1,
    scores: ids.filter((id) => kept.includes(id)).map((id): [string, number] => [id, 1]),
  };
}

function exact([a, b]: readonly [number, number]): Ratio {
  return [BigInt(a), BigInt(b)];
}
