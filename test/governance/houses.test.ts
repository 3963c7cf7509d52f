// Two houses, weights and shares: exact, by truth table and by property.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { producerSeats } from "../../api/governance/proposals/roll.ts";
import { againstDefault, agentScale } from "../../protocol/counting/house.ts";
import { countPoll } from "../../protocol/counting/poll.ts";
import { capWeights, producerWeight } from "../../protocol/counting/weight.ts";
import type { BallotRow, PollRules } from "../../protocol/verify/poll-rows.ts";

const VOTE = 1_000_000n;
const simple = { quorum: 0, ratio: [1n, 1n], agentShareMax: [1n, 3n] } as const;

const rules = (more: Partial<PollRules> = {}): PollRules => ({
  options: [
    { id: "A", title: "Do it", isDefault: false },
    { id: "Z", title: "Leave it as it is", isDefault: true },
  ],
  method: "majority",
  binding: true,
  houses: [
    { house: "members", size: 4, quorum: 2 },
    { house: "producers", size: 4, quorum: 2 },
  ],
  ratio: [1, 1],
  agentShareMax: [1, 3],
  highestScore: 5,
  credits: 100,
  ...more,
});
const ballot = (
  house: "members" | "producers",
  choice: BallotRow["choice"],
  more: Partial<BallotRow> = {},
): Pick<BallotRow, "stage" | "house" | "choice" | "weight" | "agent"> => ({
  ...{ stage: "vote", house, choice, weight: 1_000_000, agent: false },
  ...more,
});
const yes = { answer: "yes" } as const;
const no = { answer: "no" } as const;
const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

describe("two houses", () => {
  it("both must pass: with enough for it, and more for than against", () => {
    // [members for, against, producers for, against, passes]
    const table = [
      [2, 0, 2, 0, true],
      [2, 1, 2, 1, true],
      [2, 2, 2, 0, false],
      [2, 0, 2, 2, false],
      [1, 0, 2, 0, false],
      [2, 0, 1, 0, false],
      [4, 0, 0, 0, false],
      [0, 0, 4, 0, false],
      [0, 0, 0, 0, false],
      [3, 1, 2, 1, true],
    ] as const;
    for (const [mf, ma, pf, pa, passes] of table) {
      const ballots = [
        ...times(mf, () => ballot("members", yes)),
        ...times(ma, () => ballot("members", no)),
        ...times(pf, () => ballot("producers", yes)),
        ...times(pa, () => ballot("producers", no)),
      ];
      const { outcome } = countPoll(rules(), ballots, "00", false);
      assert.equal(outcome === "passed", passes, `${mf}:${ma} and ${pf}:${pa}`);
    }
  });

  it("with several options: members choose, then producers say yes or no to that one", () => {
    const three = rules({
      method: "schulze",
      options: [
        { id: "A", title: "a", isDefault: false },
        { id: "B", title: "b", isDefault: false },
        { id: "Z", title: "as it is", isDefault: true },
      ],
    });
    const chose = times(3, () => ballot("members", { rank: [["B"], ["A"]] }));
    const first = countPoll(three, chose, "00", false);
    assert.deepEqual([first.outcome, first.winner], ["chosen", "B"]);
    const said = (answer: typeof yes | typeof no) =>
      countPoll(
        three,
        [...chose, ...times(3, () => ballot("producers", answer, { stage: "ratify" }))],
        "00",
        true,
      );
    assert.deepEqual([said(yes).outcome, said(yes).winner], ["passed", "B"]);
    assert.deepEqual([said(no).outcome, said(no).winner], ["rejected", "Z"]);
    assert.equal(countPoll(three, chose, "00", true).outcome, "rejected");
  });

  it("an extra ballot for an option never takes the quorum from it", () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(20),
        fc.nat(20),
        fc.nat(20),
        fc.nat(15),
        (pf, pa, af, aa, quorum) => {
          const count = (extra: number) =>
            againstDefault(
              [
                ...times(pf + extra, () => ({ choice: yes, weight: VOTE, agent: false })),
                ...times(pa, () => ({ choice: no, weight: VOTE, agent: false })),
                ...times(af, () => ({ choice: yes, weight: VOTE, agent: true })),
                ...times(aa, () => ({ choice: no, weight: VOTE, agent: true })),
              ],
              "A",
              "Z",
              { ...simple, quorum },
            );
          assert(!count(0).quorumMet || count(1).quorumMet);
          assert(!count(0).ratioMet || count(1).ratioMet);
        },
      ),
    );
  });
});

describe("agents", () => {
  it("together are a third at most, exactly, and none is dropped", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.bigInt(0n, 10n ** 15n), (people, agents) => {
        const { n, d } = agentScale(people, agents, [1n, 3n]);
        const scaled = agents * n;
        const all = people * d + scaled;
        assert(3n * scaled <= all);
        // Within a third nothing shrinks; beyond it the third is full.
        if (3n * agents <= people + agents) assert.equal(n, d);
        else assert.equal(3n * scaled, all);
      }),
    );
    const row = againstDefault(
      [
        ...times(4, () => ({ choice: no, weight: VOTE, agent: false })),
        ...times(7, () => ({ choice: yes, weight: VOTE, agent: true })),
      ],
      "A",
      "Z",
      simple,
    );
    assert.deepEqual([row.for, row.against, row.passes], ["2", "4", false]);
    const odd = againstDefault(
      [
        { choice: no, weight: VOTE, agent: false },
        { choice: yes, weight: VOTE, agent: true },
        { choice: no, weight: VOTE, agent: true },
      ],
      "A",
      "Z",
      simple,
    );
    assert.deepEqual([odd.for, odd.against], ["1/4", "5/4"]);
  });

  it("of one controller are one seat of one vote, fifty or two, and none where the controller has one", () => {
    const agents = times(50, () => null).map((_, i) => ({
      ...{ person: `agent${i}`, controller: "mallory", credits: 0n },
    }));
    const others = ["ada", "ben"].map((person) => ({ person, controller: null, credits: 0n }));
    const seats = producerSeats([...agents, ...others], [1, 10]);
    assert.deepEqual(
      seats.map(({ controller, agent, weight }) => [controller, agent, weight]),
      [
        ["ada", false, VOTE],
        ["ben", false, VOTE],
        ["mallory", true, VOTE],
      ],
    );
    const own = { person: "mallory", controller: null, credits: 10n ** 9n };
    const with_ = producerSeats([...agents, ...others, own], [1, 10]);
    assert.deepEqual(
      with_.map(({ controller, agent, weight }) => [controller, agent, weight]),
      [
        ["ada", false, VOTE],
        ["ben", false, VOTE],
        ["mallory", false, VOTE],
      ],
    );
  });
});

describe("weights of producers", () => {
  it("are 1 + log10 of the credits in millionths, exactly, rounded down", () => {
    for (const [credits, weight] of [
      [0n, 1_000_000n],
      [1n, 1_000_000n],
      [2n, 1_301_029n],
      [10n, 2_000_000n],
      [999n, 3_999_565n],
      [1000n, 4_000_000n],
      [123_456_789n, 9_091_514n],
    ] as const) {
      assert.equal(producerWeight(credits), weight, `${credits}`);
    }
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 18n), (credits) => {
        const about = 1 + Math.log10(Number(credits));
        assert(Math.abs(Number(producerWeight(credits)) / 1e6 - about) < 2e-6);
        assert(producerWeight(credits) <= producerWeight(credits + 1n));
      }),
      { numRuns: 200 },
    );
  });

  it("leave nobody with more than a tenth of the house, nor less than one vote", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 60 }),
        (credits) => {
          const weights = credits.map(producerWeight);
          const capped = capWeights(weights, [1n, 10n]);
          const all = capped.reduce((sum, weight) => sum + weight, 0n);
          for (const [i, weight] of capped.entries()) {
            assert(weight <= (weights[i] as bigint));
            assert(weight >= VOTE);
            assert(10n * weight <= all || weight === VOTE);
          }
          // Who does more never weighs less.
          for (const [i, a] of weights.entries()) {
            for (const [j, b] of weights.entries()) {
              if (a >= b) assert((capped[i] as bigint) >= (capped[j] as bigint));
            }
          }
        },
      ),
    );
  });
});
