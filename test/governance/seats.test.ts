// A poll that fills several seats: asked for, voted on, counted, drawn, exported and recounted.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { verifyPoll } from "../../protocol/verify/poll.ts";
import type { ProposalView } from "../../protocol/wire/governance.ts";
import { actor, codeOf, GovernedPool, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const members = Array.from({ length: 14 }, (_, i) => `discord:m${i}`);
const everyone = [ada, ben, ...members];

describe("a poll for several seats", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start(members);
  });
  after(() => pool?.close());

  const ask = (more: object) =>
    pool.post("/v1/polls", {
      ...{ actor: actor(ada, true), requestKey: JSON.stringify(more), question: "Who?" },
      ...{ options: ["Elm", "Fir", "Oak", "Yew"], place: { community: "c", room: "r" }, ...more },
    });
  const poll = async (more: object) => {
    const { status, body } = await ask(more);
    assert.equal(status, 201, JSON.stringify(body));
    return body as ProposalView;
  };
  /** Eight for Elm before Fir, four for Oak, three for Yew before Oak, one for Fir. */
  const ballots = [
    ...Array(8).fill("A>B"),
    ...Array(4).fill("C"),
    ...Array(3).fill("D>C"),
    "B",
  ] as string[];
  const vote = async (number: number) => {
    await pool.reach(number, "voting");
    for (const [i, account] of everyone.entries()) {
      await pool.vote(number, account, ballots[i] as string);
    }
    await pool.closeVote(number);
    return pool.view(number);
  };
  const recounted = async (number: number) => {
    const response = await pool.pool.request(`/v1/proposals/${number}/export`);
    return verifyPoll(Buffer.from(await response.arrayBuffer()));
  };

  it("is refused where the seats make no sense, in words", async () => {
    for (const [more, pattern] of [
      [{ seats: 4 }, /4 options, so the seats may be 3 at most/],
      [{ seats: 2, method: "irv" }, /only stv/],
      [{ seats: 2, options: [] }, /stv/],
    ] as const) {
      const refused = await ask(more);
      assert.equal(refused.status, 400, JSON.stringify(more));
      assert.match(JSON.stringify(refused.body), pattern);
    }
    assert.equal(codeOf(await ask({ seats: 0 })), "request_invalid");
    assert.equal(codeOf(await ask({ seats: 21 })), "request_invalid");
  });

  it("elects as many, and votes beyond the quota go on", async () => {
    const card = await poll({ seats: 3, sealed: true });
    assert.deepEqual([card.method, card.ballotKind], ["stv", "ranking"]);
    assert.match(card.methodWords, /3 seats/);
    assert.match(card.ballotWords, /A>C>B/);
    const equal = await pool.tryVote(card.number, ada, "A>B=C");
    assert.equal(codeOf(equal), "choice_invalid");
    assert.match(JSON.stringify(equal.body), /one option at each place/);
    const { result, state } = await vote(card.number);
    assert.equal(state, "answered");
    // Quota 5: Elm's three beyond it go to Fir; Yew is out, its three go to Oak; two are left for two seats.
    assert.deepEqual([result?.winner, result?.winners], ["A", ["A", "B", "C"]]);
    assert.deepEqual(result?.words.slice(-2), [
      "It does not bind.",
      "Seats filled: 3 of 3. Elected: Elm, Fir, Oak.",
    ]);
    assert.deepEqual(
      result?.picture.rounds.map(({ votes, exhausted, eliminated }) => [
        votes,
        exhausted,
        eliminated,
      ]),
      [
        [{ A: 8, B: 1, C: 4, D: 3 }, 0, []],
        [{ A: 5, B: 4, C: 4, D: 3 }, 0, ["D"]],
        [{ A: 5, B: 4, C: 7 }, 0, []],
      ],
    );
    assert.equal(result?.picture.barsOf, "first preferences");
    const lines = await recounted(card.number);
    assert.deepEqual(
      lines.filter(({ state }) => state === "fails"),
      [],
    );
    const told = lines.find(({ file }) => file === "the count");
    assert.match(told?.text ?? "", /stv: answered, A \(Elm\), B \(Fir\), C \(Oak\)/);
  });

  it("by Scottish rules too, drawn with the quota that the elected keep", async () => {
    const { number } = await poll({ seats: 2, method: "stv-scottish", sealed: false });
    const { result } = await vote(number);
    assert.deepEqual(result?.winners, ["A", "C"]);
    assert.deepEqual(result?.picture.rounds[0], {
      votes: { A: 8, B: 1, C: 4, D: 3 },
      exhausted: 0,
      eliminated: [],
    });
    assert.equal(result?.picture.rounds[1]?.votes.A, 6);
    assert.deepEqual(
      (await recounted(number)).filter(({ state }) => state === "fails"),
      [],
    );
  });

  it("that binds seats nobody whom too few prefer to leaving it as it is", async () => {
    const { number, options } = await poll({ seats: 3, binding: true });
    assert.deepEqual(
      options.map(({ id }) => id),
      ["A", "B", "C", "D", "Z"],
    );
    await pool.reach(number, "voting");
    // Everybody likes Elm; the others have fewer than the quorum of six.
    for (const [i, account] of everyone.entries()) {
      await pool.vote(number, account, i < 5 ? "B>A>Z>C>D" : "A>Z>B>C>D");
    }
    await pool.closeVote(number);
    const { result } = await pool.view(number);
    assert.deepEqual([result?.outcome, result?.winners], ["passed", ["A"]]);
    assert.equal(result?.words.at(-1), "Seats filled: 1 of 3. Elected: Elm.");
    assert.deepEqual(
      (await recounted(number)).filter(({ state }) => state === "fails"),
      [],
    );
  });
});
