import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MessageGone, type Pace, pacer } from "../../bot/stream/pacer.ts";
import { fakeClock } from "./fake-clock.ts";

const steady: Pace = { minGapMs: 100, growth: 1, maxGapMs: 100, maxEdits: null };

function recorder(
  pace: Pace,
  fail: (frame: string, count: number) => Error | null = () => null,
  editMs = 0,
) {
  const clock = fakeClock();
  const tries: { frame: string; at: number }[] = [];
  const arrived: string[] = [];
  let inFlight = 0;
  let most = 0;
  const paced = pacer<string>({
    pace,
    clock,
    backoffMs: 500,
    maxBackoffMs: 4000,
    async edit(frame) {
      tries.push({ frame, at: clock.now() });
      most = Math.max(most, ++inFlight);
      if (editMs > 0) await new Promise<void>((done) => void clock.after(editMs, done));
      inFlight--;
      const error = fail(frame, tries.length);
      if (error) throw error;
      arrived.push(frame);
    },
  });
  return { clock, paced, tries, arrived, mostInFlight: () => most };
}

describe("pacing edits", () => {
  test("shows the newest frame and skips those it overtook", async () => {
    const { clock, paced, arrived } = recorder(steady);
    for (const frame of ["a", "b", "c"]) paced.show(frame);
    await clock.advance(100);
    assert.deepEqual(arrived, ["c"]);
  });

  test("waits longer each time, up to the largest gap", async () => {
    const { clock, paced, tries } = recorder({
      minGapMs: 100,
      growth: 2,
      maxGapMs: 500,
      maxEdits: null,
    });
    for (let at = 0; at < 300; at++) {
      paced.show(`frame ${at}`);
      await clock.advance(10);
    }
    const gaps = tries.map(({ at }, index) => at - (tries[index - 1]?.at ?? 0));
    assert.deepEqual(gaps.slice(0, 6), [100, 200, 400, 500, 500, 500]);
  });

  test("stops at its allowance of edits and still brings the last frame", async () => {
    const { clock, paced, arrived } = recorder({ ...steady, maxEdits: 2 });
    for (const frame of ["a", "b", "c", "d"]) {
      paced.show(frame);
      await clock.advance(100);
    }
    assert.deepEqual(arrived, ["a", "b"]);
    const last = paced.finish("end");
    await clock.advance(100);
    assert.equal(await last, "arrived");
    assert.deepEqual(arrived, ["a", "b", "end"]);
  });

  test("tries the last frame again until it arrives, with growing gaps", async () => {
    const { clock, paced, tries, arrived } = recorder(steady, (_, count) =>
      count < 5 ? new Error("busy") : null,
    );
    const last = paced.finish("end");
    await clock.advance(60_000);
    assert.equal(await last, "arrived");
    assert.deepEqual(arrived, ["end"]);
    assert.deepEqual(
      tries.map(({ at }) => at),
      [100, 600, 1600, 3600, 7600],
    );
  });

  test("tries a failed frame again unless a newer one came meanwhile", async () => {
    const { clock, paced, tries } = recorder(
      steady,
      (_, count) => (count <= 2 ? new Error("busy") : null),
      50,
    );
    paced.show("a");
    await clock.advance(270);
    paced.show("b");
    await clock.advance(1000);
    assert.deepEqual(
      tries.map(({ frame }) => frame),
      ["a", "a", "b"],
    );
  });

  test("gives up at once when the message is gone", async () => {
    const { clock, paced, tries } = recorder(steady, () => new MessageGone("deleted"));
    const last = paced.finish("end");
    await clock.advance(10_000);
    assert.equal(await last, "gone");
    assert.equal(tries.length, 1);
    assert.equal(clock.pending(), 0);
  });

  test("leaves no timer behind when it is abandoned", async () => {
    const { clock, paced, arrived } = recorder(steady);
    paced.show("a");
    paced.abandon();
    await clock.advance(1000);
    assert.deepEqual(arrived, []);
    assert.equal(await paced.finish("end"), "abandoned");
    assert.equal(clock.pending(), 0);
  });

  test("whatever fails and however slow: one edit at a time, in order, gaps kept, the last one arrives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ waitMs: fc.nat(300), show: fc.boolean() }), { maxLength: 40 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        fc.integer({ min: 0, max: 250 }),
        fc.record({
          minGapMs: fc.integer({ min: 1, max: 200 }),
          growth: fc.constantFrom(1, 1.5, 2),
          maxGapMs: fc.integer({ min: 1, max: 1000 }),
          maxEdits: fc.option(fc.integer({ min: 0, max: 10 }), { nil: null }),
        }),
        async (steps, failures, editMs, pace) => {
          const run = recorder(
            pace,
            (_, count) => (failures[count - 1] ? new Error("no") : null),
            editMs,
          );
          let shown = 0;
          for (const step of steps) {
            if (step.show) run.paced.show(String(++shown).padStart(3, "0"));
            await run.clock.advance(step.waitMs);
          }
          const last = run.paced.finish("end");
          run.paced.show("too late");
          await run.clock.advance(300_000);
          assert.equal(await last, "arrived");
          assert.equal(run.arrived.at(-1), "end");
          assert.deepEqual(run.arrived, [...run.arrived].sort());
          assert.ok(run.mostInFlight() <= 1);
          for (const [at, attempt] of run.tries.entries()) {
            const before = run.tries[at - 1];
            assert.ok(attempt.at - ((before?.at ?? 0) + (before ? editMs : 0)) >= pace.minGapMs);
          }
          const early = run.tries.filter(({ frame }) => frame !== "end").length;
          assert.ok(pace.maxEdits === null || early <= pace.maxEdits);
          assert.equal(run.clock.pending(), 0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
