import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { COMMANDS } from "../../bot/commands/table.ts";
import { answerView, beginAnswer, footerLine } from "../../bot/views/answer.ts";
import { answerParts } from "../../bot/views/answer-parts.ts";
import { helpView } from "../../bot/views/help.ts";
import { bytesInWords, durationInWords, speedInWords } from "../../bot/views/measures.ts";
import { modelsView } from "../../bot/views/models.ts";
import { bitmapOf } from "../../bot/views/pictures/bitmap.ts";
import { answersPerMinuteSvg } from "../../bot/views/pictures/pool.ts";
import { provenanceSvg } from "../../bot/views/pictures/provenance.ts";
import { wrapName } from "../../bot/views/pictures/svg.ts";
import { plainLines } from "../../bot/views/plain.ts";
import { poolView } from "../../bot/views/pool.ts";
import { provenanceView } from "../../bot/views/provenance.ts";
import type { Job } from "../../protocol/wire/http.ts";
import { answerOf, lineage, poolModels, poolStatus, provenanceOf, SHA } from "./pool-fixtures.ts";

const done: Job = {
  id: "0b29a1c2-0000-4000-8000-000000000001",
  state: "done",
  community: "local",
  member: "first",
  room: "local",
  createdAt: 1_760_000_000_000,
  model: { sha256: SHA.model, name: "SmolLM2-135M-Instruct Q4_1" },
  seedCommitment: SHA.other,
  continues: null,
  ahead: null,
  etaMs: null,
  node: null,
  lostAttempts: [],
  answer: answerOf("Paris.", "maple"),
  notice: null,
};

describe("the footer", () => {
  test("says when an answer cannot be audited", () => {
    assert.match(
      footerLine({ ...answerOf("x", "maple"), auditable: false }),
      / · not auditable · receipt/,
    );
    assert.doesNotMatch(footerLine(answerOf("x", "maple")), /auditable/);
  });

  test("leaves out a speed that was not measured", () => {
    assert.doesNotMatch(footerLine({ ...answerOf("x", "maple"), tokensPerSecond: 0 }), /tokens\/s/);
  });

  test("names the lineage in full where the model's name differs", () => {
    const answer = { ...answerOf("x", "maple"), lineageLine: "echo · no model ran" };
    assert.match(footerLine(answer), /"maple" · 187 tokens\/s · echo · no model ran · receipt/);
  });

  test("pings nobody, whatever a volunteer calls the node", () => {
    const answer = answerOf("x", '@everyone\n<@1> \u202e"');
    assert.doesNotMatch(footerLine(answer), /@everyone|<@1>|\n|\u202e/);
  });
});

describe("a question that waits", () => {
  const status = (ahead: number, etaMs: number | null) =>
    answerView(beginAnswer({ ...done, state: "queued", answer: null, ahead, etaMs })).status;

  test("says its place and about how long, where that is known", () => {
    assert.match(String(status(0, null)), /^Next in line$/);
    assert.match(String(status(0, 400)), /^Next in line · under a second$/);
    assert.match(String(status(2, 11_200)), /^2 answers ahead · about 12 s$/);
  });
});

describe("provenance", () => {
  const view = provenanceView(provenanceOf(done));

  test("tells each thing the reader was promised", () => {
    const text = plainLines(view).join("\n");
    for (const wanted of [
      "maple (role: generate)",
      SHA.model,
      "Apache-2.0",
      "FineWeb-Edu",
      "open: the training data can be downloaded",
      "Temperature: 0.7",
      "Checks that ran\n  passed: Signature of the node",
      "Checks that did not run\n  Re-scored by another node",
      "Ed25519 signature",
      "1. Save the answer",
    ]) {
      assert.ok(text.includes(wanted), wanted);
    }
    assert.doesNotMatch(text, /\bverified\b/i);
  });

  test("calls an unknown unknown", () => {
    const source = provenanceOf(done);
    const [entry] = lineage.entries;
    assert.ok(entry);
    const bare = {
      ...entry,
      licence: null,
      disclosure: null,
      datasets: [],
      trainingData: null,
      sources: [],
    };
    const unknown = {
      ...lineage,
      entries: [bare],
      licence: null,
      licenceTerms: null,
      disclosure: null,
    };
    const text = plainLines(provenanceView({ ...source, lineage: unknown })).join("\n");
    assert.match(text, /Licence: unknown/);
    assert.match(text, /training data of the whole lineage is: unknown/);
    assert.match(text, /nobody: no facts known/);
  });

  test("has a picture whose every name is escaped and which is told in words", () => {
    const source = provenanceOf(done);
    const nodes = [{ ...(source.nodes[0] as (typeof source.nodes)[0]), name: '<script>"&' }];
    const hostile = provenanceView({ ...source, nodes });
    for (const layout of ["across", "down"] as const) {
      const svg = provenanceSvg(hostile, layout);
      assert.doesNotMatch(svg, /<script/);
      assert.match(svg, /&lt;script&gt;&quot;&amp;/);
      assert.match(svg, /role="img"/);
      assert.match(svg, /<desc [^>]*>A member → asked: .*FineWeb-Edu/);
      assert.doesNotMatch(svg, /NaN|undefined/);
    }
  });

  test("keeps the picture one screen high when there are many data sets", () => {
    const source = provenanceOf(done);
    const [own] = lineage.entries;
    assert.ok(own);
    const datasets = Array.from({ length: 20 }, (_, at) => ({
      name: `Set ${at}`,
      url: null,
      note: null,
    }));
    const many = { ...lineage, entries: [{ ...own, datasets }] };
    const boxes = provenanceView({ ...source, lineage: many }).picture.columns.at(-1)?.boxes;
    assert.equal(boxes?.length, 4);
    assert.equal(boxes?.at(-1)?.name, "and 17 more");
  });

  test("draws a data set once, however its name is written", () => {
    const [own] = lineage.entries;
    assert.ok(own);
    const datasets = ["Handbook corpus", "handbook-corpus", "Другой корпус"].map((name) => {
      return { name, url: null, note: null };
    });
    const twice = { ...lineage, entries: [{ ...own, datasets }] };
    const { picture } = provenanceView({ ...provenanceOf(done), lineage: twice });
    assert.deepEqual(
      picture.columns.at(-1)?.boxes.map(({ name }) => name),
      ["Handbook corpus", "Другой корпус"],
    );
  });
});

test("the pool says which of its machines rest, and why", () => {
  const [node] = poolStatus().nodes;
  assert.ok(node);
  const resting = (state: "paused" | "off-hours" | "draining" | "open") => {
    const conditions = { state, until: null, limits: null, measured: [] };
    return poolView({ ...poolStatus(), nodes: [node, { ...node, conditions }] });
  };
  assert.match(resting("paused").line, /^2 nodes online · 1 of them rests · /);
  assert.equal(resting("paused").nodes[1]?.places, "rests: paused by its owner");
  assert.equal(resting("off-hours").nodes[1]?.places, "rests: outside its hours");
  assert.equal(resting("draining").nodesResting, 1);
  assert.match(resting("open").line, /^2 nodes online · (?!.*rest)/);
});

test("the pool's picture has a bar a minute and says the same in words", () => {
  const svg = answersPerMinuteSvg(poolView(poolStatus()), "x");
  assert.equal(svg.match(/<rect/g)?.length, 60);
  assert.match(svg, /at most 3 in one minute/);
});

describe("pictures as bitmaps", () => {
  const warned: string[] = [];
  const log = { info() {}, error() {}, warn: (_: object, text: string) => warned.push(text) };

  test("are drawn with their text equivalent, in every script of the names", async () => {
    const source = provenanceOf(done);
    const [entry] = source.lineage.entries;
    const name = "Łódź Ελλάδα Жанна 😀 \u202e<script>";
    const view = provenanceView({
      ...source,
      lineage: { ...source.lineage, entries: [{ ...entry!, name }] },
    });
    for (const shown of [view, poolView(poolStatus())]) {
      const bitmap = await bitmapOf(shown, log);
      assert.deepEqual([...bitmap!.png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
      assert.ok(bitmap!.alt.length > 20 && bitmap!.alt.length <= 1000);
    }
    assert.deepEqual(warned, []);
  });

  test("are not made of views without a picture", async () => {
    assert.equal(await bitmapOf(helpView(COMMANDS), log), null);
  });
});

test("models are told with lineage and with who could answer", () => {
  const [line] = plainLines(modelsView(poolModels()));
  assert.equal(
    line,
    "SmolLM2-135M-Instruct Q4_1 · 98.4 MB · Apache-2.0 · training data open · on 1 node · answers when none is chosen",
  );
});

test("help lists every command with its usage", () => {
  const text = plainLines(helpView(COMMANDS)).join("\n");
  assert.match(text, /\/ask <question> \[--model <model>\]/);
  for (const { name } of COMMANDS) assert.ok(text.includes(`/${name}`));
});

test("parts of a long answer carry buttons and footer once, at the end", () => {
  const long = { ...done, answer: answerOf("A line of words.\n\n".repeat(60), "maple") };
  const parts = answerParts(answerView(beginAnswer(long)), 300);
  assert.ok(parts.length > 3);
  assert.deepEqual([...new Set(parts.slice(0, -1).map(({ footer }) => footer))], [null]);
  assert.deepEqual(
    parts.map(({ part, parts: of }) => `${part}/${of}`),
    parts.map((_, at) => `${at + 1}/${parts.length}`),
  );
  const last = parts.at(-1);
  assert.ok(last?.footer && last.actions.length === 3);
  assert.ok(last.text.length + last.footer.length <= 300);
});

test("measures read as people write them", () => {
  assert.deepEqual(
    [0, 1234, 98_362_432].map((bytes) => bytesInWords(bytes)),
    ["0 bytes", "1.2 kB", "98.4 MB"],
  );
  assert.deepEqual(
    [400, 12_001, 100_000, 3_600_000, 5_500_000].map((ms) => durationInWords(ms)),
    ["under a second", "13 s", "2 min", "60 min", "1 h 32 min"],
  );
  assert.deepEqual(
    [null, 3.44, 812.3, 2253].map((speed) => speedInWords(speed)),
    [null, "3.4 tokens/s", "812 tokens/s", "2,253 tokens/s"],
  );
});

test("a long name is wrapped at its joints and cut with a sign", () => {
  assert.deepEqual(wrapName("SmolLM2-135M-Instruct Q4_1", 16, 3), [
    "SmolLM2-135M-",
    "Instruct Q4_1",
  ]);
  assert.deepEqual(wrapName("x".repeat(50), 10, 2), ["xxxxxxxxxx", "xxxxxxxxx…"]);
});
