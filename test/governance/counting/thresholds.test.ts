import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dropBelowDefault } from "../../../protocol/counting/default-option.ts";
import { majority, type Ratio } from "../../../protocol/counting/majority.ts";
import { pairwise } from "../../../protocol/counting/pairwise.ts";
import { type RankedBallot, rankedProfile } from "../../../protocol/counting/profile.ts";
import { approvalQuorum, squareRootQuorum } from "../../../protocol/counting/quorum.ts";
import { houses } from "../../../protocol/counting/two-houses.ts";
import { rankedElection } from "./profiles.ts";

/** The boundary table of ../ballots/README.md, the rule since Debian constitution 1.6. */
for (const [votes, against, ratio, passes] of [
  [30n, 10n, [3n, 1n], true],
  [31n, 10n, [3n, 1n], true],
  [29n, 10n, [3n, 1n], false],
  [10n, 10n, [1n, 1n], false],
  [11n, 10n, [1n, 1n], true],
  [0n, 0n, [1n, 1n], false],
] as const) {
  test(`${votes} for and ${against} against at ${ratio[0]}:${ratio[1]} ${passes ? "passes" : "fails"}`, () => {
    assert.equal(majority({ for: votes, against }, { ratio, quorum: 0n }).passes, passes);
  });
}

test("the quorum is exact where the square root is not whole", () => {
  assert.deepEqual([100, 400, 1037, 0, 1].map(squareRootQuorum), [15n, 30n, 49n, 0n, 2n]);
  for (let members = 0; members < 3000; members++) {
    const q = squareRootQuorum(members);
    assert.ok(4n * q * q >= 9n * BigInt(members));
    assert.ok(q === 0n || 4n * (q - 1n) * (q - 1n) < 9n * BigInt(members));
    assert.ok(approvalQuorum(members) <= BigInt(members), "never above the roll");
  }
  assert.deepEqual([0, 1, 2, 3, 4, 5, 100].map(approvalQuorum), [0n, 1n, 2n, 2n, 3n, 4n, 15n]);
});

test("an extra ballot for an option never makes it miss quorum or ratio", () => {
  fc.assert(
    fc.property(
      rankedElection(),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 4 }),
      ({ options, ballots }, quorum, times) => {
        fc.pre(options.length > 1);
        const [standard, favourite] = options as [string, string];
        const gate = (counted: RankedBallot[]) =>
          dropBelowDefault(pairwise(rankedProfile(options, counted)), {
            option: standard,
            quorum: BigInt(quorum),
            ratios: new Map([[favourite, [BigInt(times), 1n]]]),
          }).table.find(({ option }) => option === favourite);
        const before = gate(ballots);
        const after = gate([...ballots, { weight: 1, ranks: [[favourite]] }]);
        assert.ok(!before?.quorumMet || after?.quorumMet);
        assert.ok(!before?.passes || after?.passes);
      },
    ),
  );
});

test("abstaining changes nothing: neither quorum nor ratio sees blank ballots", () => {
  fc.assert(
    fc.property(rankedElection(), ({ options, ballots }) => {
      const rule = { option: options[0] as string, quorum: 3n, ratios: new Map<string, Ratio>() };
      const table = (counted: RankedBallot[]) =>
        dropBelowDefault(pairwise(rankedProfile(options, counted)), rule).table;
      assert.deepEqual(table([...ballots, { weight: 100, ranks: [] }]), table(ballots));
    }),
  );
});

test("two houses: both must pass, each by its own quorum and ratio", () => {
  const outcome = (members: [bigint, bigint], producers: [bigint, bigint]) =>
    houses([
      { house: "members", for: members[0], against: members[1], ratio: [1n, 1n], quorum: 5n },
      // Producers' weights are in millionths of a vote: 2.5 votes are needed.
      {
        house: "producers",
        for: producers[0] * 1_000_000n,
        against: producers[1] * 1_000_000n,
        ratio: [2n, 1n],
        quorum: 2_500_000n,
      },
    ]);
  const yes: [bigint, bigint][] = [
    [5n, 4n],
    [6n, 3n],
  ];
  const no: [bigint, bigint][] = [
    [4n, 0n], // below the members' quorum
    [5n, 5n], // tied
  ];
  const producersYes: [bigint, bigint][] = [
    [3n, 0n],
    [4n, 2n],
  ];
  const producersNo: [bigint, bigint][] = [
    [2n, 0n], // below the producers' quorum
    [5n, 3n], // below two to one
  ];
  for (const members of [...yes, ...no]) {
    for (const producers of [...producersYes, ...producersNo]) {
      const result = outcome(members, producers);
      assert.equal(result.passes, yes.includes(members) && producersYes.includes(producers));
      assert.deepEqual(
        result.houses.map(({ passes }) => passes),
        [yes.includes(members), producersYes.includes(producers)],
      );
    }
  }
  assert.throws(() => houses([]), RangeError);
});
