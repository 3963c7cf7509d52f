// Who the stewards are is for the members to say: elected and recalled in sealed votes, never none of them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type Type from "typebox";
import type { StewardsView } from "../../protocol/wire/governance.ts";
import { TestPool } from "../api/support/pool.ts";
import { actor, codeOf, GovernedPool, request, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const [cleo, dan] = ["discord:cleo", "discord:dan"] as const;
const everyone = [ada, ben, cleo, dan];

describe("stewards", () => {
  let pool: GovernedPool;
  before(async () => {
    // Four members: the founding period goes on, and with it the operator's list would hold.
    pool = await GovernedPool.start([cleo, dan]);
  });
  after(() => pool?.close());

  const stewards = async () => {
    const view = await pool.pool.get<Type.Static<typeof StewardsView>>("/v1/governance/stewards");
    return view.stewards.map(({ accounts }) => accounts[0]).sort();
  };
  const decide = async (number: number, choice: string) => {
    await pool.openVote(number);
    for (const account of everyone) await pool.vote(number, account, choice);
    await pool.closeVote(number);
  };
  const refusal = async (kind: string, member: string) => {
    const answer = await pool.post("/v1/proposals", request(kind, { member }, ada));
    return [codeOf(answer), (answer.body as { error: { message: string } }).error.message];
  };

  it("are elected among several members by a sealed ranking, and act from then on", async () => {
    const view = await pool.propose("steward.elect", { member: cleo }, ben);
    const { number } = view;
    assert.deepEqual(
      [view.type, view.secrecy.level, view.method, view.state],
      ["steward.elect", "sealed", "majority", "talk"],
    );
    assert.deepEqual(view.options[0]?.changes, [
      { what: cleo, now: "no steward", becomes: "steward" },
    ]);
    const other = await pool.post(`/v1/proposals/${number}/options`, {
      ...{ actor: actor(ada), fields: { member: dan } },
    });
    assert.equal(other.status, 200, JSON.stringify(other.body));
    assert.equal((await pool.view(number)).method, "schulze", "as the rules count elections");
    await pool.openVote(number);
    for (const account of [ada, cleo, dan]) await pool.vote(number, account, "B>Z>A");
    await pool.vote(number, ben, "A>B>Z");
    await pool.closeVote(number);
    const closed = await pool.reach(number, "in-effect");
    assert.equal(closed.result?.winner, "B", JSON.stringify(closed.result?.words));
    assert.deepEqual(await stewards(), [ada, ben, dan].sort());
    const act = await pool.post("/v1/emergencies", {
      ...{ actor: actor(dan), place: { community: "c", room: "r" } },
      ...{ subject: "member", id: cleo, reason: "a flood" },
    });
    assert.equal(act.status, 201, JSON.stringify(act.body));
    const rules = await pool.pool.get<{ sections: { lines: string[] }[] }>("/v1/rules");
    assert(rules.sections[0]?.lines.some((line) => /^Stewards now: .*discord:dan/.test(line)));
  });

  it("have no more seats than the rules say, and are members", async () => {
    assert.deepEqual(await refusal("steward.elect", cleo), [
      "field_invalid",
      "Member: all seats of stewards are taken (3). Recall somebody first. Correct it and send again.",
    ]);
    assert.equal((await refusal("steward.elect", dan))[0], "nothing_changes");
    assert.match((await refusal("steward.elect", "discord:nobody"))[1] ?? "", /no member/);
    assert.match(
      (await refusal("steward.recall", cleo))[1] ?? "",
      /is no steward. Stewards: discord:.*discord:dan/,
    );
    await pool.post("/v1/agents", {
      ...{ actor: actor(ada), name: "Robin", purpose: "answers", account: "agent:robin" },
    });
    assert.match((await refusal("steward.elect", "agent:robin"))[1] ?? "", /no member/);
  });

  it("are recalled, come back when that is reverted, and a restart brings nobody back", async () => {
    const { number, sponsors } = await pool.proposeBacked("steward.recall", { member: ben }, [
      ...[ada, cleo],
    ]);
    assert.equal(sponsors.needed, 2);
    await decide(number, "yes");
    await pool.reach(number, "in-effect");
    assert.deepEqual(await stewards(), [ada, dan].sort());
    const back = await pool.proposeBacked("revert", { proposal: `${number}` }, [ben]);
    await decide(back.number, "yes");
    await pool.reach(back.number, "in-effect");
    assert.deepEqual(await stewards(), [ada, ben, dan].sort());

    const again = await pool.proposeBacked("steward.recall", { member: dan }, [ada, cleo]);
    await decide(again.number, "yes");
    await pool.reach(again.number, "in-effect");
    const settings = { databaseUrl: pool.postgres.url, poolModerators: [...STEWARDS, dan] };
    const replica = await TestPool.start(settings);
    await replica.close();
    assert.deepEqual(await stewards(), [ada, ben].sort());
  });

  it("are never recalled to the last: of two recalls at once the second is stale", async () => {
    const one = await pool.proposeBacked("steward.recall", { member: ada }, [ben, cleo]);
    const two = await pool.proposeBacked("steward.recall", { member: ben }, [ada, cleo]);
    await pool.openVote(one.number);
    await pool.reach(two.number, "voting");
    for (const { number } of [one, two]) {
      for (const account of everyone) await pool.vote(number, account, "yes");
    }
    await pool.closeVote(one.number);
    await pool.reach(one.number, "in-effect");
    const stale = await pool.reach(two.number, "stale");
    assert.match(stale.effect?.words ?? "", /somebody must be a steward/);
    assert.deepEqual(await stewards(), [ben]);
    assert.match((await refusal("steward.recall", ben))[1] ?? "", /the only steward/);
  });
});
