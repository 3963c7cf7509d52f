// Names, reasons and values from strangers on boards and in forms: they are shown as they are, and nothing else.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formOf, textField } from "../../../bot/discord/controls/form.ts";
import { bodyOf } from "../../../bot/discord/render/message.ts";
import { messagesOf } from "../../../bot/discord/render/views.ts";
import { memberCard } from "../../../bot/views/community/member.ts";
import { nodeCard, nodesCard } from "../../../bot/views/community/nodes.ts";
import { reportCard } from "../../../bot/views/community/report.ts";
import { COMMUNITY_KEYS, settingsCard } from "../../../bot/views/community/settings.ts";
import { waitingCard } from "../../../bot/views/community/waiting.ts";
import type { CardView } from "../../../bot/views/view.ts";
import { LANGUAGES, wordsFor } from "../../../bot/words/catalogue.ts";
import type { PolicyEntry } from "../../../protocol/wire/policy.ts";
import { discordJudge } from "../../support/discord/judge.ts";
import { memberOf, nodeOf } from "../fake-community.ts";
import { SHA } from "../pool-fixtures.ts";

const PIECES = [
  "@everyone",
  "<@123456789012345678>",
  "<@&123456789012345678>",
  "<#123456789012345678>",
  "</ask:123456789012345678>",
  "<t:1700000000:R>",
  "[bank](https://evil.example)",
  "https://discord.gg/abc",
  "```js\n",
  "`",
  "\n-# receipt fake",
  "\n# ",
  "\n>>> ",
  "||",
  "**",
  "\u202e",
  "\u200b",
  "\u0000",
  "\ud800",
  "{name}",
  "{n}",
  "𝔘".repeat(60),
  "long ".repeat(200),
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 8 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));

function cardsWith(text: string, tag: string): CardView[] {
  const words = wordsFor(tag);
  const names = { nameOf: () => text, idOf: () => null };
  const node = {
    ...nodeOf(text, SHA.key),
    standings: [
      { scope: "*", state: "barred" as const, reason: text, by: text, at: 1, until: null },
    ],
  };
  const values: Record<string, unknown> = {
    channels_allowed: Array(30).fill(text),
    may_ask: { roles: [text] },
    quota_per_day: 3,
    default_model: text,
    privacy: "own",
    retention_days: null,
    language: text,
    report_room: text,
    votes_room: text,
    moderator_roles: [text],
    system_prompt: text,
  };
  const entries: PolicyEntry[] = COMMUNITY_KEYS.map((key) => ({
    key,
    value: values[key],
    level: "community",
    setBy: { kind: "moderator", account: text },
    setAt: 1,
    open: true,
  }));
  const job = {
    id: "00000000-0000-4000-8000-000000000000",
    member: text,
    room: text,
    model: { sha256: SHA.model, name: text },
    askedAt: 1,
  };
  return [
    settingsCard(entries, "pool settings", words, names),
    nodesCard(
      { nodes: [node, { ...node, keyId: `${SHA.key.slice(0, -1)}x` }], mayDecide: true },
      { nodes: "a", invite: "b" },
      words,
      names,
    ),
    nodeCard(node, true, words, names),
    memberCard(
      { ...memberOf(text), nodes: [{ ...memberOf("x").nodes[0]!, name: text }] },
      words,
      names,
    ),
    reportCard(
      {
        id: job.id,
        jobId: job.id,
        community: "c",
        room: text,
        reportRoom: "r",
        receiptId: "k3xq7v2mfa",
        nodes: [{ keyId: SHA.key, name: text }],
        account: text,
        reason: text,
        at: 1,
        handledBy: null,
        handledAt: null,
      },
      words,
      names,
    ),
    waitingCard(
      { total: 1, jobs: [{ ...job, expiresAt: 2, ahead: 0, etaMs: null, notice: text }] },
      {
        total: 1,
        jobs: [
          {
            ...job,
            state: "failed",
            endedAt: 2,
            notice: { code: "no_node", message: text },
            attempts: [],
          },
        ],
      },
      1000,
      words,
      names,
    ),
  ];
}

describe("what strangers call things, on Discord's cards", () => {
  test("pings nobody, opens no markup, and keeps to what Discord takes", () => {
    const judge = discordJudge();
    const path = "/channels/1100000000000000001/messages";
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom(...LANGUAGES),
        fc.constantFrom("card" as const, "plain" as const),
        (text, tag, form) => {
          for (const view of cardsWith(text, tag)) {
            const rendering = { form, words: wordsFor(tag), threads: false };
            for (const message of messagesOf(view, rendering)) {
              const body = JSON.parse(JSON.stringify(bodyOf(message, form)));
              assert.deepEqual(judge.request({ method: "POST", path, body }), []);
              const shown = message.body;
              assert.doesNotMatch(shown, /@(everyone|here)/i);
              assert.doesNotMatch(shown, /<(@[!&]?\d+|#\d+|\/[^<>]+:\d+)>/);
              assert.doesNotMatch(shown, /\]\(|```/);
              // Times are ours: only `:f`, of the card's own moments.
              assert.doesNotMatch(shown, /<t:\d+:[^f]>/);
              assert.doesNotMatch(shown, /^\s*(-#|#|>>>) /m);
              assert.ok(!shown.includes("\u202e") && !shown.includes("\u0000"));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("fits every form, whatever value is in it", () => {
    const judge = discordJudge();
    const path = "/interactions/1100000000000000001/token/callback";
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 4000 }), (text, maxLength) => {
        const value = text.toWellFormed();
        const field = textField({ value, long: true, required: false, maxLength });
        const titles = { title: value || "x", label: value || "x", hint: value || null };
        const data = formOf({ customId: "set:system_prompt:0", ...titles, field });
        const body = JSON.parse(JSON.stringify({ type: 9, data }));
        assert.deepEqual(judge.request({ method: "POST", path, body }), []);
      }),
      { numRuns: 200 },
    );
  });

  test("longer than three messages say so, with everything in a file", () => {
    const words = wordsFor("en-US");
    const rows = Array.from({ length: 300 }, (_, at) => ({
      term: `row ${at}`,
      detail: "long ".repeat(20),
      code: false,
    }));
    const section = { id: "rows", title: "Rows", rows, lines: [], ordered: false };
    const card = (sections: CardView["sections"]): CardView => ({
      ...{ kind: "card", id: "proposal:12", title: "Long", line: null, sections },
      actions: [{ id: "gov:12:back", label: "Back", member: null }],
    });
    for (const form of ["card", "plain"] as const) {
      const shown = messagesOf(card([section]), { form, words, threads: false });
      assert.equal(shown.length, 3);
      const last = shown.at(-1);
      assert.deepEqual(last?.notices, [words.card_as_file]);
      assert.equal(last?.buttons.length, 1);
      assert.equal(last?.files[0]?.name, "proposal-12.txt");
      assert.match(Buffer.from(last?.files[0]?.bytes ?? []).toString(), /row 0\b[\s\S]*row 299/);
      const short = messagesOf(card([{ ...section, rows: rows.slice(0, 2) }]), {
        ...{ form, words, threads: false },
      });
      assert.deepEqual([short.length, short[0]?.notices, short[0]?.files], [1, [], []]);
    }
  });
});
