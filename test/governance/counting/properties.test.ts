import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { borda } from "../../../protocol/counting/borda.ts";
import { condorcetWinner, smithSet } from "../../../protocol/counting/condorcet.ts";
import { copeland } from "../../../protocol/counting/copeland.ts";
import { irv } from "../../../protocol/counting/irv.ts";
import { majorityJudgment } from "../../../protocol/counting/majority-judgment.ts";
import { pairwise } from "../../../protocol/counting/pairwise.ts";
import {
  type Profile,
  type RankedBallot,
  rankedProfile,
  type ScoredBallot,
  scoredProfile,
} from "../../../protocol/counting/profile.ts";
import { quadratic } from "../../../protocol/counting/quadratic.ts";
import { rankedPairs } from "../../../protocol/counting/ranked-pairs.ts";
import { schulze } from "../../../protocol/counting/schulze.ts";
import { score } from "../../../protocol/counting/score.ts";
import { star } from "../../../protocol/counting/star.ts";
import { stv } from "../../../protocol/counting/stv.ts";
import { stvScottish } from "../../../protocol/counting/stv-scottish.ts";
import type { TieRule } from "../../../protocol/counting/ties.ts";
import { lotsFromSeed } from "../../../protocol/counting/ties.ts";
import { optionNames, rankedElection } from "./profiles.ts";

interface Outcome {
  readonly winners: readonly string[];
  readonly ties: readonly object[];
  readonly possibleWinners?: readonly string[];
}

const RANKED: Record<string, (profile: Profile, rule: TieRule | null) => Outcome> = {
  irv: (p, rule) => irv(p, rule),
  "irv-waiting": (p, rule) => irv(p, rule, "wait"),
  stv: (p, rule) => stv(p, 2, rule),
  "stv-scottish": (p, rule) => stvScottish(p, 2, rule),
  borda: (p, rule) => borda(pairwise(p), p.total, rule),
  copeland: (p, rule) => copeland(pairwise(p), rule),
  schulze: (p, rule) => schulze(pairwise(p), rule),
  "ranked-pairs": (p, rule) => rankedPairs(pairwise(p), rule),
};

const SCORED: Record<string, (profile: Profile, rule: TieRule | null) => Outcome> = {
  score: (p, rule) => score(p, rule),
  star: (p, rule) => star(p, 5, rule),
  quadratic: (p, rule) => quadratic(p, rule),
  "majority-judgment": (p, rule) => majorityJudgment(p, 5, rule),
};

const scoredElection = fc.integer({ min: 1, max: 6 }).chain((size) => {
  const options = optionNames(size);
  const ballots: fc.Arbitrary<ScoredBallot[]> = fc.array(
    fc.record({
      weight: fc.integer({ min: 1, max: 4 }),
      scores: fc
        .array(fc.option(fc.integer({ min: 0, max: 5 })), { minLength: size, maxLength: size })
        .map((given) =>
          given.flatMap((stars, i): [string, number][] =>
            stars === null ? [] : [[options[i] as string, stars]],
          ),
        ),
    }),
    { maxLength: 12 },
  );
  return fc.record({ options: fc.constant(options), ballots });
});

/** New names in another canonical order, and the way back. */
function renaming(options: readonly string[], keys: readonly number[]) {
  const order = options
    .map((_, i) => i)
    .sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  const names = new Map(order.map((i, place) => [options[i] as string, `x${place}`]));
  const back = new Map([...names].map(([old, name]) => [name, old]));
  return { to: (o: string) => names.get(o) as string, from: (o: string) => back.get(o) as string };
}

const keys = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });
const range = { least: 0, most: 5 };

/** The same election with options renamed and ballots shuffled and split has the same outcome, names aside. */
function assertNeutral(
  count: (profile: Profile, rule: TieRule | null) => Outcome,
  plain: Profile,
  changed: Profile,
  from: (option: string) => string,
): void {
  const one = count(plain, null);
  const other = count(changed, null);
  assert.equal(other.ties.length > 0, one.ties.length > 0, "ties are ties under any names");
  assert.deepEqual(
    (other.possibleWinners ?? []).map(from).toSorted(),
    (one.possibleWinners ?? []).toSorted(),
  );
  assert.deepEqual(other.winners.map(from).toSorted(), one.winners.toSorted());
}

for (const [name, count] of Object.entries(RANKED)) {
  test(`${name}: renaming options and shuffling ballots never changes the outcome`, () => {
    fc.assert(
      fc.property(rankedElection(), keys, ({ options, ballots }, order) => {
        const { to, from } = renaming(options, order);
        const changed: RankedBallot[] = ballots
          .flatMap(({ weight, ranks }) =>
            Array.from({ length: weight }, () => ({
              weight: 1,
              ranks: ranks.map((r) => r.map(to)),
            })),
          )
          .map((ballot, i) => [ballot, (order[i % 8] as number) + i * 7] as const)
          .sort(([, a], [, b]) => a - b)
          .map(([ballot]) => ballot);
        assertNeutral(
          count,
          rankedProfile(options, ballots),
          rankedProfile(options.map(to).toReversed(), changed),
          from,
        );
      }),
    );
  });

  test(`${name}: a seed leaves no tie open, and shuffling does not change what it decides`, () => {
    fc.assert(
      fc.property(rankedElection(), fc.integer({ min: 16, max: 255 }), (election, seed) => {
        const rule = lotsFromSeed(seed.toString(16));
        const result = count(rankedProfile(election.options, election.ballots), rule);
        const again = rankedProfile(election.options.toReversed(), election.ballots.toReversed());
        assert.deepEqual(count(again, rule).winners, result.winners);
        assert.ok(result.ties.every((tie) => (tie as { chosen: unknown }).chosen !== null));
      }),
    );
  });
}

for (const [name, count] of Object.entries(SCORED)) {
  test(`${name}: renaming options and shuffling ballots never changes the outcome`, () => {
    fc.assert(
      fc.property(scoredElection, keys, ({ options, ballots }, order) => {
        const { to, from } = renaming(options, order);
        const changed = ballots.toReversed().map(({ weight, scores }) => ({
          weight,
          scores: scores.map(([option, stars]): [string, number] => [to(option), stars]),
        }));
        assertNeutral(
          count,
          scoredProfile(options, ballots, range),
          scoredProfile(options.map(to).toReversed(), changed, range),
          from,
        );
      }),
    );
  });
}

test("Schulze and ranked pairs elect the Condorcet winner, and otherwise only members of the Smith set", () => {
  fc.assert(
    fc.property(rankedElection(), ({ options, ballots }) => {
      const duels = pairwise(rankedProfile(options, ballots));
      const best = condorcetWinner(duels);
      const smith = smithSet(duels);
      for (const { possibleWinners } of [schulze(duels, null), rankedPairs(duels, null)]) {
        if (best !== null) assert.deepEqual(possibleWinners, [best]);
        assert.ok(possibleWinners.every((option) => smith.includes(option)));
      }
    }),
  );
});

test("instant runoff: an option first on more than half of the ballots wins at once; votes never vanish", () => {
  fc.assert(
    fc.property(rankedElection(), fc.integer({ min: 1, max: 60 }), ({ options, ballots }, more) => {
      const favourite = options[0] as string;
      const profile = rankedProfile(options, [...ballots, { weight: more, ranks: [[favourite]] }]);
      const { rounds, winners } = irv(profile, lotsFromSeed("00"));
      if (2 * more > profile.total) {
        assert.deepEqual(winners, [favourite]);
        assert.equal(rounds.length, 1);
      }
      for (const [place, { votes, exhausted }] of rounds.entries()) {
        const counted = Object.values(votes).reduce((sum, n) => sum + n, 0);
        assert.equal(counted + exhausted, profile.total);
        assert.ok(exhausted >= (rounds[place - 1]?.exhausted ?? 0));
      }
    }),
  );
});

test("STAR: the winner is a finalist that no more ballots score below the other than above it", () => {
  fc.assert(
    fc.property(scoredElection, ({ options, ballots }) => {
      const profile = scoredProfile(options, ballots, range);
      const { winners, finalists, totals, runoff, noPreference } = star(
        profile,
        5,
        lotsFromSeed("00"),
      );
      assert.equal(finalists.length, Math.min(2, options.length));
      assert.ok(finalists.includes(winners[0] as string));
      const least = Math.min(...finalists.map((option) => totals[option] as number));
      const outside = options.filter((option) => !finalists.includes(option));
      assert.ok(outside.every((option) => (totals[option] as number) <= least));
      assert.equal(runoff[winners[0] as string] ?? 0, Math.max(0, ...Object.values(runoff)));
      const preferring = Object.values(runoff).reduce((sum, n) => sum + n, 0);
      assert.equal(preferring + noPreference, profile.total);
    }),
  );
});

test("score: one more star for the winner keeps it the winner", () => {
  fc.assert(
    fc.property(scoredElection, ({ options, ballots }) => {
      const before = score(scoredProfile(options, ballots, range), null);
      fc.pre(before.winners.length === 1);
      const winner = before.winners[0] as string;
      const after = score(
        scoredProfile(options, [...ballots, { weight: 1, scores: [[winner, 1]] }], range),
        null,
      );
      assert.deepEqual(after.winners, [winner]);
    }),
  );
});

test("STV in both forms: as many winners as seats, never one twice, and no vote out of nothing", () => {
  fc.assert(
    fc.property(rankedElection(), fc.integer({ min: 1, max: 5 }), ({ options, ballots }, seats) => {
      const profile = rankedProfile(options, ballots);
      const scottish = stvScottish(profile, seats, lotsFromSeed("00"));
      assert.equal(scottish.winners.length, Math.min(seats, options.length));
      const belenios = stv(profile, seats, lotsFromSeed("00"));
      for (const { winners } of [scottish, belenios]) {
        assert.equal(new Set(winners).size, winners.length);
        assert.ok(winners.length <= seats);
      }
      for (const { votes, nonTransferable } of scottish.stages) {
        const all = [...Object.values(votes), nonTransferable].map((n) =>
          BigInt(n.replace(".", "")),
        );
        const sum = all.reduce((a, b) => a + b, 0n);
        assert.equal(sum % 100_000n, 0n);
        assert.ok(sum <= BigInt(profile.total) * 100_000n);
      }
    }),
  );
});
