// What passes: once, in its time, or not at all; held, stale, by consent, ratified by the other house.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { tell } from "../../api/governance/events/tell.ts";
import { setPolicy } from "../../api/policy/set.ts";
import { openRecords } from "../../api/storage/open.ts";
import type { GovernanceEvent, ProposalView } from "../../protocol/wire/governance.ts";
import { FakeNode } from "../api/support/fake-node.ts";
import { actor, codeOf, DAY, GovernedPool, HOUR, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const [cleo, dan, eve] = ["discord:cleo", "discord:dan", "discord:eve"] as const;
const everyone = [ada, ben, cleo, dan];

describe("decisions", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start([cleo, dan]);
  });
  after(() => pool?.close());

  const pass = async (number: number) => {
    await pool.openVote(number);
    for (const account of everyone) await pool.vote(number, account, "yes");
    await pool.closeVote(number);
  };
  const setting = async (key: string) => {
    const { rows } = await pool.sql.query<{ value: unknown }>(
      "select value from policy where key = $1",
      [key],
    );
    return rows[0]?.value;
  };

  it("on one setting do not overwrite each other: the second is stale", async () => {
    const one = await pool.propose("quota", { per_day: "5" }, ada);
    const two = await pool.propose("quota", { per_day: "9" }, ben);
    await pool.openVote(one.number);
    await pool.reach(two.number, "voting");
    for (const account of everyone) {
      await pool.vote(one.number, account, "yes");
      await pool.vote(two.number, account, "yes");
    }
    await pool.closeVote(one.number);
    await pool.reach(two.number, "locked");
    await pool.advance(48 * HOUR);
    await pool.reach(one.number, "in-effect");
    const stale = await pool.reach(two.number, "stale");
    assert.match(stale.effect?.words ?? "", /Nothing was done/);
    assert.equal(await setting("quota_per_day"), 5);
    const moderator = await pool.pool.request("/v1/policy", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ actor: actor(ada), changes: { quota_per_day: 50 } }),
    });
    assert.equal(moderator.status, 409, "a moderator overrules a vote");
    const { rows } = await pool.sql.query(
      `select number from proposal p join proposal_place place on place.proposal_id = p.id
       where closed_at is not null and card_due is not null`,
    );
    assert.deepEqual(rows, [], "cards of what is closed are waited for");
  });

  it("can be held once, and stopped by a vote before they take effect", async () => {
    const { number, holds } = await pool.propose("retention", { days: "30", scope: "pool" }, ada);
    assert.equal(holds.needed, 2);
    await pass(number);
    const { effect } = await pool.view(number);
    const stranger = await pool.post(`/v1/proposals/${number}/hold`, { actor: actor(eve) });
    assert.equal(codeOf(stranger), "not_on_roll");
    await pool.act(number, "hold", cleo);
    assert.equal((await pool.view(number)).state, "locked");
    const held = await pool.act(number, "hold", dan);
    assert.equal(held.state, "held");
    assert(held.effect!.dueAt > effect!.dueAt);
    const again = await pool.post(`/v1/proposals/${number}/hold`, { actor: actor(ben) });
    assert.equal(codeOf(again), "wrong_state");
    const revert = await pool.propose("revert", { proposal: `${number}` }, dan);
    await pass(revert.number);
    await pool.reach(number, "reverted");
    await pool.advance(30 * DAY);
    await pool.reach(revert.number, "in-effect");
    assert.equal(await setting("retention_days"), undefined);
  });

  it("by consent pass in silence, and are voted on when somebody objects", async () => {
    const node = new FakeNode("visitor");
    await pool.pool.node("visitor", node);
    const bar = async () =>
      pool.sql.query(
        `insert into node_standing (node_key, scope, state, reason, set_by, set_at)
         values ($1, '*', 'barred', 'noise', 'ada', 0) on conflict do nothing`,
        [node.key.keyId],
      );
    const barred = async () => (await pool.sql.query("select 1 from node_standing")).rows.length;
    await bar();
    const silent = await pool.propose("node.admit", { node: "visitor" }, cleo);
    assert.equal(silent.objections?.needed.members, 1);
    await pool.advance(72 * HOUR);
    await pool.reach(silent.number, "in-effect");
    assert.equal(await barred(), 0);

    await bar();
    const { number } = await pool.propose("node.admit", { node: "visitor" }, cleo);
    const objected = await pool.post(`/v1/proposals/${number}/objections`, {
      ...{ actor: actor(dan), reason: "It was loud." },
    });
    assert.equal(objected.status, 200, JSON.stringify(objected.body));
    await pool.openVote(number);
    for (const account of everyone) await pool.vote(number, account, "no");
    await pool.closeVote(number);
    assert.equal((await pool.view(number)).state, "rejected");
    const retry = await pool.post("/v1/proposals", {
      ...{ actor: actor(cleo), requestKey: "retry", place: { community: "c", room: "r" } },
      ...{ kind: "node.admit", fields: { node: "visitor" } },
    });
    assert.equal(codeOf(retry), "tried_lately");
    node.kill();
  });

  it("with several options are chosen by members and ratified by producers, agents among them by name", async () => {
    await pool.post("/v1/agents", {
      ...{ actor: actor(dan), name: "Robin", purpose: "tests", account: "agent:robin" },
    });
    await pool.produce(cleo, 100);
    await pool.produce("agent:robin", 100_000);
    const { number } = await pool.propose("quota", { per_day: "20" }, ada);
    const added = await pool.post(`/v1/proposals/${number}/options`, {
      ...{ actor: actor(ben), fields: { per_day: "40" } },
    });
    assert.equal(added.status, 200, JSON.stringify(added.body));
    const card = added.body as ProposalView;
    assert.deepEqual(
      card.options.map(({ id, isDefault }) => [id, isDefault]),
      [
        ["A", false],
        ["B", false],
        ["Z", true],
      ],
    );
    assert.deepEqual([card.method, card.ballotKind], ["schulze", "ranking"]);
    await pool.openVote(number);
    for (const account of everyone) await pool.vote(number, account, "B>A");
    assert.equal(codeOf(await pool.tryVote(number, "agent:robin", "A")), "not_on_roll");
    const { times } = await pool.view(number);
    await pool.advance(times.voteUntil - (await pool.now()));
    const asked = await pool.reach(number, "ratifying");
    assert.equal(asked.ballotKind, "yes-no");
    assert.equal(codeOf(await pool.tryVote(number, ada, "yes")), "not_on_roll");
    assert.equal(codeOf(await pool.tryVote(number, "agent:robin", "no")), "reason_needed");
    await pool.vote(number, "agent:robin", "no", { reason: "I am told to." });
    await pool.vote(number, cleo, "yes");
    await pool.advance(asked.times.ratifyUntil! - (await pool.now()));
    const passed = await pool.reach(number, "rejected");
    assert.deepEqual(passed.result?.rollCall, [
      ...[
        {
          account: "agent:robin",
          choice: "no",
          stage: "ratify",
          agent: true,
          reason: "I am told to.",
        },
      ],
    ]);
    const producers = passed.result?.houses.find(({ house }) => house === "producers");
    // The agent's ballot weighs half of the one person's, whatever work it did: a third of the house.
    assert.deepEqual(
      producers?.rows.map((row) => [row.for, row.against, row.ballotsFor, row.quorumMet]),
      [["1", "1/2", "1", false]],
    );
    const proposed = await pool.post("/v1/proposals", {
      ...{ actor: actor("agent:robin"), requestKey: "bot", place: { community: "c", room: "r" } },
      ...{ kind: "quota", fields: { per_day: "1" } },
    });
    assert.equal(codeOf(proposed), "agent_may_not");
  });

  it("of two stewards alone suspend a member or a model for 72 hours", async () => {
    for (const [i, sha256] of ["1".repeat(64), "2".repeat(64)].entries()) {
      await pool.sql.query(
        `insert into model (sha256, name, bytes, declared, chat_template, first_seen)
         values ($1, $2, 1, '{}', null, 0)`,
        [sha256, `model ${i + 1}`],
      );
    }
    const ask = (requestKey: string) =>
      pool.post("/v1/jobs", {
        ...{ community: "c", member: eve, room: "r", requestKey, prompt: "hello" },
      });
    await ask("before");
    for (const [subject, id] of [
      ["member", eve],
      ["model", "model 1"],
    ] as const) {
      const first = await pool.post("/v1/emergencies", {
        ...{ actor: actor(ada), place: { community: "c", room: "r" } },
        ...{ subject, id, reason: "a flood" },
      });
      assert.equal(first.status, 201, JSON.stringify(first.body));
      const { id: act } = first.body as { id: string };
      const second = await pool.post(`/v1/emergencies/${act}/second`, { actor: actor(ben) });
      assert.equal(second.status, 200, JSON.stringify(second.body));
    }
    await pool.pool.until(async () => codeOf(await ask("meanwhile")) === "suspended");
    const served = (await setting("models_allowed")) as string[];
    assert(!served.includes("1".repeat(64)) && served.includes("2".repeat(64)));
    await pool.advance(72 * HOUR);
    await pool.pool.until(async () => codeOf(await ask("afterwards")) !== "suspended");
    await pool.pool.until(
      async () =>
        (await pool.events()).filter(({ type }) => type === "emergency-lapsed").length === 2,
    );
    assert.equal(await setting("models_allowed"), undefined);
  });

  it("about models wait for an effect on the same setting, and do not hold up its news", async () => {
    for (const n of [3, 4]) {
      await pool.sql.query(
        `insert into model (sha256, name, bytes, declared, chat_template, first_seen)
         values ($1, $2, 1, '{}', null, 0)`,
        [`${n}`.repeat(64), `model ${n}`],
      );
    }
    const first = await pool.post("/v1/emergencies", {
      ...{ actor: actor(ada), place: { community: "c", room: "r" } },
      ...{ subject: "model", id: "model 3", reason: "it repeats itself" },
    });
    assert.equal(first.status, 201, JSON.stringify(first.body));
    const records = await openRecords(pool.postgres.url, "", assert.fail);
    try {
      // An effect sets the list and then tells of it; the second steward comes in between.
      const value = [1, 2, 3, 4].map((n) => `${n}`.repeat(64));
      const by = { kind: "vote", proposal: 1 } as const;
      const confirmed = await records.db.transaction().execute(async (trx) => {
        const now = await pool.now();
        await setPolicy(trx, { scope: "pool", key: "models_allowed", value, by, now });
        const { id } = first.body as { id: string };
        const second = pool.post(`/v1/emergencies/${id}/second`, { actor: actor(ben) });
        await pool.pool.until(async () => {
          const { rowCount } = await pool.sql.query(
            "select 1 from pg_locks where locktype = 'advisory' and not granted",
          );
          return rowCount === 1;
        });
        await tell(trx, { key: "effect:a test's", type: "in-effect", words: "In effect." });
        return { second };
      });
      const second = await confirmed.second;
      assert.equal(second.status, 200, JSON.stringify(second.body));
    } finally {
      await records.close();
    }
    assert.deepEqual(
      await setting("models_allowed"),
      [1, 2, 4].map((n) => `${n}`.repeat(64)),
      "what the effect set, without the model",
    );
    await pool.advance(72 * HOUR);
    await pool.pool.until(async () => ((await setting("models_allowed")) as string[]).length === 4);
  });

  it("are news for a door that waits, once, from where it was", async () => {
    // What the tests before this one left open has been decided, so that this proposal is the next thing told.
    await pool.pool.until(async () => {
      const open = await pool.pool.get<{ proposals: unknown[] }>("/v1/proposals?state=open");
      return open.proposals.length === 0;
    });
    await pool.pool.get("/v1/governance/events?door=lobby");
    const waiting = pool.pool.get<{ events: GovernanceEvent[] }>(
      "/v1/governance/events?door=lobby&wait=20000",
    );
    const { number } = await pool.propose("question", { question: "Shall we?" }, ada);
    const { events } = await waiting;
    assert.deepEqual([events[0]?.type, events[0]?.proposal], ["proposed", number]);
    const seen = await pool.post("/v1/governance/events/seen", {
      ...{ door: "lobby", upTo: events.at(-1)!.id },
    });
    assert.equal(seen.status, 200);
    const next = await pool.pool.get<{ events: GovernanceEvent[] }>(
      "/v1/governance/events?door=lobby",
    );
    assert(next.events.every(({ id }) => id > events.at(-1)!.id));
  });

  it("show before they are made what they would change, and refuse what no vote can", async () => {
    const preview = async (kind: string, fields: Record<string, string>) =>
      pool.post("/v1/proposals/preview", {
        ...{ actor: actor(ada), requestKey: "p", place: { community: "c", room: "r" } },
        ...{ kind, fields },
      });
    const { body } = await preview("system-prompt", { text: "Be kind." });
    assert.deepEqual(
      (body as ProposalView).options[0]?.changes.map(({ now, becomes }) => [now, becomes]),
      [["no instructions", "“Be kind.”"]],
    );
    const { proposals } = await pool.pool.get<{ proposals: { title: string }[] }>(
      "/v1/proposals?state=all&text=instructions",
    );
    assert.deepEqual(proposals, []);
    for (const [kind, fields, code] of [
      ["quota", { per_day: "0" }, "field_invalid"],
      ["quota", {}, "field_invalid"],
      ["quota", { per_day: "5" }, "nothing_changes"],
      ["amend", { rule: "/commons/floorPerDay", value: "0" }, "invariant"],
      ["model.remove", { model: "none such" }, "field_invalid"],
      ["policy", { setting: "language", value: "!!" }, "field_invalid"],
      ["ratify", {}, "kind_unknown"],
      ["revert", { proposal: "9999" }, "field_invalid"],
      ["nonsense", {}, "kind_unknown"],
    ] as const) {
      assert.equal(codeOf(await preview(kind, fields)), code, `${kind} ${JSON.stringify(fields)}`);
    }
  });
});
