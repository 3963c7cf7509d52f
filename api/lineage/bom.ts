import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import type { Lineage, LineageEntry } from "../../protocol/wire/lineage.ts";

/**
 * A model's lineage as a CycloneDX 1.6 machine-learning bill of materials (ECMA-424). The bytes depend on the
 * arguments alone: canonical JSON and one line feed, no time stamp, a serial number made from the digest. So
 * `sha256Hex(modelBom(…))` can stand in a signed receipt as the lineage digest.
 *
 * `sha256` and `bytes` are the file's digest and size (null where unknown).
 */
export function modelBom(sha256: string, lineage: Lineage, bytes: number | null): Buffer {
  const [own, ...ancestors] = lineage.entries as [LineageEntry, ...LineageEntry[]];
  const component = modelComponent(own, lineage.noModel);
  component.hashes = [{ alg: "SHA-256", content: sha256 }];
  if (ancestors.length > 0) {
    component.pedigree = { ancestors: ancestors.map((entry) => modelComponent(entry, false)) };
  }
  component.properties = [
    ...(bytes === null ? [] : [property("file-bytes", String(bytes))]),
    property("lineage-licence", lineage.licence ?? "unknown"),
    property("lineage-licence-terms", lineage.licenceTerms ?? "unknown"),
    property("lineage-disclosure", lineage.disclosure ?? "unknown"),
    property("lineage-line", lineage.line),
    ...(component.properties ?? []),
  ];
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${digestUuid(sha256)}`,
    version: 1,
    metadata: { component },
    dependencies: [
      { ref: own.id, dependsOn: ancestors.map((entry) => entry.id) },
      ...ancestors.map((entry) => ({ ref: entry.id })),
    ],
  };
  return Buffer.concat([canonicalBytes(bom), Buffer.from("\n")]);
}

interface Component {
  type: "machine-learning-model" | "application";
  "bom-ref": string;
  name: string;
  hashes?: { alg: "SHA-256"; content: string }[];
  licenses?: { expression: string; acknowledgement: "declared" }[];
  modelCard?: object;
  pedigree?: { ancestors: Component[] };
  externalReferences?: { type: "documentation"; url: string; comment: string }[];
  properties?: { name: string; value: string }[];
}

function modelComponent(entry: LineageEntry, noModel: boolean): Component {
  const pages = entry.sources.filter(({ source }) => source.startsWith("https://"));
  return {
    type: noModel ? "application" : "machine-learning-model",
    "bom-ref": entry.id,
    name: entry.name,
    ...(entry.sha256 === null ? {} : { hashes: [{ alg: "SHA-256", content: entry.sha256 }] }),
    ...(entry.licence === null
      ? {}
      : { licenses: [{ expression: entry.licence, acknowledgement: "declared" }] }),
    ...(noModel ? {} : { modelCard: modelCard(entry) }),
    ...(pages.length === 0
      ? {}
      : {
          externalReferences: pages.map(({ source, basis, date }) => ({
            type: "documentation",
            url: source,
            comment: `${basis}, read ${date}`,
          })),
        }),
    properties: [
      property("disclosure", entry.disclosure ?? "unknown"),
      property("licence", entry.licence ?? "unknown"),
      ...(entry.relation === null ? [] : [property("relation", entry.relation)]),
      ...(entry.trainingData === null ? [] : [property("training-data", entry.trainingData)]),
      ...entry.sources
        .filter((source) => !pages.includes(source))
        .map(({ basis, source }) => property("source", `${basis}: ${source}`)),
    ],
  };
}

function modelCard(entry: LineageEntry): object {
  return {
    modelParameters: {
      datasets: entry.datasets.map((dataset) => ({
        type: "dataset",
        name: dataset.name,
        ...(dataset.url === null ? {} : { contents: { url: dataset.url } }),
        ...(dataset.note === null ? {} : { description: dataset.note }),
      })),
    },
  };
}

/** CycloneDX keeps property names apart by a prefix of the producer's own. */
function property(name: string, value: string): { name: string; value: string } {
  return { name: `the-substrate:${name}`, value };
}

/** RFC 9562 §5.8 (version 8, for hashes other than SHA-1): the digest's first 122 free bits. */
function digestUuid(sha256: string): string {
  const variant = ((Number.parseInt(sha256[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    sha256.slice(0, 8),
    sha256.slice(8, 12),
    `8${sha256.slice(13, 16)}`,
    `${variant}${sha256.slice(17, 20)}`,
    sha256.slice(20, 32),
  ].join("-");
}
