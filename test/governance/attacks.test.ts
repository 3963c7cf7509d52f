// A brigade, a sceptic and a broken clock at the pool's own door: whatever they send, a vote is held and comes out right.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { peopleNeeded } from "../../api/governance/constitution/formulas.ts";
import { lint } from "../../api/governance/constitution/lint.ts";
import { parseConstitution } from "../../api/governance/constitution/schema.ts";
import { defaultConstitution } from "../../config/constitution.ts";
import { verifyPoll } from "../../protocol/verify/poll.ts";
import type {
  BallotReceipt,
  LinkCode,
  LinkOutcome,
  ProposalView,
} from "../../protocol/wire/governance.ts";
import { TestPool } from "../api/support/pool.ts";
import { type Service, startRedis } from "../support/services.ts";
import { actor, codeOf, DAY, GovernedPool, request, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const members = Array.from({ length: 12 }, (_, i) => `discord:m${i}`);

describe("an attack on a vote", { timeout: 300_000 }, () => {
  let pool: GovernedPool;
  let redis: Service;
  before(async () => {
    redis = await startRedis();
    pool = await GovernedPool.start(members, { redisUrl: redis.url });
  });
  after(async () => {
    await pool?.close();
    await redis?.stop();
  });

  const ask = (question: string, options: readonly string[], more: object = {}) =>
    pool.post("/v1/polls", {
      ...{ actor: actor(ada, true), requestKey: question, question, options },
      ...{ place: { community: "c", room: "r" }, ...more },
    });
  const poll = async (question: string, options: readonly string[] = [], more: object = {}) => {
    const { status, body } = await ask(question, options, more);
    assert.equal(status, 201, JSON.stringify(body));
    return body as ProposalView;
  };
  const closed = async (number: number) => {
    await pool.closeVote(number);
    const response = await pool.pool.request(`/v1/proposals/${number}/export`);
    const lines = verifyPoll(Buffer.from(await response.arrayBuffer()));
    assert.deepEqual(
      lines.filter(({ state }) => state === "fails"),
      [],
    );
    return pool.view(number);
  };

  it("by two hundred fresh accounts, linked and declared as they like, adds no ballot", async () => {
    const { number } = await poll("Brigade?", [], { sealed: false });
    const brigade = Array.from({ length: 200 }, (_, i) => `discord:fresh${i}`);
    // Eight become accounts of one member; four are declared as his agents; all try everything.
    for (const account of brigade.slice(0, 8)) {
      const made = await pool.post("/v1/links", { actor: actor(members[0]!) });
      const { code } = made.body as LinkCode;
      const linked = await pool.post("/v1/links/redeem", { actor: actor(account), code });
      assert.equal(linked.status, 200, JSON.stringify(linked.body));
    }
    for (const [i, account] of brigade.slice(8, 12).entries()) {
      await pool.post("/v1/agents", {
        ...{ actor: actor(members[0]!), name: `Bot ${i}`, purpose: "votes", account },
      });
    }
    const answers = await Promise.all(
      brigade.map((account) => pool.tryVote(number, account, "yes")),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      brigade.map((_, i) => (i < 8 ? 200 : 403)),
    );
    const { houses, rollCall } = await pool.view(number);
    assert.equal(houses[0]?.turnout, 1);
    assert.equal(rollCall?.length, 1);
    const acts = await Promise.all(
      brigade
        .slice(12, 40)
        .flatMap((account) => [
          pool.post(`/v1/proposals/${number}/withdraw`, { actor: actor(account) }),
          pool.post(`/v1/proposals/${number}/edit`, { actor: actor(account), fields: {} }),
          pool.post(`/v1/proposals/${number}/hold`, { actor: actor(account) }),
          pool.post("/v1/proposals", request("quota", { per_day: "1" }, account)),
        ]),
    );
    assert(acts.every(({ status }) => status === 403 || status === 409));
    assert.equal((await closed(number)).result?.houses[0]?.ballots, 1);
  });

  it("by voting from two doors while they are being linked leaves one ballot", async () => {
    for (let round = 0; round < 12; round++) {
      const [left, right] = [`discord:left${round}`, `matrix:@right${round}:example.org`];
      await pool.admit([left, right]);
      const { number } = await poll(`Race ${round}?`, [], { sealed: round % 2 === 0 });
      const made = await pool.post("/v1/links", { actor: actor(left) });
      const { code } = made.body as LinkCode;
      const link = () => pool.post("/v1/links/redeem", { actor: actor(right), code });
      const [first, second, linked] = await Promise.all([
        pool.vote(number, left, "yes"),
        pool.vote(number, right, "no"),
        link(),
      ]);
      assert.equal(linked.status, 200, JSON.stringify(linked.body));
      const { houses } = await pool.view(number);
      assert.equal(houses[0]?.turnout, 1, `round ${round}`);
      const states = await Promise.all(
        [first, second].map(
          async ({ receipt }) =>
            (await pool.pool.get<BallotReceipt>(`/v1/proposals/${number}/receipts/${receipt}`))
              .state,
        ),
      );
      assert.equal(states.filter((state) => state === "counts").length, 1, states.join(" "));
      const merged = (linked.body as LinkOutcome).mergedBallots.length;
      assert.equal(states.includes("merged"), merged === 1, states.join(" "));
      assert.equal((await closed(number)).result?.houses[0]?.ballots, 1);
    }
  });

  it("by an old click sent again leaves what the voter said last", async () => {
    const { number } = await poll("Again?", [], { sealed: false });
    const click = { eventId: "click 1" };
    const first = await pool.vote(number, ada, "yes", click);
    await pool.vote(number, ada, "no", { eventId: "click 2" });
    const again = await pool.vote(number, ada, "yes", click);
    assert.deepEqual([again.receipt, again.state], [first.receipt, "replaced"]);
    // Somebody else's click is their own ballot, though it has the same name.
    await pool.vote(number, ben, "yes", click);
    const { rollCall } = await pool.view(number);
    assert.deepEqual(
      rollCall?.map(({ account, choice }) => [account, choice]),
      [
        [ada, "no"],
        [ben, "yes"],
      ],
    );
    const other = await poll("Another?");
    assert.equal((await pool.vote(other.number, ada, "yes", click)).state, "counts");
  });

  it("by text that is no text is refused or kept, and the vote closes all the same", async () => {
    const odd = {
      nul: "a\u0000b",
      controls: "\u0001".repeat(500),
      surrogates: "\ud800 half \udfff",
      longest: "\u{1f333}".repeat(250),
      bidi: "\u202egnorw\u202c \u200b\u2066yes\u2069",
    };
    for (const sealed of [true, false]) {
      const { number } = await poll(`Odd reasons, ${sealed}?`, [], { sealed });
      for (const [i, reason] of Object.values(odd).entries()) {
        const { status, body } = await pool.tryVote(number, members[i]!, "yes", { reason });
        assert([200, 400].includes(status), `${Object.keys(odd)[i]}: ${JSON.stringify(body)}`);
      }
      const { result } = await closed(number);
      assert((result?.houses[0]?.ballots ?? 0) >= 3);
      const said = (result?.reasons ?? []).map(({ text }) => text).join("");
      assert(!/[\p{Cc}\p{Cf}\p{Cs}]/u.test(said), JSON.stringify(said));
    }
    for (const [name, text] of Object.entries(odd)) {
      const made = await ask(`${text} ${name}`.slice(0, 300), []);
      assert([201, 400].includes(made.status), `${name}: ${JSON.stringify(made.body)}`);
      const proposed = await pool.post("/v1/proposals", {
        ...request("system-prompt", { text: `${text} ${name}` }, members[5]!),
        reason: text,
      });
      assert([201, 400].includes(proposed.status), `${name}: ${JSON.stringify(proposed.body)}`);
      if (proposed.status === 201) {
        const { number } = proposed.body as ProposalView;
        await pool.act(number, "withdraw", members[5]!);
      }
    }
    await pool.advance(4 * DAY);
  });

  it("by options that look alike is refused", async () => {
    for (const options of [
      ["Tea", "Te\u200ba"],
      ["Tea", "tea "],
      ["Tea", "T\u00adea"],
      ["Caf\u00e9", "Cafe\u0301"],
      ["Tea", "\u200b"],
      ["Tea", "\uff34ea"],
    ]) {
      const refused = await ask(`Which of ${JSON.stringify(options)}?`, options);
      assert.equal(refused.status, 400, JSON.stringify(options));
    }
    const hidden = await ask("\u200b\u202e", []);
    assert.equal(hidden.status, 400);
    const question = (options: string) =>
      pool.post("/v1/proposals", request("question", { question: "Which?", options }, ben));
    assert.equal((await question("Tea;Te\u200ba")).status, 400);
    const { number } = await pool.propose(
      "question",
      { question: "And?", options: "Tea;Milk" },
      ben,
    );
    const added = await pool.post(`/v1/proposals/${number}/options`, {
      ...{ actor: actor(members[1]!), fields: { option: "T\u200bea" } },
    });
    assert(added.status >= 400, JSON.stringify(added.body));
    await pool.advance(4 * DAY);
  });

  it("by ten thousand options, or a text of a megabyte, is refused in words", async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `Option ${i}`);
    assert.equal((await ask("Many?", many)).status, 400);
    const question = { question: "Many?", options: many.join(";").slice(0, 3999) };
    const proposed = await pool.post("/v1/proposals", request("question", question, ben));
    assert.equal(proposed.status, 400);
    assert.match(JSON.stringify(proposed.body), /at most 25/);
    const huge = await pool.post(
      "/v1/proposals",
      request("system-prompt", { text: "x".repeat(1_000_000) }, ben),
    );
    assert([400, 413].includes(huge.status));
    const { number } = await poll("Scores?", ["A", "B"], { method: "score" });
    for (const choice of [
      { text: `A${">A".repeat(200)}` },
      { text: "9".repeat(500) },
      { rank: Array(26).fill(["A"]) },
      { scores: { A: 100 } },
      { approve: [] },
    ]) {
      const refused = await pool.tryVote(number, ada, choice);
      assert.equal(refused.status, 400, JSON.stringify(choice));
    }
  });

  it("by ballots in the very millisecond of the close: each is counted or refused, never lost", async () => {
    const { number, times } = await poll("Bell?", [], { sealed: false });
    await pool.advance(times.voteUntil - 1 - (await pool.now()));
    const cast = members.map(async (account, i) => {
      if (i === 5) await pool.advance(1);
      return pool.tryVote(number, account, "yes");
    });
    const answers = await Promise.all(cast);
    const accepted = answers.filter(({ status }) => status === 200).length;
    assert(answers.every((each) => each.status === 200 || codeOf(each) === "vote_closed"));
    const { result, times: after } = await closed(number);
    // The reached quorum of an advisory poll is none, so nothing made it last longer but a changed lead.
    assert(after.voteUntil >= times.voteUntil);
    assert.equal(result?.houses[0]?.ballots, accepted);
  });

  it("by a replica whose clock is ten days off, either way, moves no deadline", async () => {
    const { number, times } = await poll("Skew?", [], { sealed: false });
    for (const days of [-10, 10]) {
      const skewed = await TestPool.start(
        {
          ...{ databaseUrl: pool.postgres.url, redisUrl: redis.url },
          poolModerators: [...STEWARDS],
        },
        { limits: { governanceMs: 20 }, clock: () => Date.now() + days * DAY },
        pool.pool,
      );
      try {
        const { status, body } = await skewed.post(`/v1/proposals/${number}/ballots`, {
          ...{
            actor: actor(members[days > 0 ? 1 : 2]!),
            eventId: `${days}`,
            choice: { text: "yes" },
          },
        });
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal((body as BallotReceipt).castAt, await pool.now());
        const seen = await skewed.get<ProposalView>(`/v1/proposals/${number}`);
        assert.deepEqual([seen.state, seen.times.voteUntil], ["voting", times.voteUntil]);
      } finally {
        await skewed.close();
      }
    }
    assert.equal((await closed(number)).result?.houses[0]?.ballots, 2);
  });

  it("by amending the rules into ones that cannot be carried out is refused", async () => {
    for (const [rule, value] of [
      ["/procedure/default/method", '"nonsense"'],
      ["/procedure/default/method", '"majority"'],
      ["/types/amend/initiate", '"calendar"'],
      ["/types/model.allowlist/initiate", '"the person"'],
      ["/types/node.admit/consent/elseType", '"nothing"'],
      ["/types/node.admit/consent/elseType", '"node.admit"'],
      ["/checks/emergency/ratifyType", '"nothing"'],
      ["/types/amend/voteH", "0"],
    ] as const) {
      const refused = await pool.post(
        "/v1/proposals/preview",
        request("amend", { rule, value }, ada),
      );
      assert(
        [400, 409].includes(refused.status),
        `${rule} = ${value}: ${JSON.stringify(refused.body).slice(0, 300)}`,
      );
    }
    // A number of backers that nobody could reach is as many as there are.
    const { amended } = lint(parseConstitution(defaultConstitution()), [
      { path: "/types/amend/initiate", value: 1000 },
    ]);
    assert(amended);
    assert.equal(peopleNeeded(amended.types.amend!.initiate, 7), 7);
  });
});
