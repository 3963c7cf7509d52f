// What the pool keeps of somebody where it decides: handed out to them, and erased as far as others' counts allow.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { verifyPoll } from "../../protocol/verify/poll.ts";
import type { ProposalView } from "../../protocol/wire/governance.ts";
import type { MemberData } from "../../protocol/wire/members.ts";
import { actor, GovernedPool, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const [cleo, dan] = ["discord:cleo", "discord:dan"] as const;
const elsewhere = "matrix:@cleo:example.org";

describe("what is kept of a member", () => {
  let pool: GovernedPool;
  let open: number;
  let sealed: number;
  let quota: number;
  before(async () => {
    pool = await GovernedPool.start([cleo, dan, "discord:eve", "discord:fay"]);
  });
  after(() => pool?.close());

  const kept = async (account: string = cleo) =>
    (await pool.pool.get<MemberData>(`/v1/members/${encodeURIComponent(account)}/data`)).governance;
  const put = async (path: string, body: object) => {
    const { status, body: answer } = await pool.post(path, body);
    assert(status < 300, JSON.stringify(answer));
    return answer;
  };
  const poll = async (question: string, isSealed: boolean) => {
    const body = {
      ...{ actor: actor(ada, true), requestKey: question, question, options: [], sealed: isSealed },
      place: { community: "c", room: "r" },
    };
    return ((await put("/v1/polls", body)) as ProposalView).number;
  };

  it("is handed out whole, over all accounts", async () => {
    open = await poll("Open?", false);
    sealed = await poll("Sealed?", true);
    for (const number of [open, sealed]) {
      await pool.vote(number, cleo, "yes", { reason: `My very own reason ${number}.` });
    }
    const { code } = (await put("/v1/links", { actor: actor(cleo) })) as { code: string };
    await put("/v1/links/redeem", { actor: actor(elsewhere), code });
    await put("/v1/members/vouches", { actor: actor(cleo), account: "discord:guest" });
    await put("/v1/agents", {
      ...{ actor: actor(cleo), name: "Robin", purpose: "reads", account: "agent:robin" },
    });
    quota = (await pool.propose("quota", { per_day: "9" }, dan)).number;
    await put(`/v1/proposals/${quota}/options`, { actor: actor(ada), fields: { per_day: "8" } });
    await put(`/v1/proposals/${quota}/options`, { actor: actor(cleo), fields: { per_day: "8" } });
    await put(`/v1/proposals/${quota}/sponsors`, { actor: actor(elsewhere) });
    await put(`/v1/proposals/${quota}/edit`, { actor: actor(dan), fields: { per_day: "7" } });
    const { number: own } = await pool.propose("question", { question: "Mine?" }, elsewhere);

    const data = await kept(elsewhere);
    assert.deepEqual(data, await kept(cleo));
    assert.equal(data.member?.how, "admitted");
    assert.deepEqual(
      data.links.map(({ account }) => account),
      [cleo, elsewhere],
    );
    assert.deepEqual(
      data.linkCodes.map(({ account, usedBy }) => [account, usedBy]),
      [[cleo, elsewhere]],
    );
    assert(!JSON.stringify(data).includes(code), "a code is kept nowhere");
    assert.deepEqual(
      data.vouches.map(({ given }) => given),
      [true],
    );
    assert.deepEqual(
      data.agents.map(({ account, purpose }) => [account, purpose]),
      [["agent:robin", "reads"]],
    );
    assert.deepEqual(
      data.proposals.map(({ number, title, reason }) => [number, title, reason]),
      [[own, "Mine?", "because"]],
    );
    assert.deepEqual(
      data.options.map(({ proposal, option }) => [proposal, option]),
      [
        [own, "A"],
        [quota, "B"],
      ],
    );
    assert.deepEqual(
      data.backings.map(({ proposal, kind, account }) => [proposal, kind, account]),
      [
        [quota, "option", cleo],
        [quota, "sponsor", elsewhere],
      ],
    );
    assert.deepEqual(new Set(data.seats.map(({ proposal }) => proposal)).size, 4);
    assert.deepEqual(
      data.ballots.cast.map(({ proposal, choice, reason, state }) => [
        ...[proposal, choice, reason, state],
      ]),
      [
        [sealed, null, null, "counts"],
        [open, "yes", `My very own reason ${open}.`, "counts"],
      ],
    );
    assert(data.ballots.cast.every(({ receipt }) => /^(\w{4}-){3}\w{4}$/.test(receipt)));
  });

  it("never says what a sealed ballot says, before the close or after it", async () => {
    await pool.vote(sealed, ben, "no", { reason: "Another reason." });
    for (const number of [open, sealed]) await pool.closeVote(number);
    for (const account of [cleo, ben]) {
      const { ballots } = await kept(account);
      const about = [...ballots.cast, ...ballots.named].filter(
        ({ proposal }) => proposal === sealed,
      );
      assert.deepEqual(
        about.map(({ choice, reason }) => [choice, reason]),
        [[null, null]],
      );
      assert(!JSON.stringify(ballots).includes(`reason ${sealed}`));
    }
    assert.deepEqual(
      (await kept()).ballots.named.map(({ proposal, choice, reason }) => [
        proposal,
        choice,
        reason,
      ]),
      [[open, "yes", `My very own reason ${open}.`]],
    );
  });

  it("is erased but for what counts: ballots, seats, links; and every export still holds", async () => {
    await pool.closeVote(quota);
    await pool.propose("question", { question: "Still open?" }, elsewhere);
    await pool.pool.send("DELETE", `/v1/members/${encodeURIComponent(elsewhere)}/data`);
    const data = await kept();
    assert.deepEqual([data.ballots.named, data.linkCodes, data.reminders], [[], [], null]);
    assert.equal(data.options.filter(({ proposal }) => proposal === quota).length, 0);
    assert(data.backings.every(({ account, reason }) => account === "(erased)" && !reason));
    assert.deepEqual(
      data.ballots.cast.map(({ proposal, account, reason }) => [proposal, account, reason]),
      [
        [sealed, "(erased)", null],
        [open, "(erased)", null],
      ],
    );
    assert.equal(data.links.length, 2);
    for (const number of [open, sealed]) {
      const response = await pool.pool.request(`/v1/proposals/${number}/export`);
      const lines = verifyPoll(Buffer.from(await response.arrayBuffer()));
      assert.deepEqual(
        lines.filter(({ state }) => state === "fails"),
        [],
      );
    }
    // Names stay where they must: the links themselves, the agent, and a proposal that is not decided.
    const { rows } = await pool.sql.query<{ t: string }>(
      "select table_name as t from information_schema.tables where table_schema = 'public'",
    );
    const holding: string[] = [];
    for (const { t } of rows) {
      const { rows: found } = await pool.sql.query(
        `select 1 from "${t}" x where x::text ~ 'cleo|My very own reason ${open}' limit 1`,
      );
      if (found.length > 0) holding.push(t);
    }
    assert.deepEqual(holding.sort(), ["account", "agent", "proposal", "proposal_option"]);
  });
});
