import assert from "node:assert/strict";
import { test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { modelBom } from "../../api/lineage/bom.ts";
import { lineageOf } from "../../api/lineage/lineage.ts";
import { modelFacts } from "../../config/model-facts.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";

const SMOLLM2 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const STRANGER = "5".repeat(64);
const judge = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

function bomOf(sha256: string, name = "x", declared: Record<string, string> | null = null): Buffer {
  return modelBom(sha256, lineageOf(sha256, name, declared), 98_362_432);
}

/** Every `bom-ref` of a document, and every place that points at one. */
function references(value: unknown, refs: string[] = [], pointers: string[] = []) {
  if (Array.isArray(value)) for (const item of value) references(item, refs, pointers);
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "bom-ref") refs.push(inner);
      else if (key === "ref") pointers.push(inner);
      else if (key === "dependsOn") pointers.push(...inner);
      else references(inner, refs, pointers);
    }
  }
  return { refs, pointers };
}

test("the CycloneDX project's own validator accepts the bill of every model we describe", async () => {
  const documents = [
    bomOf(ECHO_MODEL.sha256),
    bomOf(SMOLLM2, "x", { "general.license": "cc-by-nc-4.0", "general.datasets": "a/b" }),
    bomOf(STRANGER),
    bomOf(STRANGER, "tune", {
      "general.license": "mit OR apache-2.0",
      "general.base_model.0.name": "Mystery",
      "general.base_model.1.name": "Gemma 3 4B instruct",
      "general.dataset.0.url": "https://example.org/ä b?%zz",
    }),
    ...modelFacts().map((fact) =>
      fact.sha256 === null
        ? bomOf(STRANGER, "x", { "general.name": fact.name })
        : bomOf(fact.sha256),
    ),
  ];
  for (const bytes of documents) {
    assert.equal(await judge.validate(bytes.toString("utf8")), null, bytes.toString("utf8"));
  }
});

test("the validator is awake: a bill with a foreign key or a bad digest is refused", async () => {
  const bom = JSON.parse(bomOf(SMOLLM2).toString("utf8"));
  assert.notEqual(await judge.validate(JSON.stringify({ ...bom, extra: 1 })), null);
  bom.metadata.component.hashes[0].content = "not a digest";
  assert.notEqual(await judge.validate(JSON.stringify(bom)), null);
});

test("every reference inside the bill leads somewhere, and no id is used twice", () => {
  for (const bytes of [bomOf(SMOLLM2), bomOf(STRANGER), bomOf(ECHO_MODEL.sha256)]) {
    const { refs, pointers } = references(JSON.parse(bytes.toString("utf8")));
    assert.equal(new Set(refs).size, refs.length);
    assert.ok(pointers.length > 0);
    for (const pointer of pointers) assert.ok(refs.includes(pointer), `${pointer} dangles`);
  }
});

test("the bill names file, licence, ancestors and data sets", () => {
  const { metadata, specVersion } = JSON.parse(bomOf(SMOLLM2).toString("utf8"));
  const model = metadata.component;
  assert.equal(specVersion, "1.6");
  assert.equal(model.type, "machine-learning-model");
  assert.deepEqual(model.hashes, [{ alg: "SHA-256", content: SMOLLM2 }]);
  assert.equal(model.licenses[0].expression, "Apache-2.0");
  const [instruct, base] = model.pedigree.ancestors;
  assert.equal(instruct.name, "SmolLM2-135M-Instruct");
  assert.ok(
    base.modelCard.modelParameters.datasets.some(
      (dataset: { name: string }) => dataset.name === "FineWeb-Edu",
    ),
  );
});

test("an unknown licence is written as unknown, not left to be guessed", () => {
  const { metadata } = JSON.parse(bomOf(STRANGER).toString("utf8"));
  assert.equal(metadata.component.licenses, undefined);
  assert.ok(
    metadata.component.properties.some(
      (property: { name: string; value: string }) =>
        property.name === "the-substrate:licence" && property.value === "unknown",
    ),
  );
});

test("the echo engine is no machine-learning model", () => {
  const { metadata } = JSON.parse(bomOf(ECHO_MODEL.sha256).toString("utf8"));
  assert.equal(metadata.component.type, "application");
  assert.equal(metadata.component.modelCard, undefined);
});

test("the same lineage gives the same bytes, and another file another serial number", () => {
  const lineage = lineageOf(SMOLLM2, "x", null);
  const again = JSON.parse(JSON.stringify(lineage));
  assert.equal(sha256Hex(modelBom(SMOLLM2, lineage, 7)), sha256Hex(modelBom(SMOLLM2, again, 7)));
  const text = modelBom(SMOLLM2, lineage, 7).toString("utf8");
  assert.ok(text.endsWith("}\n"));
  assert.doesNotMatch(text, /timestamp/);
  const serial = (sha256: string) => JSON.parse(bomOf(sha256).toString("utf8")).serialNumber;
  assert.match(
    serial(SMOLLM2),
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.notEqual(serial(SMOLLM2), serial(STRANGER));
});
