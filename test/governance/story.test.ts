// Whole stories at the pool's own door, by a clock that the test moves: propose, talk, vote, effect, revert.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FakeNode } from "../api/support/fake-node.ts";
import { actor, codeOf, DAY, GovernedPool, HOUR, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const members = ["matrix:@cleo:example.org", "discord:dan", "discord:eve", "discord:fay"];
const [cleo, dan, eve, fay] = members as [string, string, string, string];
const everyone = [ada, ben, ...members];

describe("a pool that decides by itself", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start(members);
  });
  after(() => pool?.close());

  const answered = async (node: FakeNode, id: string) => {
    assert.equal((await pool.pool.ended(id)).state, "done");
    return node.jobs.find(({ manifest }) => manifest.jobId === id);
  };

  it("amends its own rules: a model is a matter for both houses from then on", async () => {
    const { number, type, houses } = await pool.proposeBacked(
      "amend",
      { rule: "/types/model.allowlist/house", value: '["members","producers"]' },
      [ada, ben, cleo, dan],
    );
    assert.equal(type, "amend");
    assert.deepEqual(
      houses.map(({ house, size, quorum, ratio }) => [house, size, quorum, ratio]),
      [["members", 6, 4, [2, 1]]],
    );
    await pool.openVote(number);
    for (const account of [ada, ben, cleo, dan]) await pool.vote(number, account, "yes");
    await pool.vote(number, fay, "no", { reason: "Machines should not have a say in this." });
    await pool.closeVote(number);
    const passed = await pool.view(number);
    assert.equal(passed.state, "locked");
    assert.equal(passed.result?.outcome, "passed");
    assert.deepEqual(passed.result?.reasons, [
      { side: "no", text: "Machines should not have a say in this.", minority: true },
    ]);
    const before = await pool.pool.get<{ version: number; digest: string }>("/v1/rules");
    assert.equal(before.version, 1);
    await pool.advance(7 * DAY);
    await pool.reach(number, "in-effect");
    const after = await pool.pool.get<{ version: number; digest: string; proposal: number }>(
      "/v1/rules",
    );
    assert.deepEqual([after.version, after.proposal], [2, number]);
    assert.notEqual(after.digest, before.digest);
  });

  it("removes a model by both houses, stops serving it after the lock, and serves it again when reverted", async () => {
    const node = new FakeNode("helper").echo();
    await pool.pool.node("helper", node);
    const [model] = await pool.pool.models();
    await pool.sql.query(
      `insert into model (sha256, name, bytes, declared, chat_template, first_seen)
       values ($1, 'other', 1, '{}', null, 0)`,
      ["b".repeat(64)],
    );
    for (const [account, credits] of [
      [cleo, 1000],
      [dan, 10],
      [eve, 0],
    ] as const) {
      await pool.produce(account, credits);
    }
    const first = await pool.pool.ask("before");
    const { manifest } = (await answered(node, first.id)) as {
      manifest: { rulesetDigest: string };
    };
    const { digest } = await pool.pool.get<{ digest: string }>("/v1/rules");
    assert.equal(manifest.rulesetDigest, digest, "orders name the rules in force");

    const made = await pool.proposeBacked("model.remove", { model: model!.name }, [dan, eve]);
    const { number } = made;
    assert.deepEqual(
      made.options[0]?.changes.map(({ now, becomes }) => [now, becomes]),
      [["every model", "other"]],
    );
    assert.deepEqual(
      made.houses.map(({ house, size }) => [house, size]),
      [
        ["members", 6],
        ["producers", 3],
      ],
    );
    // Talked over, and edited: there is more time to talk, and the revision counts on.
    const edited = await pool.post(`/v1/proposals/${number}/edit`, {
      actor: actor(dan),
      fields: { model: model!.sha256 },
      reason: "It is slow, and other is better.",
    });
    assert.equal(edited.status, 200, JSON.stringify(edited.body));
    await pool.openVote(number);
    for (const account of [ada, ben, cleo, dan]) await pool.vote(number, account, "yes");
    await pool.vote(number, eve, "yes");
    await pool.closeVote(number);
    const passed = await pool.view(number);
    assert.equal(passed.state, "locked", JSON.stringify(passed.result));
    const producers = passed.result?.houses.find(({ house }) => house === "producers");
    // Ten times the work is one vote more, and nobody outweighs the house.
    assert.equal(producers?.rows[0]?.passes, true);
    assert.equal((await pool.pool.ask("during the lock")).state !== "failed", true);

    await pool.advance(24 * HOUR);
    await pool.reach(number, "in-effect");
    const refused = await pool.post("/v1/jobs", {
      ...{ community: "c", member: dan, room: "r", requestKey: "after" },
      prompt: "after",
      options: { model: model!.sha256 },
    });
    assert(refused.status >= 400, "a removed model still serves");

    const revert = await pool.proposeBacked("revert", { proposal: String(number) }, [ada, ben]);
    assert.deepEqual(
      revert.options[0]?.changes.map(({ now, becomes }) => [now, becomes]),
      [["other", "every model"]],
    );
    await pool.openVote(revert.number);
    for (const account of everyone) await pool.vote(revert.number, account, "yes");
    await pool.closeVote(revert.number);
    await pool.reach(revert.number, "in-effect");
    assert.equal((await pool.view(number)).state, "reverted");
    const again = await pool.pool.ask("again");
    assert.equal((await pool.pool.ended(again.id)).answer?.text, "Echo: again");
    const { rows } = await pool.sql.query("select 1 from policy where key = 'models_allowed'");
    assert.equal(rows.length, 0, "the setting is as it was: not set");
    node.kill();
  });

  it("changes nothing for two hundred fresh accounts", async () => {
    const { number } = await pool.proposeBacked("quota", { per_day: "5" }, [ada, ben]);
    await pool.openVote(number);
    const brigade = Array.from({ length: 200 }, (_, i) => `discord:fresh${i}`);
    const answers = await Promise.all(
      brigade.map((account) => pool.tryVote(number, account, "yes")),
    );
    assert.deepEqual([...new Set(answers.map(codeOf))], ["not_on_roll"]);
    const vouches = await Promise.all(
      brigade.slice(0, 20).map((account, i) =>
        pool.post("/v1/members/vouches", {
          actor: actor(account, true),
          account: brigade[i + 1],
        }),
      ),
    );
    assert.deepEqual([...new Set(vouches.map(codeOf))], ["not_member"]);
    const proposals = await pool.post("/v1/proposals", {
      ...{ actor: actor(brigade[0]!), requestKey: "x", place: { community: "c", room: "r" } },
      ...{ kind: "quota", fields: { per_day: "1" } },
    });
    assert.equal(codeOf(proposals), "not_member");
    await pool.closeVote(number);
    const { state, houses } = await pool.view(number);
    assert.equal(state, "rejected");
    assert(houses.every(({ turnout }) => turnout === 0));
  });

  it("lets two stewards suspend a node; it lapses after 72 hours unless members ratify", async () => {
    const place = { community: "c", room: "r" };
    const subject = { subject: "node", id: "helper", place };
    const suspend = async (reason: string) => {
      const first = await pool.post("/v1/emergencies", { actor: actor(ada), ...subject, reason });
      assert.equal(first.status, 201, JSON.stringify(first.body));
      const { id } = first.body as { id: string };
      const alone = await pool.post(`/v1/emergencies/${id}/second`, { actor: actor(ada) });
      assert.equal(codeOf(alone), "emergency_refused");
      const other = await pool.post(`/v1/emergencies/${id}/second`, { actor: actor(dan) });
      assert.equal(codeOf(other), "not_steward");
      const second = await pool.post(`/v1/emergencies/${id}/second`, { actor: actor(ben) });
      assert.equal(second.status, 200, JSON.stringify(second.body));
      return second.body as { id: string; state: string; proposal: number; lapsesAt: number };
    };
    const barred = async () =>
      (
        await pool.sql.query(
          "select until from node_standing where scope = '*' and state = 'barred'",
        )
      ).rows as { until: string | null }[];

    const act = await suspend("it answers nonsense");
    assert.equal(act.state, "in-force");
    assert.equal(Number((await barred())[0]?.until), act.lapsesAt);
    assert.equal((await pool.view(act.proposal)).state, "voting");
    const german = await pool.pool.request("/v1/communities/c/nodes", {
      headers: { "accept-language": "de", authorization: `Bearer ${pool.pool.api.serviceToken}` },
    });
    const { nodes } = (await german.json()) as { nodes: { standings: { reason: string }[] }[] };
    assert.deepEqual(
      nodes.flatMap(({ standings }) => standings.map(({ reason }) => reason)),
      ["Notmaßnahme von zwei Stewards: it answers nonsense"],
    );
    await pool.advance(72 * HOUR - 1);
    await pool.reach(act.proposal, "rejected");
    assert.equal((await barred()).length, 1);
    await pool.advance(1);
    await pool.pool.until(async () => (await barred()).length === 0);
    const again = await pool.post("/v1/emergencies", {
      ...{ actor: actor(ada), ...subject, reason: "It answers nonsense" },
    });
    assert.equal(codeOf(again), "emergency_refused");

    const kept = await suspend("it leaks prompts");
    for (const account of everyone) await pool.vote(kept.proposal, account, "yes");
    await pool.closeVote(kept.proposal);
    await pool.reach(kept.proposal, "in-effect");
    await pool.advance(100 * HOUR);
    const { emergencies } = await pool.pool.get<{ emergencies: { id: string; state: string }[] }>(
      "/v1/emergencies",
    );
    assert.equal(emergencies.find(({ id }) => id === kept.id)?.state, "ratified");
    assert.deepEqual(await barred(), [{ until: null }]);
    const told = (await pool.events()).filter(({ type }) => type === "emergency-ratified");
    assert.deepEqual(
      told.map(({ proposal, places, data }) => [proposal, places, data.emergency]),
      [[kept.proposal, [{ community: "c", room: "r" }], kept.id]],
    );
  });

  it("told the rooms each thing once, in order", async () => {
    const events = await pool.events();
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map((_, i) => i + 1),
    );
    const kinds = events.map(({ type }) => type);
    for (const type of [
      "proposed",
      "seconded",
      "vote-opened",
      "passed",
      "rejected",
      "in-effect",
      "reverted",
    ]) {
      assert(kinds.includes(type as never), `${type} was not told`);
    }
    const { events: forDoor } = await pool.pool.get<{ events: object[] }>(
      "/v1/governance/events?door=new",
    );
    assert.deepEqual(forDoor, []);
  });
});
