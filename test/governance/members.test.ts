// Who becomes a member and from when they count; who founds a pool that names nobody; who is reminded.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import type { MeView, ProposalView } from "../../protocol/wire/governance.ts";
import { actor, codeOf, DAY, GovernedPool, HOUR } from "./support/governed-pool.ts";

describe("a pool whose operator names no moderators", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start([], { poolModerators: [] });
  });
  after(() => pool?.close());

  const vouch = (by: string, account: string, moderator = false) =>
    pool.post("/v1/members/vouches", { actor: actor(by, moderator), account });
  const me = (account: string) => pool.pool.get<MeView>(`/v1/governance/me?account=${account}`);

  it("is founded by the first moderator who acts, who admits others until there are five", async () => {
    assert.equal(codeOf(await vouch("nobody", "x")), "not_member");
    const first = await vouch("mo", "ann", true);
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.equal((await me("mo")).steward, true);
    assert.equal(codeOf(await vouch("other-mo", "y", true)), "not_member");
    assert.equal((await me("ann")).member.state, "member");
    const alone = (await vouch("ann", "bob")).body as { member: boolean };
    assert.equal(alone.member, false, "a member who moderates nothing needs a second one");
    for (const account of ["bob", "cat", "dia"]) await vouch("mo", account, true);
    const { founding } = await pool.pool.get<{ founding: { over: boolean } }>("/v1/rules");
    assert.equal(founding.over, true);
    await pool.pool.until(async () =>
      (await pool.events()).some(({ type }) => type === "founding-over"),
    );
  });

  it("then takes two vouches, three a month from each, and two weeks until a vote counts", async () => {
    assert.equal((await me("eli")).member.state, "guest");
    assert.equal(codeOf(await vouch("ann", "ann")), "vouch_refused");
    await vouch("ann", "eli");
    await vouch("ann", "eli");
    assert.deepEqual((await me("eli")).member.vouches, 1);
    const second = (await vouch("cat", "eli")).body as { member: boolean };
    assert.equal(second.member, true);
    assert.equal((await me("eli")).member.state, "waiting");
    const early = await pool.propose("question", { question: "Early?" }, "ann");
    assert.match(JSON.stringify(await pool.tryVote(early.number, "eli", "yes")), /not_on_roll/);
    // A newcomer does not bring in the next ones.
    assert.equal(codeOf(await vouch("eli", "fox")), "vouch_refused");
    await vouch("ann", "fox");
    assert.equal(codeOf(await vouch("ann", "gus")), "vouch_refused");
    await pool.advance(14 * DAY);
    assert.equal((await me("eli")).member.state, "member");
    const late = await pool.propose("question", { question: "Late?" }, "ann");
    assert.equal(late.houses[0]?.size, early.houses[0]!.size + 1);
    await pool.vote(late.number, "eli", "yes");
  });

  it("reminds those who asked for it and have not voted, a day before the close", async () => {
    for (const account of ["ann", "cat"]) {
      const { status } = await pool.post("/v1/links", { actor: actor(account) });
      assert.equal(status, 200);
      const put = await pool.pool.request("/v1/governance/reminders", {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ actor: actor(account), on: true }),
      });
      assert.equal(put.status, 200);
    }
    const { number, times } = await pool.propose("question", { question: "Remember?" }, "mo");
    await pool.vote(number, "ann", "no");
    await pool.advance(times.voteUntil - (await pool.now()) - 24 * HOUR);
    const reminder = async () =>
      (await pool.events()).find(
        ({ type, proposal }) => type === "reminder" && proposal === number,
      );
    await pool.pool.until(async () => (await reminder()) !== undefined);
    assert.deepEqual((await reminder())?.tell, ["cat"]);
    assert.deepEqual((await reminder())?.places, []);
  });

  it("lets anybody recount a poll from its export by command", async () => {
    const { proposals } = await pool.pool.get<{ proposals: ProposalView[] }>(
      "/v1/proposals?state=all&text=Remember",
    );
    const { number } = proposals[0]!;
    await pool.closeVote(number);
    const file = join(pool.pool.dataDir, "poll.jsonl");
    const text = await (await pool.pool.request(`/v1/proposals/${number}/export`)).text();
    const run = (content: string) => {
      writeFileSync(file, content);
      const main = resolve(import.meta.dirname, "../../protocol/verify/main.ts");
      return spawnSync(process.execPath, [main, "poll", file], { encoding: "utf8" });
    };
    const good = run(text);
    assert.equal(good.status, 0, good.stdout + good.stderr);
    assert.match(good.stdout, /Recounted by majority: answered/);
    const bad = run(text.replace('"answer":"no"', '"answer":"xo"'));
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /line \d+ \(/);
  });
});
