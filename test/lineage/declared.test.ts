import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readGgufFileInfo } from "node-llama-cpp";
import { displayText, readDeclared } from "../../api/lineage/declared.ts";
import { isCalled } from "../../api/lineage/match.ts";
import { findModelFact } from "../../config/model-facts.ts";
import { declaredKeys } from "../../worker/engines/llama/gguf-header.ts";
import smollm2 from "./headers/smollm2-135m-instruct-q4_1.json" with { type: "json" };

const DEMO = resolve(import.meta.dirname, "../../models/substrate-demo/substrate-demo-q8_0.gguf");

test("the bundled model's own header says its name and licence", async () => {
  const { metadata } = await readGgufFileInfo(DEMO, { readTensorInfo: false });
  const header = readDeclared(declaredKeys(metadata.general));
  assert.ok(isCalled(findModelFact("substrate-demo")!, header.name!), header.name!);
  assert.equal(header.licence?.toUpperCase(), "CC0-1.0");
  assert.deepEqual(header.baseModels, []);
});

test("SmolLM2's header, as read from its file, says licence and maker but no data and no base", () => {
  const header = readDeclared(declaredKeys(smollm2.general));
  assert.equal(header.name, "Smollm2 135M 8k Lc100K Mix1 Ep2");
  assert.equal(header.basename, "smollm2");
  assert.equal(header.sizeLabel, "135M");
  assert.equal(header.finetune, "8k-lc100k-mix1-ep2");
  assert.equal(header.organization, "HuggingFaceTB");
  assert.equal(header.licence, "apache-2.0");
  assert.deepEqual(header.datasets, []);
  assert.deepEqual(header.baseModels, []);
});

test("base models and data sets are read in their order, whatever else is there", () => {
  const header = readDeclared({
    "general.base_model.count": "2",
    "general.base_model.10.name": "Second",
    "general.base_model.2.name": "First",
    "general.base_model.2.organization": "Somebody",
    "general.base_model.2.repo_url": "https://huggingface.co/somebody/first",
    "general.base_model.3.organization": "nothing but an organisation",
    "general.datasets": "org/one; https://example.org/two;  ",
    "general.dataset.0.name": "Three",
    "general.quantized_by": "Someone",
    "general.source.url": "https://example.org/source",
    "tokenizer.ggml.model": "gpt2",
  });
  assert.deepEqual(header.baseModels, [
    { name: "First", organization: "Somebody", url: "https://huggingface.co/somebody/first" },
    { name: "Second", organization: null, url: null },
  ]);
  assert.deepEqual(
    header.datasets.map((dataset) => dataset.name),
    ["org/one", "https://example.org/two", "Three"],
  );
  assert.equal(header.datasets[1]?.url, "https://example.org/two");
  assert.equal(header.quantizedBy, "Someone");
  assert.equal(header.sourceUrl, "https://example.org/source");
});

test("only plain https addresses count as addresses", () => {
  for (const url of [
    "javascript:alert(1)",
    "http://example.org",
    "https://user:secret@example.org",
    "//example.org",
    `https://example.org/${"x".repeat(1000)}`,
  ]) {
    assert.equal(readDeclared({ "general.repo_url": url }).repositoryUrl, null, url);
  }
});

test("a ten-thousand-character name with markup, colours and reversed text becomes one short line", () => {
  const hostile = `\u202e@everyone <script>\u0000\u001b[31m](https://evil.example)\n\n# big${"\u0301".repeat(500)}${"A".repeat(10_000)}`;
  const name = readDeclared({ "general.name": hostile }).name!;
  assert.ok([...name].length <= 200);
  assert.doesNotMatch(name, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>[\]`@|*]|\p{M}{4}/u);
});

test("property: whatever a header holds, what is shown is one clean line within its limit", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.integer({ min: 1, max: 60 }),
      (text, limit) => {
        const shown = displayText(text, limit);
        if (shown === null) return;
        assert.ok([...shown].length <= limit);
        assert.ok(shown.length > 0 && shown.trim() === shown);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>[\]{}`|*\\@]/u);
        assert.equal(displayText(shown, limit), shown, "cleaning twice changes nothing");
      },
    ),
  );
});

test("ordinary names pass unchanged, in any script", () => {
  for (const name of ["SmolLM2-135M-Instruct Q4_1", "Größe 7B", "通义千问 2.5", "ปัญญา", "نموذج"]) {
    assert.equal(displayText(name, 80), name);
  }
});
