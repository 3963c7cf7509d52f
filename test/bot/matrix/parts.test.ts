// Parts of the Matrix door by themselves: the budget of events, the ledger, lines.
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ask } from "../../../bot/commands/ask.ts";
import { COMMANDS } from "../../../bot/commands/table.ts";
import { eventBudget } from "../../../bot/matrix/budget.ts";
import { openLedger } from "../../../bot/matrix/ledger.ts";
import { readLine } from "../../../bot/matrix/lines.ts";
import { mayInvite } from "../../../bot/matrix/membership.ts";
import { ENGLISH } from "../../../bot/words/catalogue.ts";
import { fakeClock } from "../fake-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "matrix-parts-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the budget of events", () => {
  test("gives what the homeserver allows, in order, and keeps half for first and last words", async () => {
    const clock = fakeClock();
    const budget = eventBudget({ perSecond: 0.2, burst: 10, clock });
    let edits = 0;
    while (budget.tryTake()) edits++;
    assert.equal(edits, 5);
    const order: number[] = [];
    for (let at = 0; at < 8; at++) void budget.take().then(() => order.push(at));
    await clock.advance(0);
    assert.deepEqual(order, [0, 1, 2, 3, 4]);
    assert.equal(budget.tryTake(), false, "an edit does not overtake those who wait");
    await clock.advance(5000);
    assert.equal(order.length, 6);
    await clock.advance(10_000);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("is silent for as long as a refusal asks, and lets go of who gives up", async () => {
    const clock = fakeClock();
    const budget = eventBudget({ perSecond: 0, burst: 10, clock });
    budget.refused(4000);
    assert.equal(budget.tryTake(), false);
    const given: string[] = [];
    const giveUp = new AbortController();
    void budget.take(giveUp.signal).catch(() => given.push("gave up"));
    void budget.take().then(() => given.push("sent"));
    giveUp.abort();
    await clock.advance(3999);
    assert.deepEqual(given, ["gave up"]);
    await clock.advance(2);
    assert.deepEqual(given, ["gave up", "sent"]);
  });
});

describe("the ledger", () => {
  test("takes each event once, and after a restart again what was not done", () => {
    const file = join(folder, "ledger.jsonl");
    const ledger = openLedger(file);
    ledger.begin("!a", "$0");
    for (const id of ["$1", "$2", "$3"]) assert.equal(ledger.take("!a", id), true);
    assert.equal(ledger.take("!a", "$2"), false);
    ledger.done("!a", "$1", false);
    ledger.done("!a", "$3", true);
    assert.equal(ledger.mark("!a"), "$1", "the mark waits for what is under way");
    assert.equal(ledger.once("hello"), true);
    ledger.flush();
    appendFileSync(file, '{"mark":"$9","roo');
    const again = openLedger(file);
    assert.equal(again.mark("!a"), "$1");
    assert.equal(again.take("!a", "$3"), false, "what was acted on is never taken again");
    assert.equal(again.take("!a", "$2"), true);
    assert.equal(again.once("hello"), false);
    again.forget("!a");
    assert.equal(openLedger(file).mark("!a"), null);
  });
});

test("lines: long and short form, help, near misses, and other bots' words", () => {
  const read = (line: string, sure = false) => {
    const parsed = readLine({ line, sure }, COMMANDS, ask, ENGLISH);
    if (parsed === null) return null;
    if (parsed.kind === "refused") return parsed.code;
    return `${parsed.kind === "help" ? "help: " : ""}${parsed.command.name}`;
  };
  assert.deepEqual(
    [
      "!ask x",
      "!pool ask x",
      "!pool",
      "!pool settings",
      "!pool nodes",
      "!help ask",
      "!ask --help",
    ].map((line) => read(line)),
    ["ask", "ask", "pool", "pool settings", "pool nodes", "help: ask", "help: ask"],
  );
  assert.equal(read("!weather"), null);
  assert.equal(read("!weather", true), "unknown_command");
  assert.equal(read("!aks x"), "unknown_command");
  assert.equal(read("what is a node?", true), "ask");
  assert.equal(read("/models", true), "models");
});

test("invitations: users, servers with ports, everybody, nobody", () => {
  assert.equal(mayInvite("@a:example.org", ["@a:example.org"]), true);
  assert.equal(mayInvite("@b:example.org", ["@a:example.org"]), false);
  assert.equal(mayInvite("@b:example.org:8448", ["example.org:8448"]), true);
  assert.equal(mayInvite("@b:evil-example.org", ["example.org"]), false);
  assert.equal(mayInvite("@b:anywhere", ["*"]), true);
  assert.equal(mayInvite("", [""]), false);
});
