// The demo's database has one connection: a whole proposal and vote on it, where waiting for oneself would hang.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { ProposalView } from "../../protocol/wire/governance.ts";
import { FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { actor, codeOf, request } from "./support/governed-pool.ts";

it("a pool without services of its own proposes, votes and suspends", {
  timeout: 300_000,
}, async () => {
  const pool = await TestPool.start(
    { poolModerators: ["ada", "ben"] },
    { limits: { governanceMs: 50 } },
  );
  try {
    await pool.node("helper", new FakeNode("helper").echo());
    const [model] = await pool.models();
    const only = await pool.post(
      "/v1/proposals",
      request("model.remove", { model: model!.name }, "ada"),
    );
    assert.equal(codeOf(only), "field_invalid", "the only model");
    const quota = await pool.post("/v1/proposals", request("quota", { per_day: "3" }, "ada"));
    assert.equal(quota.status, 201, JSON.stringify(quota.body));
    const { number } = quota.body as ProposalView;
    const option = await pool.post(`/v1/proposals/${number}/options`, {
      ...{ actor: actor("ben"), fields: { per_day: "4" } },
    });
    assert.equal(option.status, 200, JSON.stringify(option.body));
    const question = await pool.post(
      "/v1/proposals",
      request("question", { question: "Now?" }, "ben"),
    );
    const { number: asked } = question.body as ProposalView;
    const voted = await pool.post(`/v1/proposals/${asked}/ballots`, {
      ...{ actor: actor("ada"), eventId: "1", choice: { text: "yes" } },
    });
    assert.equal(voted.status, 200, JSON.stringify(voted.body));
    const code = (await pool.post("/v1/links", { actor: actor("ada") })).body as { code: string };
    const linked = await pool.post("/v1/links/redeem", { actor: actor("ada2"), code: code.code });
    assert.equal(linked.status, 200, JSON.stringify(linked.body));
    const act = await pool.post("/v1/emergencies", {
      ...{ actor: actor("ada2"), place: { community: "c", room: "r" } },
      ...{ subject: "node", id: "helper", reason: "noise" },
    });
    assert.equal(act.status, 201, JSON.stringify(act.body));
    const second = await pool.post(`/v1/emergencies/${(act.body as { id: string }).id}/second`, {
      actor: actor("ben"),
    });
    assert.equal(second.status, 200, JSON.stringify(second.body));
  } finally {
    await pool.close();
  }
});
