// Two pools live through the same sealed vote at the same times, with opposite choices: whoever looks at everything
// there is to see before the close cannot tell them apart.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { GovernanceEvent, ProposalView } from "../../protocol/wire/governance.ts";
import { startRedis } from "../support/services.ts";
import { type Captured, capture, tallyForms } from "./support/captured.ts";
import { actor, DAY, GovernedPool, HOUR, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const members = Array.from({ length: 10 }, (_, i) => `discord:m${i}`);
const everyone = [ada, ben, ...members];

interface World {
  readonly before: Captured;
  readonly events: readonly GovernanceEvent[];
  readonly times: ProposalView["times"];
  readonly after: Captured;
}

/** What voter i says early, and what they say when they think again; reasons are as long as the choice wants. */
interface Wishes {
  readonly first: (voter: number) => string;
  readonly second: (voter: number) => string;
  readonly reason: (voter: number) => string;
}

/** One sealed vote of four days: early ballots, a change, a withdrawal, a reminder, a rush at the end. */
async function live(wishes: Wishes): Promise<World> {
  const redis = await startRedis();
  const pool = await GovernedPool.start(members, { redisUrl: redis.url });
  try {
    await pool.pool.until(async () => (await pool.events()).length > 0);
    await pool.sql.query("update test_clock set at = 1700000000000");
    await pool.sql.query("update member set since = 0, votes_from = 0");
    for (const account of [members[8], members[9]]) {
      await pool.pool.send("PUT", "/v1/governance/reminders", {
        ...{ actor: actor(account as string), on: true },
      });
    }
    const { body } = await pool.post("/v1/polls", {
      ...{ actor: actor(ada, true), requestKey: "one", question: "Which drink?" },
      ...{
        options: ["Tea", "Coffee", "Water"],
        place: { community: "c", room: "r", message: "m" },
      },
      ...{ sealed: true, binding: true, method: "schulze", days: 4 },
    });
    const { number, times } = body as ProposalView;
    const receipts: string[] = [];
    const vote = async (voter: number, choice: string) => {
      const account = everyone[voter] as string;
      const more = { eventId: `${voter} ${receipts.length}`, reason: wishes.reason(voter) };
      receipts.push((await pool.vote(number, account, choice, more)).receipt);
      await pool.advance(1000);
    };
    await pool.reach(number, "voting");
    for (const voter of [0, 1, 2, 3]) await vote(voter, wishes.first(voter));
    await vote(1, wishes.second(1));
    await pool.post(`/v1/proposals/${number}/ballots/withdraw`, {
      ...{ actor: actor(everyone[3] as string), eventId: "back" },
    });
    await pool.advance(times.voteUntil - (await pool.now()) - DAY + HOUR);
    await pool.pool.until(async () =>
      (await pool.events()).some(({ type }) => type === "reminder"),
    );
    // In the last tenth: the quorum is reached, which is public; who leads may change, which is not.
    await pool.advance(times.voteUntil - (await pool.now()) - HOUR);
    for (const voter of [4, 5, 6, 7, 8, 9]) await vote(voter, wishes.second(voter));
    for (const voter of [0, 1, 2]) await vote(voter, wishes.second(voter));
    const seen = await capture(pool, number, everyone, receipts);
    const events = await pool.events();
    const { times: late } = await pool.view(number);
    await pool.closeVote(number);
    return {
      ...{ before: seen, events, times: late },
      after: await capture(pool, number, [ada], receipts.slice(0, 1)),
    };
  } finally {
    await pool.close();
    await redis.stop();
  }
}

/** What is random, or the machine's own time, by its length; everything else as it is. */
function worn(line: string): string {
  return line
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b/g, "<receipt>")
    .replace(/SHA256:[A-Za-z0-9+/]{43}/g, "<key>")
    .replace(/(?<![0-9a-f])[0-9a-f]{32,}/g, (hex) => `<hex ${hex.length}>`)
    .replace(/127\.0\.0\.1:\d+/g, "<address>")
    .replace(/"(time|ms|pid|remotePort|reqId|replica|uptimeSeconds)":("[^"]*"|[\d.]+)/g, '"$1":0')
    .replace(/\b1[78]\d{11}\b(?!\d)/g, (ms) => (ms.startsWith("1700") ? ms : "<now>"));
}

const distinct = (lines: readonly string[]) => [...new Set(lines.map(worn))].sort();
/** What a log says of requests and decisions; of the machine's own rounds it may say more or less. */
const told = (part: keyof Captured, lines: readonly string[]) =>
  part === "log"
    ? lines.filter((line) => /"route"|governance|proposal|ballot|vote/.test(line))
    : lines;

describe("two sealed votes with opposite choices", { timeout: 300_000 }, () => {
  let tea: World;
  let water: World;
  before(async () => {
    // One leads from the first ballot to the last; in the other the lead changes in the last hour.
    [tea, water] = await Promise.all([
      live({
        first: () => "A>B>C",
        second: () => "A>B>C",
        reason: (voter) => `Leaves are what I want, ${"really ".repeat(voter)}so.`,
      }),
      live({
        first: (voter) => (voter % 2 === 0 ? "A" : "C"),
        second: (voter) => (voter === 4 ? "Z>A" : "C>B=A"),
        reason: () => "Wells.",
      }),
    ]);
  });

  it("end otherwise: what is looked at would show a difference", () => {
    const outcome = ({ after }: World) => distinct(after.routes).join("\n");
    assert.notEqual(outcome(tea), outcome(water));
    assert.match(outcome(tea), /"winner":"A"/);
    assert.match(outcome(water), /"winner":"C"/);
  });

  it("are looked at for every form of a count that people write", () => {
    for (const text of [
      ...["4 for, 1 against", '{"for":"4"', "yes: 4", "No 1", "4:1", "4–1", "4 to 1", "80 %"],
      ...['"running":[{', '"leader":"A"', "A=4", "it leads with 4 yes"],
    ]) {
      assert(
        tallyForms(4, 1).some((form) => form.test(text)),
        text,
      );
    }
    for (const text of [
      "5 ballots so far",
      "2026-04-01 14:11 UTC",
      "revision 4",
      '"running":null',
    ]) {
      assert(!tallyForms(4, 1).some((form) => form.test(text)), text);
    }
  });

  for (const part of ["routes", "records", "log"] as const) {
    it(`leave the same ${part} before the close, line by line`, () => {
      const lines = ({ before: seen }: World) => distinct(told(part, seen[part]));
      const [one, other] = [lines(tea), lines(water)];
      assert(one.length > 30, `${one.length} lines`);
      assert.deepEqual(
        one.filter((line) => !other.includes(line)),
        other.filter((line) => !one.includes(line)),
      );
    });
  }

  it("are extended, reminded of and told of at the same times in the same words", () => {
    const heard = ({ events }: World) =>
      events.map(({ id, at, type, words, tell }) => [id, worn(`${at}`), type, worn(words), tell]);
    assert.deepEqual(heard(tea), heard(water));
    const kinds = tea.events.map(({ type }) => type);
    assert(kinds.includes("reminder") && kinds.includes("extended"), kinds.join(", "));
    assert.deepEqual(tea.times, water.times);
    assert.equal(tea.times.extensions, 1);
  });

  it("are the same to a monitor: names, labels, and how often each route was asked for", () => {
    const series = ({ before: { metrics } }: World) =>
      [...new Set(metrics.map((line) => worn(line).replace(/ \S+$/, "")))].sort();
    assert.deepEqual(series(tea), series(water));
    const ballots = ({ before: { metrics } }: World) =>
      metrics.filter((line) => /_count\{.*ballots/.test(line)).sort();
    assert.deepEqual(ballots(tea), ballots(water));
    for (const { before: seen } of [tea, water]) {
      const about = seen.metrics.filter((line) => /tally|winner|option|choice/i.test(line));
      assert.deepEqual(about, []);
    }
  });

  it("leave nothing at all in Redis", () => {
    for (const { before: seen } of [tea, water]) {
      assert(seen.redis.every((line) => !/ballot|proposal|choice|vote/i.test(line)));
    }
  });

  it("say neither choice nor reason anywhere, as text or as bytes", () => {
    for (const [world, words] of [
      [tea, ["A>B>C", "Leaves are", '[["A"],["B"],["C"]]']],
      [water, ["C>B=A", "Wells.", '[["C"],["A","B"]]']],
    ] as const) {
      const { routes, records, log, metrics, redis } = world.before;
      const all = [...routes, ...records, ...log, ...metrics, ...redis].join("\n");
      for (const word of words) {
        for (const encoded of ["utf8", "hex", "base64"] as const) {
          const text = Buffer.from(word).toString(encoded).replace(/=+$/, "");
          assert(!all.includes(text), `${word} stands somewhere as ${encoded}`);
        }
      }
    }
  });
});
