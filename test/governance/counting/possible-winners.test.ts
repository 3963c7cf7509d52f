// The search for everybody who can win, against trying every order of breaking ties one by one.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byWinningVotes, type Defeat, defeat } from "../../../protocol/counting/defeats.ts";
import { irv } from "../../../protocol/counting/irv.ts";
import { type Pairwise, pairwise } from "../../../protocol/counting/pairwise.ts";
import { rankedProfile } from "../../../protocol/counting/profile.ts";
import { rankedPairs } from "../../../protocol/counting/ranked-pairs.ts";
import { lotsFromSeed } from "../../../protocol/counting/ties.ts";
import { optionNames, random, rankedElection } from "./profiles.ts";

type Edge = readonly [number, number];

/** Locks one order of all defeats, by asking for a way back from loser to winner each time. */
function winnersOf(size: number, edges: readonly Edge[]): number[] {
  const locked: Edge[] = [];
  const leads = (from: number, to: number): boolean =>
    from === to || locked.some(([i, j]) => i === from && leads(j, to));
  for (const [i, j] of edges) if (!leads(j, i)) locked.push([i, j]);
  return [...Array(size).keys()].filter((option) => !locked.some(([, loser]) => loser === option));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

/** Groups of equally strong defeats, strongest first. */
function groupsOf(duels: Pairwise): Edge[][] {
  const size = duels.options.length;
  const all: { edge: Edge; won: Defeat }[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const won = i === j ? null : defeat(duels, i, j);
      if (won) all.push({ edge: [i, j], won });
    }
  }
  all.sort((a, b) => byWinningVotes(b.won, a.won));
  const groups: Edge[][] = [];
  for (const [place, { edge, won }] of all.entries()) {
    const before = all[place - 1]?.won;
    if (before && byWinningVotes(before, won) === 0) groups.at(-1)?.push(edge);
    else groups.push([edge]);
  }
  return groups;
}

test("ranked pairs: exactly the winners of all orders, on up to 5 options", () => {
  let several = 0;
  fc.assert(
    fc.property(rankedElection(5), ({ options, ballots }) => {
      const duels = pairwise(rankedProfile(options, ballots));
      const groups = groupsOf(duels);
      // At most 5! orders per group and 20,000 altogether: the others would take the test minutes.
      const orders = groups.map(
        ({ length }) => [1, 1, 2, 6, 24, 120][length] ?? Number.POSITIVE_INFINITY,
      );
      fc.pre(orders.reduce((product, n) => product * n, 1) <= 20_000);
      let all: Edge[][] = [[]];
      for (const group of groups) {
        all = all.flatMap((start) => permutations(group).map((more) => [...start, ...more]));
      }
      const wanted = new Set(all.flatMap((edges) => winnersOf(options.length, edges)));
      const { possibleWinners, search } = rankedPairs(duels, null);
      assert.equal(search.complete, true);
      assert.deepEqual(
        possibleWinners,
        options.filter((_, i) => wanted.has(i)),
      );
      if (wanted.size > 1) several++;
    }),
    { numRuns: 400 },
  );
  assert.ok(several > 20, `only ${several} elections had several possible winners`);
});

test("ranked pairs and instant runoff: whoever a seed elects is among the possible winners", () => {
  fc.assert(
    fc.property(rankedElection(), fc.integer({ min: 16, max: 255 }), (election, seed) => {
      const profile = rankedProfile(election.options, election.ballots);
      const rule = lotsFromSeed(seed.toString(16));
      for (const result of [rankedPairs(pairwise(profile), rule), irv(profile, rule)]) {
        assert.equal(result.winners.length, 1);
        assert.ok(result.possibleWinners.includes(result.winners[0] as string));
        assert.equal(result.search.complete, true);
      }
    }),
  );
});

/** Every duel is decided, with one of three strengths: far more ties than ballots could make. */
function tieHeavyDuels(seed: number, size: number): Pairwise {
  const pick = random(seed);
  const options = optionNames(size);
  const above = options.map(() => options.map(() => 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const winning = 6 + pick(3);
      const up = pick(2) === 1 ? winning : 10 - winning;
      (above[i] as number[])[j] = up;
      (above[j] as number[])[i] = 10 - up;
    }
  }
  return { options, above };
}

test("ranked pairs: when the bound on work is reached, it says so, and still excludes nobody who wins", () => {
  const cases = Array.from({ length: 40 }, (_, seed) => tieHeavyDuels(seed, 13));
  const bounded = cases.find((duels) => !rankedPairs(duels, null).search.complete);
  assert.ok(bounded, "none of them reached the bound");
  const { search, winners, ties, possibleWinners } = rankedPairs(bounded, null);
  assert.match(search.words, /more ways of breaking the ties than were tried/);
  assert.ok(search.notExcluded.length > 0);
  assert.deepEqual([...search.found, ...search.notExcluded].sort(), possibleWinners);
  assert.deepEqual([winners, ties[0]?.options], [[], possibleWinners]);
  for (let seed = 16; seed < 32; seed++) {
    const [winner] = rankedPairs(bounded, lotsFromSeed(seed.toString(16))).winners;
    assert.ok(possibleWinners.includes(winner as string));
  }
});
