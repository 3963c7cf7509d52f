import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { splitMessage } from "../../bot/stream/split.ts";

const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "```js\n",
        "```\n",
        "~~~~\n",
        "\n\n",
        "\n",
        "const a = 1;\n",
        "word ",
        "😀",
        "````py\n",
        "    indented\n",
      ),
      fc.string({ maxLength: 200 }),
      fc.lorem({ maxCount: 30 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));
const limits = fc.integer({ min: 64, max: 400 });

describe("splitting a long answer", () => {
  test("leaves every part within the limit", () => {
    fc.assert(
      fc.property(texts, limits, (text, max) => {
        for (const part of splitMessage(text, max))
          assert.ok(part.length <= max, `${part.length} > ${max}`);
      }),
      { numRuns: 500 },
    );
  });

  test("loses nothing but line ends at the cuts, and adds nothing but fences", () => {
    fc.assert(
      fc.property(texts, limits, (text, max) => {
        const bare = (value: string) =>
          value.replace(/^ {0,3}(`{3,}|~{3,})[^\n]*$/gm, "").replace(/\s+/g, "");
        assert.equal(bare(splitMessage(text, max).join("\n")), bare(text));
      }),
      { numRuns: 500 },
    );
  });

  test("does not make a fence of backticks that stood in the middle of a line", () => {
    const text = `    indented\n\`\`\`js\n${"words and more ".repeat(5)}\`\`\`js\nlast words here`;
    for (let max = 64; max < 130; max++) {
      const parts = splitMessage(text, max).map((part) => part.replace(/^```.*$/gm, ""));
      assert.match(parts.join("").replace(/\s+/g, ""), /more```js.*lastwordshere$/, `${max}`);
    }
  });

  test("closes a cut code fence and opens it again with its language", () => {
    const code = Array.from({ length: 30 }, (_, at) => `line ${at};`).join("\n");
    const parts = splitMessage(`Here:\n\n\`\`\`ts\n${code}\n\`\`\`\nDone.`, 120);
    assert.ok(parts.length > 2);
    for (const part of parts) assert.equal((part.match(/^```/gm)?.length ?? 0) % 2, 0, part);
    assert.match(parts[1] ?? "", /^```ts\nline /);
  });

  test("prefers the end of a paragraph to the end of a line", () => {
    const parts = splitMessage(`${"a ".repeat(30)}\n\n${"b ".repeat(10)}\n${"c ".repeat(30)}`, 100);
    assert.equal(parts[0], "a ".repeat(30));
  });

  test("never cuts an emoji in two", () => {
    for (const part of splitMessage("😀".repeat(200), 65)) assert.ok(part.isWellFormed());
  });

  test("keeps earlier parts while the text grows", () => {
    const text = Array.from({ length: 40 }, (_, at) => `Sentence number ${at} of a story.`).join(
      "\n\n",
    );
    const early = splitMessage(text.slice(0, 900), 300);
    assert.deepEqual(splitMessage(text, 300).slice(0, early.length - 1), early.slice(0, -1));
  });

  test("leaves a short answer and an empty one as they are", () => {
    assert.deepEqual(splitMessage("short", 100), ["short"]);
    assert.deepEqual(splitMessage("", 100), [""]);
  });
});
