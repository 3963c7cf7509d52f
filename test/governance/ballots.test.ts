// Ballots at the pool's door: once each, in time by the database's clock, sealed until the close, exported and recounted.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { verifyPoll } from "../../protocol/verify/poll.ts";
import type { ProposalView } from "../../protocol/wire/governance.ts";
import { actor, codeOf, GovernedPool, HOUR, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const crowd = Array.from({ length: 40 }, (_, i) => `discord:m${i}`);

describe("ballots", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start(crowd);
  });
  after(() => pool?.close());

  const poll = async (question: string, options: string[], more: object = {}) => {
    const { status, body } = await pool.post("/v1/polls", {
      ...{ actor: actor(ada, true), requestKey: question, question, options },
      ...{ place: { community: "c", room: "r" }, ...more },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body as ProposalView;
  };

  it("of one event counts once, however often and fast it comes", async () => {
    const { number } = await poll("Once?", []);
    const receipts = await Promise.all(
      Array.from({ length: 100 }, () => pool.vote(number, ada, "yes", { eventId: "click" })),
    );
    assert.equal(new Set(receipts.map(({ receipt }) => receipt)).size, 1);
    const { rows } = await pool.sql.query(
      "select count(*)::int as n from ballot b join proposal p on p.id = b.proposal_id where p.number = $1",
      [number],
    );
    assert.deepEqual(rows, [{ n: 1 }]);
    const changed = await pool.vote(number, ada, "no");
    assert.equal(changed.changed, true);
    const { state } = await pool.pool.get<{ state: string }>(
      `/v1/proposals/${number}/receipts/${receipts[0]!.receipt}`,
    );
    assert.equal(state, "replaced");
  });

  it("comes too late by the database's clock, even when nothing has closed the vote", async () => {
    const { number, times } = await poll("Late?", []);
    await pool.vote(number, ada, "yes");
    await pool.advance(times.voteUntil - (await pool.now()) - 1);
    await pool.vote(number, ben, "no");
    await pool.advance(1);
    const late = await pool.tryVote(number, crowd[0]!, "yes");
    assert.equal(codeOf(late), "vote_closed");
    const { result } = await pool.reach(number, "answered");
    assert.deepEqual(
      result?.houses.map(({ ballots, size }) => [ballots, size]),
      [[2, 42]],
    );
  });

  it("are void after an edit, and their voters are told", async () => {
    const made = await pool.proposeBacked("quota", { per_day: "3" }, [ada, ...crowd.slice(0, 4)]);
    const { number } = made;
    await pool.openVote(number);
    await pool.vote(number, crowd[0]!, "yes", { revision: 1 });
    const edited = await pool.post(`/v1/proposals/${number}/edit`, {
      ...{ actor: actor(ada), fields: { per_day: "4" } },
    });
    assert.equal(edited.status, 200, JSON.stringify(edited.body));
    assert.equal((edited.body as ProposalView).houses[0]?.turnout, 0);
    const old = await pool.tryVote(number, crowd[1]!, "yes", { revision: 1 });
    assert(["revision_changed", "vote_not_open"].includes(codeOf(old) ?? ""));
    const event = (await pool.events()).find(
      ({ type, proposal }) => type === "edited" && proposal === number,
    );
    assert.deepEqual(event?.tell, [crowd[0]]);
    const stranger = await pool.post(`/v1/proposals/${number}/edit`, {
      ...{ actor: actor(ben), fields: { per_day: "9" } },
    });
    assert.equal(codeOf(stranger), "not_proposer");
  });

  it("of a sealed poll leave the same public traces, whatever they say, and no count anywhere before the close", async () => {
    const options = ["Tea", "Coffee", "Water"];
    const one = await poll("Drink one", options, { sealed: true, method: "schulze" });
    const two = await poll("Drink two", options, { sealed: true, method: "schulze" });
    await pool.reach(two.number, "voting");
    const voters = crowd.slice(0, 9);
    for (const [i, account] of voters.entries()) {
      await pool.vote(one.number, account, "A>B", { reason: "Leaves are a secret of mine." });
      await pool.vote(two.number, account, i % 2 ? "C>B>A" : "B", { reason: "Beans." });
    }
    const trace = async ({ number }: ProposalView) => {
      const card = await pool.view(number);
      const own = await pool.view(number, voters[3]);
      const list = await pool.pool.get("/v1/proposals?state=open");
      const me = await pool.pool.get(`/v1/governance/me?account=${voters[3]}`);
      const events = (await pool.events()).filter(({ proposal }) => proposal === number);
      const metrics = await (await pool.pool.request("/metrics")).text();
      const log = pool.pool.log.filter((line) => line.includes("proposals"));
      const all = JSON.stringify({ card, own, events });
      assert(!/Leaves are|Beans/.test(JSON.stringify([card, own, list, me, log, metrics])));
      assert.equal(card.running, null);
      return (
        all
          .replaceAll(/Drink (one|two)/g, "Drink")
          // The same words in every language; of their numbers, only the English ones are taken out below.
          .replaceAll(/"inWords":\{[^}]*\}/g, '"inWords":{}')
          .replaceAll(/[0-9a-f]{64}/g, "<digest>")
          .replaceAll(/([a-z2-9]{4}-){3}[a-z2-9]{4}/g, "<receipt>")
          .replaceAll(
            new RegExp(`([Pp]roposal|revert|"number":|"proposal":) ?${number}\\b`, "g"),
            "$1 <n>",
          )
          .replaceAll(/"(logIndex|id)":\d+/g, '"$1":0')
      );
    };
    const traces = [await trace(one), await trace(two)];
    assert.equal(traces[0], traces[1]);
    // Every plain column of every table: neither choice nor reason nor count stands there.
    const { rows } = await pool.sql.query<{ t: string }>(
      "select table_name as t from information_schema.tables where table_schema = 'public'",
    );
    for (const { t } of rows) {
      const { rows: found } = await pool.sql.query(
        `select 1 from "${t}" x where x::text ~ 'Leaves are|Beans|A>B' limit 1`,
      );
      assert.equal(found.length, 0, `${t} holds what a sealed ballot says`);
    }
    const sizes = await pool.sql.query(
      "select distinct length(content) from ballot b join proposal p on p.id = b.proposal_id where p.number in ($1, $2)",
      [one.number, two.number],
    );
    assert.equal(sizes.rows.length, 1, "ciphertexts differ in length");
    const refused = await pool.pool.request(`/v1/proposals/${one.number}/export`);
    assert.equal(refused.status, 409);
    await pool.closeVote(two.number);
    const closed = await pool.reach(two.number, "answered");
    assert.equal(closed.result?.winner, "B");
    assert.deepEqual(closed.result?.picture.pairwise?.B, { A: 9, C: 5 });
    assert.equal(closed.result?.reasons.length, 9);
  });

  it("can be recounted from the export, and any changed byte names its row", async () => {
    const { proposals } = await pool.pool.get<{ proposals: { number: number; title: string }[] }>(
      "/v1/proposals?state=all",
    );
    for (const title of ["Late?", "Drink two"]) {
      const { number } = proposals.find((each) => each.title === title)!;
      const response = await pool.pool.request(`/v1/proposals/${number}/export`);
      const text = Buffer.from(await response.arrayBuffer());
      const fails = (bytes: Uint8Array) =>
        verifyPoll(bytes).filter(({ state }) => state === "fails");
      assert.deepEqual(fails(text), []);
      assert(verifyPoll(text).some(({ file, state }) => file === "the count" && state === "holds"));
      // A byte of each line, spread over its length, and every byte of the last ballot.
      const starts = [0, ...[...text.entries()].filter(([, b]) => b === 10).map(([at]) => at + 1)];
      for (const [line, start] of starts.slice(0, -1).entries()) {
        const length = (starts[line + 1] as number) - start - 1;
        for (const place of [0, 1, length >> 2, length >> 1, length - 2, length - 1]) {
          const flipped = Buffer.from(text);
          flipped[start + place] = (flipped[start + place] as number) ^ 1;
          const named = fails(flipped).map(({ file }) => file);
          assert(
            named.some((file) => file.startsWith(`line ${line + 1} `)),
            `${title}: byte ${place} of line ${line + 1} is blamed on ${named.join(", ") || "nothing"}`,
          );
        }
      }
      const without = Buffer.concat([text.subarray(0, starts[2]), text.subarray(starts[3])]);
      assert(fails(without).length > 0);
    }
  });

  it("extends an open vote when its lead changes at the end, at most twice", async () => {
    const { number, times } = await poll("Swing?", [], { sealed: false });
    await pool.vote(number, crowd[0]!, "yes");
    assert.deepEqual((await pool.view(number)).running, [
      { option: "A", ballots: 1 },
      { option: "Z", ballots: 0 },
    ]);
    await pool.advance(times.voteUntil - (await pool.now()) - HOUR);
    for (const [voter, choice, until] of [
      [crowd[1], "no", 24],
      [crowd[2], "no", 24],
    ] as const) {
      const { until: closes } = await pool.vote(number, voter!, choice);
      assert.equal(closes, times.voteUntil + until * HOUR);
    }
    await pool.advance(24 * HOUR - 1);
    await pool.vote(number, crowd[3]!, "yes");
    const last = await pool.vote(number, crowd[4]!, "yes");
    assert.equal(last.until, times.voteUntil + 48 * HOUR);
    assert.equal((await pool.view(number)).times.extensions, 2);
  });

  it("never wait for the reminder of their own vote, nor that for them", async () => {
    const { number, times } = await poll("Both at once?", []);
    const other = new pg.Client(pool.postgres.url);
    await other.connect();
    try {
      // As a late ballot does: it holds the proposal, and then tells that the vote lasts longer. Of two that wait
      // for each other, the one that finds out first loses what it did.
      await other.query("set deadlock_timeout = '10ms'");
      await other.query("begin");
      await other.query("select 1 from proposal where number = $1 for update", [number]);
      await pool.advance(times.voteUntil - (await pool.now()) - HOUR);
      await pool.pool.until(async () => {
        const waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
        return (await pool.sql.query(waits)).rowCount === 1;
      });
      await other.query("select pg_advisory_xact_lock(hashtextextended('governance events', 0))");
      await other.query("commit");
    } finally {
      await other.end();
    }
    await pool.pool.until(async () =>
      (await pool.events()).some((told) => told.type === "reminder" && told.proposal === number),
    );
  });

  it("of a thousand people at once are a thousand ballots, in one chain", async () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => `matrix:@v${i}:example.org`);
    await pool.sql.query(
      `with p as (insert into person (id, created_at) select gen_random_uuid(), pool_now() from generate_series(0, 999)
         returning id),
       m as (insert into member (person_id, since, votes_from, how) select id, 0, 0, 'admitted' from p)
       insert into account (account, person_id, first_seen_at)
       select '${thousand[0]!.slice(0, 9)}' || (row_number() over () - 1) || ':example.org', id, pool_now() from p`,
    );
    const { number, houses } = await poll("Many?", []);
    assert.equal(houses[0]?.size, 1042);
    let next = 0;
    const lane = async () => {
      for (let i = next++; i < 1000; i = next++) {
        await pool.vote(number, thousand[i]!, i % 3 ? "yes" : "no", { eventId: `e${i}` });
      }
    };
    await Promise.all(Array.from({ length: 50 }, lane));
    assert.equal((await pool.view(number)).houses[0]?.turnout, 1000);
    await pool.closeVote(number);
    const { result } = await pool.view(number);
    assert.deepEqual(
      result?.houses[0]?.rows.map((row) => [row.for, row.against]),
      [["666", "334"]],
    );
    const text = await (await pool.pool.request(`/v1/proposals/${number}/export`)).text();
    const lines = verifyPoll(Buffer.from(text));
    assert.deepEqual(
      lines.filter(({ state }) => state === "fails"),
      [],
    );
  });
});
