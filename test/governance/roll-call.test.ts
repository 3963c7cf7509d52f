// An open vote is a roll call, beside a log that holds no names: what is personal can be erased, and the count stays.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { verifyPoll } from "../../protocol/verify/poll.ts";
import type { ProposalView } from "../../protocol/wire/governance.ts";
import type { Erased } from "../../protocol/wire/members.ts";
import { actor, GovernedPool, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const [cleo, dan] = ["discord:cleo", "discord:dan"] as const;

describe("a roll call", () => {
  let pool: GovernedPool;
  before(async () => {
    pool = await GovernedPool.start([cleo, dan]);
  });
  after(() => pool?.close());

  const poll = async (question: string, options: string[], sealed: boolean) => {
    const { status, body } = await pool.post("/v1/polls", {
      ...{ actor: actor(ada, true), requestKey: question, question, options, sealed },
      place: { community: "c", room: "r" },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body as ProposalView;
  };
  const exported = async (number: number) =>
    Buffer.from(await (await pool.pool.request(`/v1/proposals/${number}/export`)).arrayBuffer());
  const said = (bytes: Uint8Array, state: string) =>
    verifyPoll(bytes)
      .filter((line) => line.state === state)
      .map(({ file }) => file);
  const erase = async (account: string) =>
    (await pool.pool.send<Erased>("DELETE", `/v1/members/${encodeURIComponent(account)}/data`))
      .body;
  let lunch: number;

  it("shows who votes how from the first ballot on, and after the close with reasons", async () => {
    const { number } = await poll("Lunch?", ["Soup", "Bread", "Rice"], false);
    lunch = number;
    await pool.vote(number, cleo, "A>B=C", { reason: "Soup is warm." });
    assert.deepEqual((await pool.view(number)).rollCall, [
      { account: cleo, choice: "A > B = C", reason: "Soup is warm." },
    ]);
    await pool.vote(number, ada, "B");
    await pool.vote(number, dan, "A", { reason: "So it is." });
    await pool.closeVote(number);
    const { result, rollCall } = await pool.view(number);
    assert.equal(rollCall, undefined);
    assert.deepEqual(result?.rollCall, [
      { account: ada, choice: "B" },
      { account: cleo, choice: "A > B = C", reason: "Soup is warm." },
      { account: dan, choice: "A", reason: "So it is." },
    ]);
    assert.deepEqual(
      result?.reasons.map(({ side, text }) => [side, text]),
      [
        ["Soup", "So it is."],
        ["Soup", "Soup is warm."],
      ],
    );
  });

  it("is in the export, checked name by name against what was signed", async () => {
    const text = await exported(lunch);
    assert.deepEqual(said(text, "fails"), []);
    assert(said(text, "holds").includes("the roll call"));
    assert.match(text.toString(), /"account":"discord:cleo"/);
    const lines = text.toString().trimEnd().split("\n");
    const seal = lines.findIndex((line) => line.startsWith('{"envelope"'));
    assert.equal(lines.length - seal - 1, 3);
    assert(
      !/discord:|warm/.test(lines.slice(0, seal + 1).join("\n")),
      "a name is inside the chain",
    );
    for (let at = seal + 1; at < lines.length; at++) {
      const start = Buffer.byteLength(lines.slice(0, at).join("\n")) + 1;
      for (let byte = 0; byte < Buffer.byteLength(lines[at]!); byte++) {
        const flipped = Buffer.from(text);
        flipped[start + byte] = flipped[start + byte]! ^ 1;
        const blamed = said(flipped, "fails");
        assert(
          blamed.some((file) => file.startsWith(`line ${at + 1} `)),
          `byte ${byte} of line ${at + 1} is blamed on ${blamed.join(", ") || "nothing"}`,
        );
      }
    }
    const twice = Buffer.concat([text, Buffer.from(`${lines.at(-1)}\n`)]);
    assert.deepEqual(said(twice, "fails"), [`line ${lines.length + 1} (name)`]);
  });

  it("is signed to the byte: whichever is flipped, by whichever bit, its line is named", async () => {
    const text = await exported(lunch);
    const lines = text.toString("latin1").split("\n");
    const seal = lines.findIndex((line) => line.startsWith('{"envelope"'));
    const kinds = new Set<string>();
    let start = 0;
    let flips = 0;
    for (const [at, line] of lines.slice(0, seal + 1).entries()) {
      const kind = /"row":"(\w+)"/.exec(line)?.[1] as string;
      // Every byte and the line feed of the first line of each kind; of the others one in forty.
      const step = kinds.has(kind) ? 40 : 1;
      kinds.add(kind);
      for (let byte = 0; byte <= line.length; byte += step) {
        const flipped = Buffer.from(text);
        flipped[start + byte] = flipped[start + byte]! ^ (1 << (byte % 8));
        const blamed = said(flipped, "fails");
        assert(
          blamed.some((file) => file.startsWith(`line ${at + 1} `)),
          `byte ${byte} of line ${at + 1} is blamed on ${blamed.join(", ") || "nothing"}`,
        );
        flips++;
      }
      start += line.length + 1;
    }
    assert.deepEqual([...kinds].sort(), ["ballot", "log", "poll", "result", "roll", "seal"]);
    assert(flips > 2000, `${flips} bytes`);
  });

  it("loses a name and a reason that somebody has erased, and is recounted all the same", async () => {
    await pool.pool.request("/v1/governance/reminders", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ actor: actor(cleo), on: true }),
    });
    const running = await poll("Dinner?", [], false);
    await pool.vote(running.number, cleo, "yes", { reason: "I am hungry." });
    const erased = await erase(cleo);
    assert.match(erased.message, /ballots go on counting/);
    const { result } = await pool.view(lunch);
    assert.deepEqual(result?.rollCall, [
      { account: "(erased)", choice: "A > B = C" },
      { account: ada, choice: "B" },
      { account: dan, choice: "A", reason: "So it is." },
    ]);
    assert.deepEqual(
      result?.reasons.map(({ text }) => text),
      ["So it is."],
    );
    const text = await exported(lunch);
    assert.deepEqual(said(text, "fails"), []);
    assert(said(text, "not checked").includes("the roll call"));
    await pool.vote(running.number, ben, "no");
    await pool.closeVote(running.number);
    const after = await pool.view(running.number);
    assert.deepEqual(
      after.result?.houses[0]?.rows.map((row) => [row.for, row.against]),
      [["1", "1"]],
    );
    assert.deepEqual(after.result?.rollCall, [{ account: ben, choice: "no" }]);
    assert.deepEqual(said(await exported(running.number), "fails"), []);
    for (const table of [
      "ballot",
      "poll_name",
      "poll_result",
      "backing",
      "reminder",
      "governance_event",
    ]) {
      const { rows } = await pool.sql.query(
        `select 1 from "${table}" x where x::text ~ 'discord:cleo|Soup is warm|hungry'
           or encode(convert_to(x::text, 'UTF8'), 'escape') ~ $1`,
        [Buffer.from("hungry").toString("hex")],
      );
      assert.equal(rows.length, 0, `${table} still holds what was erased`);
    }
    await assert.rejects(
      pool.sql.query("update governance_event set words = '\"\"'"),
      /append-only/,
    );
    assert.deepEqual((await erase(cleo)).questions, 0, "erased twice");
  });

  it("of a sealed vote names nobody, ever, but declared agents after the close", async () => {
    await pool.post("/v1/agents", {
      ...{ actor: actor(dan), name: "Robin", purpose: "tests", account: "agent:robin" },
    });
    await pool.produce("agent:robin", 100);
    const { number, secrecy } = await pool.propose("quota", { per_day: "5" }, ada);
    assert.match(secrecy.words, /agents/);
    await pool.openVote(number);
    for (const account of [ada, ben, dan])
      await pool.vote(number, account, "no", { reason: "Ours." });
    await pool.vote(number, "agent:robin", "yes", { reason: "More is better." });
    const open = await pool.view(number);
    assert.equal(open.rollCall, undefined);
    assert(!/More is better|agent:robin/.test(JSON.stringify(open)));
    await pool.closeVote(number);
    const { result } = await pool.view(number);
    assert.deepEqual(result?.rollCall, [
      { account: "agent:robin", choice: "yes", agent: true, reason: "More is better." },
    ]);
    assert.equal(result?.reasons.filter(({ text }) => text === "More is better.").length, 1);
    assert.equal(result?.reasons.length, 4);
    const text = await exported(number);
    assert.deepEqual(said(text, "fails"), []);
    assert.deepEqual(
      text
        .toString()
        .split("\n")
        .filter((line) => line.includes('"account"'))
        .map((line) => (JSON.parse(line) as { account: string }).account),
      ["agent:robin"],
    );
    const ballots = text
      .toString()
      .split("\n")
      .filter((line) => line.includes('"row":"ballot"'))
      .map((line) => JSON.parse(line) as { agent: boolean; voter: string | null });
    assert(ballots.length > 3 && ballots.every(({ agent, voter }) => agent === (voter !== null)));
  });
});
