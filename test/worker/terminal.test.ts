import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WorkerStatus } from "../../worker/control/wire.ts";
import { curve, statusLines, viewLines } from "../../worker/terminal/draw.ts";
import { cells, coloured, fitted, plainText } from "../../worker/terminal/line.ts";
import { Screen } from "../../worker/terminal/screen.ts";
import { printable } from "../../worker/words.ts";

const NOW = Date.UTC(2026, 5, 5, 10);
const status: WorkerStatus = {
  name: "willow",
  node: `SHA256:${"A".repeat(43)}`,
  url: "https://pool.example",
  pool: { name: "Grove pool", keyId: `SHA256:${"B".repeat(43)}` },
  connection: { is: "connected", since: NOW - 720_000, problem: "" },
  state: "open",
  until: NOW + 3_600_000,
  why: "",
  engine: { name: "llama", library: "node-llama-cpp", backend: "cpu", threads: 2, auditable: true },
  models: [
    { sha256: "a".repeat(64), name: "Small", bytes: 98e6, loaded: true, tokensPerSecond: 115 },
  ],
  fetches: [],
  slots: { total: 2, taken: 1 },
  tokensPerSecond: 34.4,
  curve: [...Array(58).fill(0), 10, 40],
  today: { answers: 14, tokens: 3210, most: 100 },
  waiting: 3,
  clockAheadMs: 0,
  hours: "mon-fri 8:00-13:00",
  zone: "UTC",
  limits: { threads: null, memoryBytes: null, vramBytes: null },
  measured: [],
};
const extras = { columns: 80, rows: 24, now: NOW, log: ["10:00:00 answered"], help: false };
const view = (changes: object = {}, more: object = {}) =>
  viewLines({ ...status, ...changes } as WorkerStatus, { ...extras, ...more }).map(plainText);

test("the view shows pool, model, speed, the day, the queue and the hours", () => {
  const lines = view();
  assert.match(lines[0] ?? "", /^The Substrate · willow {2,}● answering$/);
  const text = lines.join("\n");
  for (const part of [
    /pool {4}Grove pool · connected for 12 min/,
    /model {3}Small · 98 MB · 115 tokens\/s alone/,
    /engine {2}node-llama-cpp \(cpu\) · 2 threads · 2 answers at once/,
    /now {5}1 of 2 answers · 34 tokens\/s .*▂█/,
    /today {3}14 answers · 3,210 tokens · at most 100 answers/,
    /queue {3}3 waiting for your models/,
    /hours {3}mon-fri 8:00-13:00 \(UTC\) · until Fri 11:00/,
    /10:00:00 answered/,
    /p pause {2}q leave {2}\? help$/,
  ]) {
    assert.match(text, part);
  }
});

test("every state is said in words", () => {
  assert.match(view({ state: "paused", until: null })[0] ?? "", /● paused/);
  assert.match(view({ state: "paused" }).at(-1) ?? "", /p resume/);
  assert.match(view({ state: "draining" })[0] ?? "", /leaving, 1 to finish/);
  assert.match(view({ state: "draining" }).at(-1) ?? "", /q leave at once/);
  const off = { state: "off-hours", why: "outside its hours" };
  assert.match(view(off).join("\n"), /● outside its hours[\s\S]*again Fri 11:00/);
  const lost = { connection: { is: "waiting", since: NOW, problem: "connect ECONNREFUSED" } };
  assert.match(
    view(lost).join("\n"),
    /● not connected[\s\S]*trying to connect for 0 s \(connect ECONNREFUSED\)/,
  );
  const remote = { engine: { ...status.engine, auditable: false } };
  assert.match(view(remote).join("\n"), /not auditable/);
  assert.match(
    view({}, { help: true }).join("\n"),
    /q {6}leave: finishes what it is writing first/,
  );
});

test("at every size each line fits, and the view never has more lines than the terminal", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 60 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 60 }),
      name,
      fc.array(name, { maxLength: 30 }),
      fc.boolean(),
      (columns, rows, poolName, log, help) => {
        const given = { ...status, pool: { name: poolName, keyId: status.node } };
        const lines = viewLines(given, { columns, rows, now: NOW, log, help });
        assert.equal(lines.length, rows);
        for (const line of lines) assert(cells(plainText(line)) <= columns, plainText(line));
      },
    ),
  );
});

test("text from the pool cannot steer the terminal", () => {
  const evil = "nice\x1b]0;owned\x07\x1b[2J\r\n\u202epool\u009b31m";
  const lines = statusLines({ ...status, pool: { name: evil, keyId: status.node } }, 200, NOW);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.doesNotMatch(lines.join(""), /[\x00-\x1f\x7f-\x9f\u202e]/);
  assert.equal(printable("a\tb"), "a b");
});

test("wide characters count as two cells and are never cut in half", () => {
  assert.equal(cells("日本"), 4);
  assert.equal(cells("👩‍🌾"), 2);
  assert.equal(plainText(fitted([["日本語"]], 5)), "日本…");
  assert.equal(coloured([["ok", "good"]]), "\x1b[32mok\x1b[0m");
  assert.equal(curve([0, 1, 8], 3), " ▁█");
});

test("only lines that changed are written, in one write, and the terminal is given back", () => {
  const written: string[] = [];
  const out = {
    fd: -1,
    columns: 20,
    rows: 3,
    write: (text: string) => written.push(text),
    on() {},
    off() {},
  };
  const screen = new Screen(out, () => {});
  screen.open();
  screen.draw(["one", "two"]);
  screen.draw(["one", "2"]);
  screen.draw(["one", "2"]);
  screen.close();
  assert.equal(written.length, 3, "opening, all, one change; nothing where nothing changed");
  assert.match(written[0] ?? "", /\?1049h/);
  assert(!written[2]?.includes("one") && written[2]?.includes("\x1b[2;1H\x1b[2K2"));
});
