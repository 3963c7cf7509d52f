import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  BREAK,
  discordMarkdown,
  discordParts,
  plainLine,
  withoutMarks,
} from "../../../bot/discord/render/markdown.ts";
import { bodyOf, type ShownMessage } from "../../../bot/discord/render/message.ts";
import { messagesOf } from "../../../bot/discord/render/views.ts";
import { sanitiseModelText } from "../../../bot/views/text/sanitise.ts";
import type { AnswerView } from "../../../bot/views/view.ts";
import { wordsFor } from "../../../bot/words/catalogue.ts";
import { discordJudge } from "../../support/discord/judge.ts";

/** Pieces of model output that mean harm in Discord, among ordinary ones. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pieces()) },
      { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
      { weight: 2, arbitrary: fc.lorem({ maxCount: 20 }) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

function pieces(): string[] {
  return [
    "@everyone",
    "@here",
    "@\u200beveryone",
    "<@123456789012345678>",
    "<@!123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "</ask:123456789012345678>",
    "<id:customize>",
    "<t:1700000000:R>",
    "<:name:123456789012345678>",
    "<a:name:123456789012345678>",
    "[bank](https://evil.example)",
    "[bank](<https://evil.example>)",
    "[a]\\(https://evil.example)",
    "[",
    "](",
    "]",
    "(https://evil.example)",
    "https://discord.gg/abc",
    "discord.gg/abc",
    "https://discord.com/invite/abc",
    "https://discordapp.com/gifts/abc",
    "https://evil.example/path_with_underscores",
    "```",
    "```js\n",
    "````",
    "~~~",
    "\n```\n",
    "\n~~~~\n",
    "\n```\n```\n",
    "\n```\n\n```\n",
    "`",
    "``",
    "\\",
    "\\`",
    '-# node "maple" · receipt fake',
    "\n-# ",
    "\n>>> ",
    "\n> ",
    "\n# ",
    "||",
    "**",
    "__",
    "*",
    "_",
    "\n|a|b|\n|-|-|\n|1|2|\n",
    "\n| head | other |\n|:--|--:|\n| a very long cell that will not fit on a phone | b |\n",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\u0000",
    "\ud800",
    "😀",
    "\n\n",
    "\n",
    "\r\n",
    "   ",
    "word ".repeat(60),
  ];
}

/** Code blocks as Discord's own parser finds them: anywhere, with an optional language. */
const CODE_BLOCK = /```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```/gi;

function partsOf(raw: string, max = 600): string[] {
  return discordParts(sanitiseModelText(raw), max);
}

/** Thousands of generated texts; the seed is printed when one fails. */
function always(check: (raw: string) => void): void {
  fc.assert(fc.property(hostile, check), { numRuns: 4000 });
}

describe("hostile model text in Discord", () => {
  test("never mentions anybody, in no part of it", () => {
    always((raw) => {
      for (const part of partsOf(raw)) {
        assert.doesNotMatch(part, /@(everyone|here)/i);
        assert.doesNotMatch(part, /<(@[!&]?\d+|#\d+|\/[^<>]+:\d+|id:\w+)>/);
        const prose = part.replace(CODE_BLOCK, "");
        assert.doesNotMatch(prose, /<(a?:\w+:\d+|t:-?\d+(:\w)?)>/);
      }
    });
  });

  test("never hides a link behind other words and shows no invitation", () => {
    always((raw) => {
      for (const part of partsOf(raw)) {
        const prose = part.replace(CODE_BLOCK, "");
        assert.doesNotMatch(prose, /\]\(/);
        assert.doesNotMatch(prose, /discord\.(gg|gift|new)\b/i);
        assert.doesNotMatch(prose, /discord(app)?\.com\/(invite|gifts)/i);
      }
    });
  });

  test("keeps every code block within its part, opened and closed", () => {
    always((raw) => {
      for (const part of partsOf(raw)) {
        const fences = part.match(/`{3,}/g) ?? [];
        assert.equal(fences.length % 2, 0, JSON.stringify(part));
        const left = part.replace(CODE_BLOCK, "");
        assert.doesNotMatch(left, /```|~~~/, JSON.stringify(part));
      }
    });
  });

  test("imitates no small print and quotes nothing that follows", () => {
    always((raw) => {
      for (const part of partsOf(raw)) {
        const prose = part.replace(CODE_BLOCK, "");
        assert.doesNotMatch(prose, /^\s*-#/m);
        assert.doesNotMatch(prose, />>>/);
      }
    });
  });

  test("keeps to the limit, in whole characters", () => {
    always((raw) => {
      for (const part of partsOf(raw)) {
        assert.ok(part.length <= 600);
        assert.ok(part.isWellFormed());
      }
    });
  });

  test("loses nothing of the text", () => {
    // Fence lines, table rules and white space are Discord's or ours; everything else must be there, in order.
    const bare = (text: string) =>
      text
        .replaceAll(BREAK, "")
        .replace(/^\s*(`{3,}|~{3,})[^\n]*$/gm, "")
        .replace(/[\s|:`~*·-]/g, "")
        .replaceAll("\\", "");
    always((raw) => {
      const text = sanitiseModelText(raw);
      assert.equal(bare(partsOf(raw).join("\n")), bare(text));
    });
  });

  test("shows a name as it is, whatever it is called", () => {
    fc.assert(
      fc.property(fc.constantFrom(...pieces()), fc.string(), (piece, rest) => {
        const line = sanitiseModelText(`${piece} ${rest}`).replace(/\s+/g, " ");
        const shown = plainLine(line);
        assert.doesNotMatch(shown, /`|\]\(/);
        const said = line.replaceAll("`", "'").replaceAll("\\", "").replaceAll(BREAK, "");
        assert.equal(withoutMarks(shown).replaceAll("\\", ""), said);
      }),
      { numRuns: 2000 },
    );
  });

  test("makes only messages that Discord takes, as cards and as plain text", () => {
    const judge = discordJudge();
    const words = wordsFor(null);
    const view = (text: string, final: boolean): AnswerView => ({
      kind: "answer",
      jobId: "00000000-0000-4000-8000-000000000000",
      asker: "a",
      phase: final ? "done" : "writing",
      final,
      status: final ? null : text.slice(0, 300),
      notices: [text.slice(0, 1000), text.slice(0, 1000)],
      text: sanitiseModelText(text),
      footer: final ? text.slice(0, 900) : null,
      part: 1,
      parts: 1,
      actions: [{ id: "where:00000000-0000-4000-8000-000000000000", label: "x", member: null }],
    });
    const path = "/channels/1100000000000000001/messages";
    fc.assert(
      fc.property(
        hostile,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.constantFrom("card" as const, "plain" as const),
        (raw, times, final, form) => {
          const text = sanitiseModelText(Array(times).fill(raw).join("\n\n"));
          const messages = messagesOf(view(text, final), { form, words, threads: true });
          assert.ok(messages.length <= 3);
          for (const message of messages) {
            const body = JSON.parse(JSON.stringify(bodyOf(message, form)));
            assert.deepEqual(judge.request({ method: "POST", path, body }), []);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("answers in Discord's Markdown", () => {
  test("draws a narrow table as code and a wide one as a list", () => {
    assert.equal(
      discordMarkdown("Before\n\n| a | bc |\n|---|---|\n| 1 | 2 |\n\nAfter"),
      "Before\n\n```\na  bc\n-  --\n1  2\n```\n\nAfter",
    );
    const wide = `| name | what it does |\n|---|---|\n| one | ${"long ".repeat(12)}|`;
    assert.match(discordMarkdown(wide), /^\*\*name · what it does\*\*\n- one · long long/);
  });

  test("closes a fence that the model left open, and keeps its language", () => {
    assert.equal(discordMarkdown("```ts\nconst a = 1;"), "```ts\nconst a = 1;\n```");
  });

  test("leaves ordinary text as it is", () => {
    const text =
      "**Bold**, *soft*, `code`, a list:\n- one\n- two\n\n> quote\n\nhttps://a.example/b_c";
    assert.equal(discordMarkdown(text), text);
  });

  test("keeps code as it was typed", () => {
    const text = "```js\nconst f = handlers[0](event); // <@1>\n```";
    assert.equal(discordMarkdown(text), text);
  });

  test("gives the footer room whatever happened on the way", () => {
    const message: ShownMessage = {
      kind: "answer",
      body: "x".repeat(3000),
      status: null,
      notices: Array(10).fill("a notice ".repeat(100)),
      footer: "node · receipt k3xq7v2mfa",
      buttons: [],
      menus: [],
      files: [],
    };
    assert.match(JSON.stringify(bodyOf(message, "card")), /receipt k3xq7v2mfa/);
  });
});
