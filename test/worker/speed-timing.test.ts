import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SpeedMemory } from "../../worker/engines/llama/speed-memory.ts";
import { doublings, fastestSetting } from "../../worker/engines/llama/speed-timing.ts";

/** A machine whose speed for (threads, slots) is in a table; each try takes `ms` of its clock. */
function machine(speeds: Record<string, number | null>, ms = 0) {
  const asked: string[] = [];
  let time = 0;
  return {
    asked,
    now: () => time,
    async measure(threads: number, slots: number) {
      asked.push(`${threads}x${slots}`);
      time += ms;
      return speeds[`${threads}x${slots}`] as number | null;
    },
  };
}

test("1, 2, 4 … up to the cores are tried, and a collapse ends the search", async () => {
  assert.deepEqual(doublings(6), [1, 2, 4]);
  const m = machine({ "1x1": 100, "2x1": 180, "4x1": 3, "8x1": 500 });
  const tried = { threads: [1, 2, 4, 8], slots: [1] };
  const best = await fastestSetting(tried, m.measure, m.now, 1000);
  assert.deepEqual([best.threads, best.slots, best.tokensPerSecond], [2, 1, 180]);
  assert.deepEqual(m.asked, ["1x1", "2x1", "4x1"]);
  assert.deepEqual(best.measured[1], { threads: 2, slots: 1, tokensPerSecond: 180 });
});

test("more answers at once are kept while the total grows enough", async () => {
  const m = machine({ "1x1": 100, "1x2": 170, "1x4": 260, "1x8": 270 });
  const best = await fastestSetting({ threads: [1], slots: [1, 2, 4, 8] }, m.measure, m.now, 1000);
  assert.equal(best.slots, 4);
  assert.equal(best.tokensPerSecond, 100, "the speed of one answer alone");
  assert.equal(best.measured.length, 4);
});

test("no answer is made slower than people read, and lacking memory ends the search", async () => {
  const slow = machine({ "1x1": 8, "1x2": 11 });
  const one = await fastestSetting({ threads: [1], slots: [1, 2] }, slow.measure, slow.now, 1000);
  assert.equal(one.slots, 1, "5.5 tokens a second each is too slow");
  const full = machine({ "1x1": 100, "1x2": null });
  const alone = await fastestSetting({ threads: [1], slots: [1, 2, 4] }, full.measure, full.now, 9);
  assert.equal(alone.slots, 1);
  assert.deepEqual(full.asked, ["1x1", "1x2"]);
});

test("timing ends at its deadline with the best so far", async () => {
  const m = machine({ "1x1": 1, "2x1": 2, "4x1": 4, "8x1": 8 }, 400);
  const tried = { threads: [1, 2, 4, 8], slots: [1, 2, 4] };
  const best = await fastestSetting(tried, m.measure, m.now, 1000);
  assert.equal(best.threads, 4);
  assert.equal(m.now(), 1200);
});

test("what was measured is remembered for the same model and machine, for a month", () => {
  const folder = mkdtempSync(join(tmpdir(), "timings-"));
  try {
    let now = Date.UTC(2026, 0, 1);
    const memory = new SpeedMemory(folder, () => now);
    const found = { threads: 2, slots: 4, together: 4, tokensPerSecond: 90, measured: [] };
    const subject = { model: "a", machine: { cores: 8 } };
    assert.equal(memory.recall(subject), null);
    memory.keep(subject, found);
    assert.deepEqual(memory.recall({ machine: { cores: 8 }, model: "a" }), found);
    assert.equal(memory.recall({ model: "a", machine: { cores: 4 } }), null);
    now += 31 * 86_400_000;
    assert.equal(memory.recall(subject), null);
    now = Date.UTC(2026, 0, 2);
    writeFileSync(join(folder, readdirSync(folder)[0] as string), '{"threads":1e9}');
    assert.equal(memory.recall(subject), null, "a damaged note only costs measuring again");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
