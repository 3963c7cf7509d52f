// Every view in every language beside the English one: what stays the same must be a name, a number or a fact.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lostMessage, notices } from "../../../api/jobs/notices.ts";
import { COMMANDS } from "../../../bot/commands/table.ts";
import { answerView, beginAnswer } from "../../../bot/views/answer.ts";
import { inviteCard } from "../../../bot/views/community/invite.ts";
import { memberCard } from "../../../bot/views/community/member.ts";
import { nodeCard, nodesCard } from "../../../bot/views/community/nodes.ts";
import { reportCard } from "../../../bot/views/community/report.ts";
import { settingsCard } from "../../../bot/views/community/settings.ts";
import { waitingCard } from "../../../bot/views/community/waiting.ts";
import { helpView } from "../../../bot/views/help.ts";
import { modelsView } from "../../../bot/views/models.ts";
import { poolView } from "../../../bot/views/pool.ts";
import { provenanceView } from "../../../bot/views/provenance.ts";
import type { View } from "../../../bot/views/view.ts";
import { ENGLISH, LANGUAGES, type Words, wordsFor } from "../../../bot/words/catalogue.ts";
import { checksNotRun } from "../../../protocol/receipts/checks.ts";
import { compareReceipt } from "../../../protocol/receipts/compare-receipt.ts";
import type { Job, Provenance } from "../../../protocol/wire/http.ts";
import { POLICY_KEYS, type PolicyEntry, policyKeys } from "../../../protocol/wire/policy.ts";
import { memberOf, nodeOf } from "../fake-community.ts";
import { answerOf, poolModels, poolStatus, provenanceOf, SHA } from "../pool-fixtures.ts";

const job: Job = {
  id: "0b29a1c2-0000-4000-8000-000000000001",
  state: "queued",
  community: "discord:1",
  member: "discord:2",
  room: "discord:3",
  createdAt: 1_760_000_000_000,
  model: { sha256: SHA.model, name: "SmolLM2" },
  seedCommitment: SHA.other,
  continues: null,
  ahead: 3,
  etaMs: 500,
  node: null,
  lostAttempts: (["node_left", "node_silent", "node_refused", "bad_frames"] as const).map(
    (code, at) => ({
      attempt: at + 1,
      node: { keyId: SHA.key, name: "maple", role: "generate" },
      code,
      message: lostMessage(code, "maple"),
    }),
  ),
  answer: null,
  notice: null,
};
const node = { keyId: SHA.key, name: "maple", role: "generate" };
const names = { nameOf: (_: string, id: string) => id, idOf: () => null };

const jobs: Job[] = [
  job,
  { ...job, ahead: 0 },
  { ...job, notice: notices.waitingForNode("SmolLM2", 600_000) },
  { ...job, state: "running", node },
  { ...job, state: "failed", notice: notices.noNode("SmolLM2") },
  { ...job, state: "expired", notice: notices.expired(600_000) },
  { ...job, state: "failed", notice: notices.tooManyAttempts(3) },
  { ...job, state: "cancelled" },
  {
    ...job,
    state: "done",
    answer: {
      ...answerOf("Paris.", "maple"),
      finishReason: "length",
      turnsDropped: 4,
      auditable: false,
      lineageLine: "SmolLM2 · licence unknown · training data undisclosed (as the file declares)",
    },
  },
];

/** Provenance with every check the pool has, as its own code words them. */
function provenances(): Provenance[] {
  const whole = provenanceOf({ ...job, state: "done", answer: answerOf("Paris.", "maple") });
  const { statement } = whole.receipt;
  const known = { manifest: statement.predicate, poolKeyId: SHA.key, tokenIds: null };
  const ran = compareReceipt(statement, {
    ...known,
    manifestPayload: new Uint8Array(),
    answer: new Uint8Array(),
  } as never);
  const checks = [
    ...ran.map(({ id, title, detail }) => ({ id, title, state: "passed" as const, detail })),
    ...checksNotRun(statement),
  ];
  const howToVerify = ["Save it.", "Get the source.", "Run: npm run verify.", "Other tools."];
  const unknown = {
    ...whole.lineage,
    entries: whole.lineage.entries.map((entry) => ({
      ...entry,
      relation: null,
      licence: null,
      disclosure: null,
      trainingData: null,
      datasets: [],
      sources: [],
    })),
    licence: null,
    licenceTerms: "keep the copyright and licence notices; say what was changed; no commercial use",
    disclosure: null,
  };
  return [
    { ...whole, checks, howToVerify },
    { ...whole, checks: [], howToVerify, lineage: unknown, modelBytes: null },
    { ...whole, howToVerify, checks, lineage: { ...unknown, noModel: true } },
  ];
}

const policy: PolicyEntry[] = policyKeys.map((key, at) => ({
  key,
  value: POLICY_KEYS[key].fallback,
  level: at % 2 === 0 ? "default" : "community",
  setBy:
    at % 3 === 0
      ? null
      : at % 3 === 1
        ? { kind: "moderator", account: "discord:5" }
        : { kind: "vote", proposal: 12 },
  setAt: 1_760_000_000_000,
  open: true,
}));
const held = {
  ...nodeOf("maple", SHA.key),
  standings: (["paused", "barred", "draining"] as const).map((state, at) => ({
    scope: at === 1 ? "*" : "discord:1",
    state,
    reason: "zzz",
    by: "discord:5",
    at: 1_760_000_000_000,
    until: null,
  })),
};
const report = {
  id: "0b29a1c2-0000-4000-8000-000000000009",
  jobId: job.id,
  community: "discord:1",
  room: "discord:3",
  reportRoom: "discord:4",
  receiptId: "k3xq7v2mfa",
  nodes: [{ keyId: SHA.key, name: "maple" }],
  account: "discord:2",
  reason: "zzz",
  at: 1_760_000_000_000,
  handledBy: "discord:5",
  handledAt: 1_760_000_000_000,
};

/** Everything that people see, in one language. */
function allViews(words: Words): View[] {
  const status = poolStatus();
  const [shown] = status.nodes;
  const fetch = {
    sha256: SHA.model,
    name: "SmolLM2",
    state: "fetching" as const,
    receivedBytes: 4e7,
    totalBytes: 9e7,
    place: "huggingface.co",
    message: "",
  };
  return [
    ...jobs.map((one) =>
      answerView({ ...beginAnswer(one), text: one.state === "running" ? "x" : "" }, words),
    ),
    answerView(beginAnswer({ ...job, state: "running", node }), words),
    answerView(beginAnswer({ ...job, state: "running" }), words),
    ...provenances().map((one) => provenanceView(one, words)),
    poolView(
      { ...status, running: 2, waiting: 3, nodes: [{ ...shown!, fetches: [fetch] as never }] },
      words,
    ),
    poolView({ ...status, nodes: [{ ...shown!, online: false, models: [] }] }, words),
    modelsView(poolModels(), words),
    modelsView({ models: [] }, words),
    helpView(COMMANDS, words),
    memberCard(memberOf("discord:2"), words, names),
    memberCard(
      {
        ...memberOf("discord:2"),
        nodes: [],
        quota: { ...memberOf("x").quota, limit: null, left: null },
      },
      words,
      names,
    ),
    settingsCard(policy, "zz", words, names),
    nodesCard({ nodes: [held], mayDecide: true }, { nodes: "zz", invite: "zz" }, words, names),
    nodesCard({ nodes: [], mayDecide: true }, { nodes: "zz", invite: "zz" }, words, names),
    nodeCard(held, true, words, names),
    reportCard(report, words, names),
    reportCard({ ...report, handledBy: null, handledAt: null }, words, names),
    waitingCard({ total: 0, jobs: [] }, { total: 0, jobs: [] }, 1_760_000_000_000, words, names),
    inviteCard(
      {
        invite: {
          id: report.id,
          state: "open",
          community: "discord:1",
          trust: "trusted",
          owner: "discord:2",
          createdBy: "discord:5",
          note: "",
          createdAt: 1_760_000_000_000,
          expiresAt: 1_760_600_000_000,
          usedAt: null,
          usedByNode: null,
          revokedAt: null,
        },
        text: "substrate1.x",
        command: "npm run worker -- join substrate1.x",
        warning: null,
      },
      words,
      names,
    ),
  ];
}

/** Every string in a value, by its path. */
function strings(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, `${path}.${key}`));
}

/** Facts that are quoted as their makers state them, commands and format names. */
const QUOTED = new RegExp(
  [
    ...["As its ancestors\\.", "SmolTalk, then UltraFeedback\\.", "2 T tokens of .*", "quantised"],
    ...["fine-tuned", "own selection", "npm run [\\w -]+ \\S+", "model card and arXiv [\\d.]+"],
    ...["The Substrate \\(local\\)", "Ed25519 signature", "SmolLM2[\\w. -]*", "Substrate demo"],
    ...["node-llama-cpp", "llama, .*", "x86-64, AVX2", "https?://\\S+", "The Stack", "answer-\\S+"],
  ].join("|"),
  "g",
);

/** Two ordinary English words in a row are a sentence that nobody translated. */
const ENGLISH_SENTENCE =
  /\b(the|this|that|is|are|was|were|has|have|not|no|of|and|or|to|its|with|for|from|by|you|your|they|it|answer|answers|question|questions|nodes?|receipt|model|training|moderators?|settings?|waiting|wrote|unknown|asked|writing|reading)\b\s+\b(the|this|that|is|are|was|were|has|have|not|no|of|and|or|to|its|with|for|from|by|you|your|they|answer|answers|question|questions|nodes?|receipt|model|training|data|moderators?|settings?|online|waiting|file|pool|unknown|ahead|machine|machines|order|signed)\b/i;

describe("no view leaks English", () => {
  const english = allViews(ENGLISH).map((view) => new Map(strings(view)));

  for (const tag of LANGUAGES.filter((one) => one !== "en")) {
    test(`in ${tag}`, () => {
      const leaks: string[] = [];
      for (const [at, view] of allViews(wordsFor(tag)).entries()) {
        for (const [path, text] of strings(view)) {
          const rest = text.replace(QUOTED, "");
          const same =
            english[at]?.get(path) === text && /[a-z]{3,} [a-z]{2,} [a-z]{2,}/i.test(rest);
          if (same || ENGLISH_SENTENCE.test(rest)) leaks.push(`${view.kind}${path}: ${text}`);
        }
      }
      assert.deepEqual(leaks, []);
    });
  }

  test("and the search for leaks finds one", () => {
    assert.match("Wartet: no node online", ENGLISH_SENTENCE);
    assert.doesNotMatch("Der Knoten „maple“ ist weg", ENGLISH_SENTENCE);
  });
});
