import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineageOf } from "../../api/lineage/lineage.ts";
import { findModelFact } from "../../config/model-facts.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { valueParser } from "../../protocol/parse.ts";
import { Lineage } from "../../protocol/wire/lineage.ts";
import { declaredKeys } from "../../worker/engines/llama/gguf-header.ts";
import smollm2 from "./headers/smollm2-135m-instruct-q4_1.json" with { type: "json" };

const STRANGER = "5".repeat(64);
const checked = valueParser(Lineage, "lineage");
const demo = findModelFact("substrate-demo")!;

test("SmolLM2: one line, three generations, licence and class from all of them", () => {
  const lineage = checked(lineageOf(smollm2.sha256, "anything", declaredKeys(smollm2.general)));
  assert.equal(lineage.line, "SmolLM2-135M-Instruct Q4_1 · Apache-2.0 · training data open");
  assert.deepEqual(
    lineage.entries.map((entry) => entry.id),
    ["smollm2-135m-instruct-q4_1", "smollm2-135m-instruct", "smollm2-135m"],
  );
  assert.equal(lineage.licence, "Apache-2.0");
  assert.match(lineage.licenceTerms!, /notices/);
  assert.equal(lineage.disclosure, "open");
});

test("facts of the maintainer and of the file stand side by side, each with its basis", () => {
  const [own] = lineageOf(smollm2.sha256, "", declaredKeys(smollm2.general)).entries;
  const stated = own!.sources.filter((source) => source.basis === "stated by maintainer");
  const declared = own!.sources.filter((source) => source.basis === "declared in file");
  assert.ok(stated.length > 0 && stated.every((source) => /^2026-/.test(source.date!)));
  assert.ok(declared.some((source) => source.source.includes("general.license: Apache-2.0")));
  assert.ok(
    declared.some((source) => source.source.includes("Smollm2 135M 8k Lc100K Mix1 Ep2")),
    "the file's other name is shown",
  );
});

test("the bundled model points into this repository", () => {
  const lineage = checked(lineageOf(demo.sha256!, "x", { "general.license": "cc0-1.0" }));
  assert.equal(lineage.line, "Substrate demo · CC0-1.0 · training data open (in this repository)");
  assert.equal(lineage.licenceTerms, "asks for nothing");
});

test("the echo engine says that there is no model", () => {
  const lineage = checked(lineageOf(ECHO_MODEL.sha256, "SmolLM2", null));
  assert.equal(lineage.line, "no model: fixed text from the echo engine");
  assert.equal(lineage.noModel, true);
  assert.equal(lineage.licence, null);
});

test("a file nobody knows is unknown, whatever it is called", () => {
  const lineage = checked(lineageOf(STRANGER, "SmolLM2-135M-Instruct Q4_1", null));
  assert.equal(
    lineage.line,
    "SmolLM2-135M-Instruct Q4_1 · licence unknown · training data unknown",
  );
  assert.equal(lineage.entries.length, 1);
  assert.equal(lineage.entries[0]?.id, STRANGER);
  assert.deepEqual(lineage.entries[0]?.sources, []);
});

test("a file that claims to be a known model is matched by its declaration, and every line says so", () => {
  const lineage = checked(
    lineageOf(STRANGER, "mine.gguf", {
      "general.name": "Llama 3.1 8B Instruct",
      "general.license": "llama3.1",
    }),
  );
  assert.equal(
    lineage.line,
    "mine.gguf · Llama 3.1 Community · training data described (as the file declares)",
  );
  const [own, parent] = lineage.entries;
  assert.equal(own?.id, STRANGER);
  assert.equal(parent?.id, "llama-3.1-8b");
  assert.match(own!.sources[0]!.source, /by the file's own declaration, not by digest/);
  assert.equal(own!.sources[0]!.basis, "declared in file");
});

test("no file can claim to be one whose digest is pinned", () => {
  const lineage = lineageOf(STRANGER, "mine.gguf", { "general.name": "substrate-demo" });
  assert.equal(lineage.line, "mine.gguf · licence unknown · training data unknown");
});

test("a name match needs the finetune part too: a tune of a base model is not the base model", () => {
  const tune = {
    "general.basename": "Qwen3",
    "general.size_label": "8B",
    "general.finetune": "Roleplay",
  };
  assert.equal(lineageOf(STRANGER, "tune", tune).disclosure, null);
  const { "general.finetune": _, ...plain } = tune;
  assert.equal(lineageOf(STRANGER, "plain", plain).disclosure, "described");
});

test("a fine-tune of a known base: the base's terms bind, its own data stay unknown", () => {
  const lineage = checked(
    lineageOf(STRANGER, "MyTune", {
      "general.license": "mit",
      "general.base_model.0.name": "Llama 3.1 8B Instruct",
      "general.base_model.0.repo_url": "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct",
    }),
  );
  assert.deepEqual(
    lineage.entries.map((entry) => entry.id),
    [STRANGER, "llama-3.1-8b-instruct", "llama-3.1-8b"],
  );
  assert.equal(lineage.licence, "LicenseRef-Llama-3.1-Community");
  assert.equal(lineage.disclosure, null);
  assert.match(lineage.line, /MyTune · Llama 3\.1 Community · training data unknown/);
});

test("a base model nobody knows makes licence and data unknown", () => {
  const lineage = checked(
    lineageOf(STRANGER, "MyTune", {
      "general.license": "mit",
      "general.base_model.0.name": "Mystery 9B",
    }),
  );
  assert.equal(lineage.entries[1]?.name, "Mystery 9B");
  assert.equal(lineage.licence, null);
  assert.match(lineage.line, /licence unknown · training data unknown/);
});

test("where header and facts disagree on the licence, both are shown and the stricter counts", () => {
  const lineage = lineageOf(smollm2.sha256, "", { "general.license": "cc-by-nc-4.0" });
  assert.equal(lineage.licence, "CC-BY-NC-4.0");
  assert.ok(
    lineage.entries[0]?.sources.some(({ source }) =>
      source.includes("CC-BY-NC-4.0, while the stated facts say Apache-2.0"),
    ),
  );
  const looser = lineageOf(smollm2.sha256, "", { "general.license": "cc0-1.0" });
  assert.equal(looser.licence, "Apache-2.0");
});

test("where header and facts disagree on the base model, both are shown", () => {
  const other = { "general.base_model.0.name": "Mistral-7B-v0.1" };
  const byDigest = lineageOf(smollm2.sha256, "", other);
  assert.equal(byDigest.entries.length, 3, "a known digest keeps its stated ancestors");
  assert.ok(byDigest.entries[0]?.sources.some(({ source }) => source.includes("Mistral-7B-v0.1")));
  const byClaim = lineageOf(STRANGER, "x", {
    "general.name": "SmolLM2 135M Instruct",
    ...other,
  });
  assert.equal(byClaim.disclosure, "undisclosed", "a claim is held against all it names");
});

test("a licence that cannot be read is shown as written, and a claim does not survive it", () => {
  const odd = { "general.license": "ask me nicely" };
  assert.equal(lineageOf(smollm2.sha256, "", odd).licence, "Apache-2.0");
  const claim = lineageOf(STRANGER, "x", { ...odd, "general.name": "SmolLM2 135M Instruct" });
  assert.equal(claim.licence, null);
  assert.ok(claim.entries[0]?.sources.some(({ source }) => source.includes("ask me nicely")));
});

test("data sets declared in the file are listed as declared", () => {
  const { entries } = lineageOf(STRANGER, "x", { "general.datasets": "org/one; org/two" });
  assert.deepEqual(
    entries[0]?.datasets.map(({ name, note }) => [name, note]),
    [
      ["org/one", "declared in file"],
      ["org/two", "declared in file"],
    ],
  );
});

test("asking twice gives the same answer: the facts are not changed by a header", () => {
  const before = structuredClone(lineageOf(smollm2.sha256, "", null));
  lineageOf(smollm2.sha256, "", { "general.datasets": "a; b", "general.license": "gemma" });
  assert.deepEqual(lineageOf(smollm2.sha256, "", null), before);
});

test("property: no header of a stranger's file breaks the line or its shape", () => {
  const key = fc.constantFrom(
    "general.name",
    "general.license",
    "general.basename",
    "general.size_label",
    "general.datasets",
    "general.repo_url",
    "general.base_model.0.name",
    "general.base_model.0.repo_url",
    "general.base_model.7.name",
    "__proto__",
  );
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom("mit", "Mistral-7B-v0.1", "A".repeat(4000), "https://hf.co/%zz/x", "\u202e"),
  );
  fc.assert(
    fc.property(
      fc.dictionary(key, value),
      fc.string({ unit: "binary", maxLength: 200 }),
      (declared, name) => {
        const lineage = checked(lineageOf(STRANGER, name, declared));
        assert.ok(lineage.line.length < 400);
        assert.doesNotMatch(lineage.line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>[\]`@]/u);
        const ids = lineage.entries.map((entry) => entry.id);
        assert.equal(new Set(ids).size, ids.length, "every entry has its own id");
      },
    ),
  );
});
