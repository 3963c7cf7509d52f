// The text of an answer while it is written: nothing is lost, and a token costs the same wherever it stands.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { AnswerText } from "../../api/jobs/answer-text.ts";

describe("the text of an answer being written", () => {
  it("is sent on once, in order, and is whole at every moment", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(null)), { maxLength: 2000 }),
        (steps) => {
          const text = new AnswerText();
          let [added, sent] = ["", ""];
          for (const piece of steps) {
            if (piece === null) {
              const fresh = text.takeUnsent();
              assert.equal(fresh.offset, sent.length);
              sent += fresh.text;
            } else {
              text.add(piece);
              added += piece;
            }
            assert.ok(added.startsWith(sent));
          }
          assert.equal(text.whole(), added);
          assert.equal(sent + text.takeUnsent().text, added);
          assert.equal(text.whole(), added);
        },
      ),
      { numRuns: 50 },
    );
  });

  // To cut every piece out of the whole would copy 125 GB here, and to keep them all apart takes 4 MB and more.
  it("takes half a million pieces without copying all that is there for each", {
    timeout: 20_000,
  }, () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const text = new AnswerText();
    for (let at = 0; at < 500_000; at++) {
      text.add("x");
      text.takeUnsent();
    }
    collectGarbage();
    assert.ok(process.memoryUsage().heapUsed - before < 2_000_000);
    assert.equal(text.whole().length, 500_000);
  });
});
