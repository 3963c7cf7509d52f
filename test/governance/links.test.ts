// One person, one ballot, in whatever order people link, part, vote, change and withdraw over two doors.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { verifyPoll } from "../../protocol/verify/poll.ts";
import type {
  BallotReceipt,
  LinkCode,
  LinkOutcome,
  ProposalView,
} from "../../protocol/wire/governance.ts";
import { actor, codeOf, GovernedPool, STEWARDS } from "./support/governed-pool.ts";

const [ada] = STEWARDS;

describe("accounts", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start();
  });
  after(() => pool?.close());

  const code = async (account: string) =>
    ((await pool.post("/v1/links", { actor: actor(account) })).body as LinkCode).code;
  const redeem = (account: string, written: string) =>
    pool.post("/v1/links/redeem", { actor: actor(account), code: written });
  const unlink = (account: string) => pool.post("/v1/links/unlink", { actor: actor(account) });
  const openPoll = async (key: string, sealed = false) =>
    (
      await pool.post("/v1/polls", {
        ...{ actor: actor(ada, true), requestKey: key, question: key, options: [], sealed },
        place: { community: "c", room: "r" },
      })
    ).body as ProposalView;

  it("link by a code that works once, for ten minutes, and cannot be guessed for free", async () => {
    const first = await code("discord:one");
    assert.equal(codeOf(await redeem("discord:one", first)), "code_own");
    const linked = await redeem("matrix:@one:example.org", first);
    assert.equal(linked.status, 200, JSON.stringify(linked.body));
    assert.deepEqual((linked.body as LinkOutcome).accounts, [
      "discord:one",
      "matrix:@one:example.org",
    ]);
    assert.equal(codeOf(await redeem("discord:thief", first)), "code_wrong");
    const old = await code("discord:one");
    await pool.advance(10 * 60_000);
    assert.equal(codeOf(await redeem("discord:late", old)), "code_wrong");
    for (let i = 0; i < 4; i++) await redeem("discord:thief", `aaaa-aaaa-aaaa-aaa${i}`);
    assert.equal(codeOf(await redeem("discord:thief", "aaaa-aaaa-aaaa-aaaa")), "code_tries");
    const { rows } = await pool.sql.query("select 1 from link_code where hash = $1 or hash = $2", [
      first,
      old,
    ]);
    assert.equal(rows.length, 0, "a code itself is kept");
    await code("discord:another");
    const kept = await pool.sql.query("select account, used_by from link_code order by account");
    assert.deepEqual(
      kept.rows.map(({ account, used_by }) => [account, used_by]),
      [
        ["discord:another", null],
        ["discord:one", "matrix:@one:example.org"],
      ],
      "of codes that nobody used in time something is kept",
    );
  });

  it("of two members who both voted keep the later ballot, and both receipts say so", async () => {
    await pool.admit(["discord:left", "matrix:@right:example.org"]);
    const { number } = await openPoll("Both?");
    const earlier = await pool.vote(number, "discord:left", "yes");
    const later = await pool.vote(number, "matrix:@right:example.org", "no");
    const { body } = await redeem("matrix:@right:example.org", await code("discord:left"));
    assert.deepEqual((body as LinkOutcome).mergedBallots, [
      { proposal: number, kept: later.receipt, dropped: earlier.receipt },
    ]);
    const look = async (receipt: string) =>
      (await pool.pool.get<BallotReceipt>(`/v1/proposals/${number}/receipts/${receipt}`)).state;
    assert.deepEqual(
      [await look(earlier.receipt), await look(later.receipt)],
      ["merged", "counts"],
    );
    const view = await pool.view(number, "discord:left");
    assert.equal(view.mine?.ballot?.receipt, later.receipt);
    assert.equal(view.houses[0]?.turnout, 1);
    const told = (await pool.events()).find(({ type }) => type === "ballots-merged");
    assert.deepEqual([...(told?.tell ?? [])].sort(), ["discord:left", "matrix:@right:example.org"]);
  });

  it("never give more ballots than seats, and the last one of each person counts", async () => {
    const accounts = ["discord:a", "discord:b", "matrix:@c:x", "matrix:@d:x", "discord:e"];
    let run = 0;
    const step = fc.oneof(
      fc.record({
        does: fc.constantFrom("vote", "vote", "withdraw", "unlink"),
        who: fc.nat(accounts.length - 1),
        yes: fc.boolean(),
      }),
      fc.record({
        does: fc.constant("link"),
        who: fc.nat(accounts.length - 1),
        to: fc.nat(accounts.length - 1),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        run++;
        const names = accounts.map((account) => `${account}${run}`);
        // The last one joins after the roll is fixed, and never has a seat of its own.
        await pool.admit(names.slice(0, 4));
        const { number } = await openPoll(`Model ${run}?`);
        await pool.admit(names.slice(4));
        // The model: groups of accounts; a group votes while one of its persons was on the roll.
        let groups = names.map((name, i) => ({
          names: [name],
          seat: i < 4,
          vote: null as null | string,
          at: 0,
        }));
        const groupOf = (name: string) => groups.find((group) => group.names.includes(name))!;
        let time = 0;
        for (const each of steps) {
          const name = names[each.who]!;
          const group = groupOf(name);
          time++;
          if (each.does === "link" && "to" in each) {
            const other = groupOf(names[each.to]!);
            const { status } = await redeem(names[each.to]!, await code(name));
            assert.equal(status, other === group ? 409 : 200);
            if (other === group) continue;
            const later = group.at > other.at ? group : other;
            groups = groups.filter((one) => one !== other);
            group.names.push(...other.names);
            group.seat ||= other.seat;
            [group.vote, group.at] = [later.vote, later.at];
          } else if (each.does === "unlink") {
            const { status } = await unlink(name);
            assert.equal(status, group.names.length > 1 ? 200 : 409);
            if (group.names.length < 2) continue;
            group.names = group.names.filter((one) => one !== name);
            groups.push({ names: [name], seat: false, vote: null, at: 0 });
          } else if (each.does === "withdraw") {
            const { status } = await pool.post(`/v1/proposals/${number}/ballots/withdraw`, {
              ...{ actor: actor(name), eventId: `${run} ${time}` },
            });
            assert.equal(status, !group.seat ? 403 : group.vote === null ? 404 : 200);
            if (group.seat && group.vote !== null) [group.vote, group.at] = [null, 0];
          } else if ("yes" in each) {
            const answer = each.yes ? "yes" : "no";
            const { status } = await pool.tryVote(number, name, answer);
            assert.equal(status, group.seat ? 200 : 403);
            if (group.seat) [group.vote, group.at] = [answer, time];
          }
        }
        const votes = groups.filter(({ vote }) => vote !== null);
        const { running, houses } = await pool.view(number);
        assert(houses[0]!.turnout <= houses[0]!.size);
        assert.equal(houses[0]!.turnout, votes.length);
        assert.deepEqual(running, [
          { option: "A", ballots: votes.filter(({ vote }) => vote === "yes").length },
          { option: "Z", ballots: votes.filter(({ vote }) => vote === "no").length },
        ]);
        await pool.closeVote(number);
        const text = await (await pool.pool.request(`/v1/proposals/${number}/export`)).text();
        const lines = verifyPoll(Buffer.from(text));
        assert.deepEqual(
          lines.filter(({ state }) => state === "fails"),
          [],
        );
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
