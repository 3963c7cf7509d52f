import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { turns } from "../../../bot/discord/write/turns.ts";
import { fakeClock } from "../fake-clock.ts";

const ALLOWED = { channel: { limit: 5, windowMs: 5000 }, all: { limit: 12, windowMs: 1000 } };

describe("turns within Discord's limits", () => {
  test("never start more requests in any window than allowed, per channel and over all", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 700 })), {
          minLength: 1,
          maxLength: 80,
        }),
        async (asked) => {
          const clock = fakeClock();
          const lanes = turns(ALLOWED, clock);
          const started: { lane: string; at: number }[] = [];
          for (const [lane, pauseMs] of asked) {
            const name = `c${lane}`;
            void lanes.take(name).then(() => started.push({ lane: name, at: clock.now() }));
            await clock.advance(pauseMs);
          }
          await clock.advance(200_000);
          assert.equal(started.length, asked.length, "everybody gets a turn");
          for (const { lane, at } of started) {
            const within = (windowMs: number) =>
              started.filter((one) => one.at >= at && one.at < at + windowMs);
            assert.ok(within(1000).length <= 12);
            assert.ok(within(5000).filter((one) => one.lane === lane).length <= 5);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("let a channel that rested start at once, and keep the order within it", async () => {
    const clock = fakeClock();
    const lanes = turns(ALLOWED, clock);
    const order: number[] = [];
    for (let at = 0; at < 6; at++) void lanes.take("c").then(() => order.push(at));
    await clock.advance(0);
    assert.deepEqual(order.slice(0, 2), [0, 1]);
    await clock.advance(20_000);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
  });
});
