// Random profiles against Debian's belenios-tool, which was written by other people in another language. By default a
// few hundred of them, so that the check takes seconds; PROFILES=10000 counts the whole proof (minutes).
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityJudgment } from "../../../protocol/counting/majority-judgment.ts";
import { pairwise } from "../../../protocol/counting/pairwise.ts";
import { rankedProfile, scoredProfile } from "../../../protocol/counting/profile.ts";
import { schulze } from "../../../protocol/counting/schulze.ts";
import { stv } from "../../../protocol/counting/stv.ts";
import { ask, beleniosMissing, type Question } from "./belenios.ts";
import { optionNames, paperOrder, random } from "./profiles.ts";

const PROFILES = Number(process.env.PROFILES ?? 300);
const BATCH = 250;

const skip = beleniosMissing() ?? false;

/** Counts `PROFILES` random profiles both ways, in batches. */
function judge<Profile, Answer>(
  make: (pick: (below: number) => number) => { profile: Profile; question: Question },
  compare: (profile: Profile, answer: Answer, seed: number) => void,
  refused: (profile: Profile) => boolean = () => false,
): void {
  for (let start = 0; start < PROFILES; start += BATCH) {
    const seeds = Array.from({ length: Math.min(BATCH, PROFILES - start) }, (_, i) => start + i);
    const made = seeds.map((seed) => make(random(seed)));
    const answers = ask<Answer>(made.map(({ question }) => question));
    assert.equal(answers.length, made.length);
    for (const [place, { profile }] of made.entries()) {
      const [answer, seed] = [answers[place] ?? null, seeds[place] as number];
      if (answer !== null) compare(profile, answer, seed);
      else assert.ok(refused(profile), `belenios-tool stopped at profile ${seed}`);
    }
  }
}

/** Mostly few ballots, so that ties and cycles are the rule; sometimes many. */
function ballotCount(pick: (below: number) => number): number {
  return 1 + pick(pick(5) === 0 ? 200 : 12);
}

test(`Schulze: duels, strongest paths and full ranking of ${PROFILES} profiles`, { skip }, (t) => {
  let tied = 0;
  let cycles = 0;
  judge<number[][], { raw: number[][]; beatpaths: [number, number][][]; winners: number[][] }>(
    (pick) => {
      const size = 2 + pick(7);
      // Rank 0 is "not ranked"; few different ranks make many equal ones.
      const ranks = 1 + pick(size);
      const ballots = Array.from({ length: ballotCount(pick) }, () =>
        Array.from({ length: size }, () => pick(ranks + 1)),
      );
      const args = ["schulze", `--nchoices=${size}`, "--blank-allowed=false"];
      return { profile: ballots, question: { args, ballots } };
    },
    (ballots, answer, seed) => {
      const options = optionNames((ballots[0] as number[]).length);
      const duels = pairwise(rankedFrom(options, ballots));
      const result = schulze(duels, null);
      const index = (name: string) => options.indexOf(name);
      const message = `profile ${seed}: ${JSON.stringify(ballots)}`;
      assert.deepEqual(duels.above, answer.raw, message);
      assert.deepEqual(
        result.ranking.map((rank) => rank.map(index)),
        answer.winners,
        message,
      );
      for (const [from, row] of Object.entries(result.strongestPaths)) {
        for (const [to, path] of Object.entries(row)) {
          const other = answer.beatpaths[index(from)]?.[index(to)];
          assert.deepEqual([path?.winning ?? 0, path?.opposing ?? 0], other, message);
        }
      }
      if (result.possibleWinners.length > 1) tied++;
      if (hasCycle(result.strongestPaths)) cycles++;
    },
  );
  t.diagnostic(`${tied} with a tie for first place, ${cycles} with a cycle`);
  assert.ok(tied > PROFILES / 20 && cycles > PROFILES / 20, "the profiles are hard enough");
});

/** Whether two options have a path of defeats to each other. */
function hasCycle(paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>): boolean {
  return Object.entries(paths).some(([from, row]) =>
    Object.entries(row).some(([to, path]) => path !== null && paths[to]?.[from] !== null),
  );
}

function rankedFrom(options: readonly string[], ballots: readonly (readonly number[])[]) {
  return rankedProfile(
    options,
    ballots.map((ranks) => ({
      weight: 1,
      ranks: [...new Set(ranks)]
        .filter((rank) => rank > 0)
        .sort((a, b) => a - b)
        .map((rank) => options.filter((_, i) => ranks[i] === rank)),
    })),
  );
}

test(`majority judgment: grades and full ranking of ${PROFILES} profiles`, { skip }, (t) => {
  let tied = 0;
  judge<
    { grades: number; ballots: number[][] },
    { raw: number[][]; winners: number[][]; blank: number }
  >(
    (pick) => {
      const size = 1 + pick(6);
      const grades = 2 + pick(4);
      const ballots = Array.from({ length: ballotCount(pick) }, () =>
        pick(8) === 0
          ? new Array<number>(size).fill(0)
          : Array.from({ length: size }, () => 1 + pick(grades)),
      );
      const args = [
        "majority-judgment",
        `--nchoices=${size}`,
        `--ngrades=${grades}`,
        "--blank-allowed=true",
      ];
      return { profile: { grades, ballots }, question: { args, ballots } };
    },
    ({ grades, ballots }, answer, seed) => {
      const options = optionNames((ballots[0] as number[]).length);
      // belenios-tool's grade 1 is the best one; here the highest number is.
      const profile = scoredProfile(
        options,
        ballots.map((given) => ({
          weight: 1,
          scores: given.flatMap((grade, i): [string, number][] =>
            grade === 0 ? [] : [[options[i] as string, grades - grade]],
          ),
        })),
        { least: 0, most: grades - 1 },
      );
      const result = majorityJudgment(profile, grades - 1, null);
      const message = `profile ${seed}: ${JSON.stringify(ballots)}`;
      assert.deepEqual(
        options.map((option) => result.grades[option]?.toReversed()),
        answer.raw,
        message,
      );
      assert.equal(result.blank, answer.blank, message);
      assert.deepEqual(
        result.ranking.map((rank) => rank.map((option) => options.indexOf(option))),
        answer.winners.map((rank) => rank.toSorted((a, b) => a - b)),
        message,
      );
      if (result.possibleWinners.length > 1) tied++;
    },
  );
  t.diagnostic(`${tied} with a tie for first place`);
  assert.ok(tied > PROFILES / 20, "the profiles are hard enough");
});

type Event = ["Win", number[]] | ["Lose", number] | ["TieWin" | "TieLose", number[]];

test(`single transferable vote: every event of ${PROFILES} profiles`, { skip }, (t) => {
  let tied = 0;
  let rounding = 0;
  let unfilled = 0;
  judge<{ seats: number; ballots: number[][] }, { events: Event[]; winners: number[] }>(
    (pick) => {
      const size = 2 + pick(6);
      const seats = 1 + pick(Math.min(4, size));
      const ballots = Array.from({ length: ballotCount(pick) }, () => {
        const order = Array.from({ length: size }, (_, i) => i);
        for (let i = size - 1; i > 0; i--) {
          const j = pick(i + 1);
          [order[i], order[j]] = [order[j] as number, order[i] as number];
        }
        const ranks = new Array<number>(size).fill(0);
        for (const [place, option] of order.slice(0, pick(size + 1)).entries()) {
          ranks[option] = place + 1;
        }
        return ranks;
      });
      return {
        profile: { seats, ballots },
        question: { args: ["stv", `--nseats=${seats}`], ballots },
      };
    },
    ({ seats, ballots }, answer, seed) => {
      const options = optionNames((ballots[0] as number[]).length);
      const result = stv(rankedFrom(options, ballots), seats, paperOrder);
      const events: Event[] = result.rounds.map(({ elected, eliminated }) =>
        eliminated.length > 0
          ? ["Lose", options.indexOf(eliminated[0] as string)]
          : ["Win", elected.map((option) => options.indexOf(option))],
      );
      const theirs = answer.events.filter(([kind]) => kind === "Win" || kind === "Lose");
      tied += result.ties.length > 0 ? 1 : 0;
      const place = events.findIndex(
        (event, i) => JSON.stringify(event) !== JSON.stringify(theirs[i]),
      );
      if (place === -1) {
        assert.deepEqual(
          result.winners.map((option) => options.indexOf(option)),
          answer.winners,
        );
        return;
      }
      // belenios-tool adds in floating point. The only difference allowed is a round in which two exact numbers are
      // equal, and at least one is a fraction that floating point cannot hold.
      assert.ok(
        hangsOnRounding(result, place),
        `profile ${seed}, ${seats} seats: ${JSON.stringify(ballots)}: ${JSON.stringify({ events, theirs })}`,
      );
      rounding++;
    },
    // It asserts that all seats are filled, which cannot be where the ballots name too few options.
    ({ seats, ballots }) => {
      unfilled++;
      const size = (ballots[0] as number[]).length;
      const { winners } = stv(rankedFrom(optionNames(size), ballots), seats, paperOrder);
      return winners.length < Math.min(seats, size);
    },
  );
  t.diagnostic(
    `${tied} with ties; ${rounding} where floating point splits an exact tie; ${unfilled} with seats left empty, which belenios-tool refuses`,
  );
  assert.ok(tied > PROFILES / 20, "the profiles are hard enough");
  assert.ok(unfilled < PROFILES / 5, `${unfilled} refused`);
  assert.ok(rounding <= PROFILES / 50, `${rounding} differ by rounding`);
});

/** Whether this round was decided between exactly equal fractions, or by a fraction exactly at the quota. */
function hangsOnRounding({ rounds, quota }: ReturnType<typeof stv>, place: number): boolean {
  const { votes, elected, eliminated } = rounds[place] as (typeof rounds)[number];
  const chosen = votes[(elected[0] ?? eliminated[0]) as string];
  const level = Object.values(votes).filter((held) => held === chosen);
  const earlierFractions = rounds
    .slice(0, place + 1)
    .some((round) => Object.values(round.votes).some((held) => typeof held === "string"));
  return earlierFractions && (level.length > 1 || chosen === quota);
}
