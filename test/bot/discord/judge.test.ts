import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { discordJudge } from "../../support/discord/judge.ts";

const judge = discordJudge();
const silent = { parse: [] };
const MESSAGES = "/channels/1100000000000000001/messages";
const COMMANDS = "/applications/1100000000000000002/commands";
const CALLBACK = "/interactions/1100000000000000003/token/callback";
const card = (...components: object[]) => ({
  flags: 1 << 15,
  allowed_mentions: silent,
  components: [{ type: 17, components }],
});
const text = (content: string) => ({ type: 10, content });

function asked(path: string, body: unknown, method = "POST"): string[] {
  return judge.request({ method, path, body });
}

describe("the judge of what we send to Discord", () => {
  test("lets good requests pass", () => {
    const good: [string, unknown, string?][] = [
      [MESSAGES, { content: "hello", flags: 4, allowed_mentions: silent }],
      [MESSAGES, card(text("hello"), { type: 14 })],
      [`${MESSAGES}/1100000000000000009`, card(text("hello")), "PATCH"],
      [CALLBACK, { type: 5, data: { flags: 64 } }],
      [CALLBACK, { type: 8, data: { choices: [{ name: "a", value: "b" }] } }],
      [COMMANDS, [{ name: "ask", description: "Ask", type: 1 }], "PUT"],
    ];
    for (const [path, body, method] of good) assert.deepEqual(asked(path, body, method), [], path);
  });

  const bad: [string, string, unknown, RegExp, string?][] = [
    ["a route Discord does not have", "/channels/1/poems", {}, /no POST/],
    ["an unknown key", MESSAGES, { ...card(text("a")), colour: 1 }, /additional/],
    ["an unknown key deep inside", MESSAGES, card({ ...text("a"), colour: 1 }), /./],
    ["an unknown part", MESSAGES, card({ type: 99, content: "a" }), /./],
    ["a wrong type", MESSAGES, { content: 5, allowed_mentions: silent }, /content/],
    [
      "2,001 characters in a plain message",
      MESSAGES,
      { content: "x".repeat(2001), flags: 4, allowed_mentions: silent },
      /2001/,
    ],
    ["4,001 characters in a card", MESSAGES, card(text("x".repeat(4000)), text("y")), /4001/],
    ["41 parts", MESSAGES, card(...Array.from({ length: 40 }, () => text("a"))), /40/],
    [
      "a button without custom_id",
      MESSAGES,
      card({ type: 1, components: [{ type: 2, style: 1, label: "Go" }] }),
      /custom_id/,
    ],
    [
      "two buttons with one custom_id",
      MESSAGES,
      card({
        type: 1,
        components: [1, 2].map(() => ({ type: 2, style: 1, label: "Go", custom_id: "a" })),
      }),
      /same custom_id/,
    ],
    ["a card with content", MESSAGES, { ...card(text("a")), content: "b" }, /no content/],
    ["a card without its flag", MESSAGES, { ...card(text("a")), flags: 0 }, /flag/],
    ["a ping", MESSAGES, { content: "@everyone", flags: 4 }, /pinged/],
    [
      "a ping of the one replied to",
      MESSAGES,
      { content: "a", flags: 4, allowed_mentions: { parse: [], replied_user: true } },
      /pinged/,
    ],
    ["a preview", MESSAGES, { content: "https://a.example", allowed_mentions: silent }, /embeds/],
    ["an unknown callback", CALLBACK, { type: 77 }, /./],
    [
      "2,001 characters in a reply",
      CALLBACK,
      { type: 4, data: { content: "x".repeat(2001), flags: 4, allowed_mentions: silent } },
      /./,
    ],
    ["a name of 33 letters", COMMANDS, [{ name: "a".repeat(33), description: "b" }], /./, "PUT"],
    ["a command without description", COMMANDS, [{ name: "a" }], /no description/, "PUT"],
    [
      "an option without description",
      COMMANDS,
      [{ name: "a", description: "b", options: [{ type: 3, name: "c" }] }],
      /./,
      "PUT",
    ],
    [
      "a message command with one",
      COMMANDS,
      [{ name: "A", type: 3, description: "b" }],
      /may/,
      "PUT",
    ],
    ["131 commands", COMMANDS, Array(131).fill({ name: "a", description: "b" }), /130/, "PUT"],
    [
      "a thread that lasts two minutes",
      `${MESSAGES}/1100000000000000009/threads`,
      { name: "a", auto_archive_duration: 2 },
      /./,
    ],
  ];
  for (const [what, path, body, complaint, method] of bad) {
    test(`refuses ${what}`, () => {
      assert.match(asked(path, body, method ?? "POST").join("; "), complaint);
    });
  }

  test("refuses wrong answers of the emulator too", () => {
    const asked = { method: "GET", path: "/gateway/bot", body: null };
    const start = { total: 1, remaining: 1, reset_after: 0, max_concurrency: 1 };
    const good = { url: "ws://127.0.0.1:1", shards: 1, session_start_limit: start };
    assert.deepEqual(judge.response(asked, 200, good), []);
    assert.notDeepEqual(judge.response(asked, 200, { url: good.url }), []);
    assert.notDeepEqual(judge.response(asked, 200, { ...good, extra: 1 }), []);
    assert.notDeepEqual(judge.response(asked, 299, good), []);
  });
});
