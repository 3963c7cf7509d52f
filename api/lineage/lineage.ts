import { ancestorsOf, type ModelFact, modelFacts } from "../../config/model-facts.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import type { Lineage, LineageEntry } from "../../protocol/wire/lineage.ts";
import { type DeclaredModel, displayText, readDeclared } from "./declared.ts";
import { lowestDisclosure } from "./disclosure.ts";
import { normalLicence, strictestLicence } from "./licences.ts";
import { lineageLine } from "./line.ts";
import { claimedIdentity, factOfBaseModel, isCalled } from "./match.ts";

const MAX_NAME = 80;

/**
 * Everything that is known about where a model comes from: the file that ran, then every ancestor. A model is
 * its file's digest; `name` is only shown where the digest is unknown. `declared` are the file's own header
 * keys (`general.*`) as a node reported them, or null. Pure; the facts are read once per process.
 *
 *   digest in the facts      → the stated facts; the header can add to them and make the licence stricter
 *   header claims a known one → the same facts, labelled as matched by declaration only
 *   neither                  → what the header says, and unknown for the rest
 */
export function lineageOf(
  sha256: string,
  name: string,
  declared: Readonly<Record<string, string>> | null,
  facts: readonly ModelFact[] = modelFacts(),
): Lineage {
  if (sha256 === ECHO_MODEL.sha256) return echoLineage();
  const header = readDeclared(declared ?? {});
  const known = facts.find((fact) => fact.sha256 === sha256);
  const claim = known === undefined ? claimedIdentity(header, facts) : null;
  const fact = known ?? claim?.fact;

  const own = known ? { ...stated(known), sha256 } : ownEntry(sha256, name, claim);
  const ancestors = fact === undefined ? [] : ancestorsOf(fact, facts).map(stated);
  if (known) noteOtherName(own, header, known);
  weighLicence(own, header, known !== undefined);
  addDatasets(own, header);
  const bases = declaredBases(header, facts, [...(fact ? [fact.id] : []), ...ids(ancestors)]);
  if (fact && bases.length > 0) {
    const named = bases.filter((base) => base.named).map((base) => base.entry.name);
    own.sources.push(
      inFile(`names a base model that the stated facts do not: ${named.join(", ")}`),
    );
  }
  // Who made the file stated its parents; where only the header speaks, its word counts against the file.
  if (!known) ancestors.push(...bases.map((base) => base.entry));
  return summary([own, ...ancestors], known ?? null);
}

/** The engine that runs no model and says so. */
function echoLineage(): Lineage {
  return {
    entries: [
      {
        ...unknownEntry("echo", ECHO_MODEL.name),
        sha256: ECHO_MODEL.sha256,
        trainingData: "No model and no training data: the engine writes the question back.",
      },
    ],
    licence: null,
    licenceTerms: null,
    disclosure: null,
    line: "no model: fixed text from the echo engine",
    noModel: true,
  };
}

function summary(entries: LineageEntry[], known: ModelFact | null): Lineage {
  const { licence, terms } = strictestLicence(entries.map((entry) => entry.licence));
  const disclosure = lowestDisclosure(entries.map((entry) => entry.disclosure));
  const line = lineageLine({
    name: entries[0]!.name,
    licence,
    disclosure,
    note: known === null ? "as the file declares" : known.disclosureNote,
  });
  return { entries, licence, licenceTerms: terms, disclosure, line, noModel: false };
}

function stated(fact: ModelFact): LineageEntry {
  return {
    id: fact.id,
    name: fact.name,
    sha256: fact.sha256,
    relation: fact.relation,
    licence: fact.licence,
    disclosure: fact.disclosure,
    datasets: [...fact.datasets],
    trainingData: fact.trainingData,
    sources: fact.sources.map(({ source, date }) => ({
      basis: "stated by maintainer",
      source,
      date,
    })),
  };
}

/** The file itself where its digest is not in the facts. */
function ownEntry(
  sha256: string,
  name: string,
  claim: ReturnType<typeof claimedIdentity>,
): LineageEntry {
  const shown = displayText(name, MAX_NAME) ?? `${sha256.slice(0, 12)}…`;
  if (claim === null) return { ...unknownEntry(sha256, shown), sha256 };
  const says = `${claim.via} says this is ${claim.fact.name}: matched by the file's own declaration, not by digest`;
  const entry = stated(claim.fact);
  return { ...entry, id: sha256, name: shown, sha256, sources: [inFile(says), ...entry.sources] };
}

function unknownEntry(id: string, name: string): LineageEntry {
  return {
    id,
    name,
    sha256: null,
    relation: null,
    licence: null,
    disclosure: null,
    datasets: [],
    trainingData: null,
    sources: [],
  };
}

function noteOtherName(own: LineageEntry, header: DeclaredModel, known: ModelFact): void {
  if (header.name === null || isCalled(known, header.name)) return;
  own.sources.push(inFile(`general.name: the file calls itself "${header.name}"`));
}

/** Header and facts disagree: both are listed and the stricter licence counts. */
function weighLicence(own: LineageEntry, header: DeclaredModel, byDigest: boolean): void {
  if (header.licence === null) return;
  const declared = normalLicence(header.licence);
  if (declared === null) {
    own.sources.push(inFile(`general.license "${header.licence}" names no licence we can read`));
    // The facts of a file we know by digest stand; a mere claim does not survive such a header.
    if (!byDigest) own.licence = null;
    return;
  }
  if (own.licence === null || own.licence === declared) {
    own.sources.push(inFile(`general.license: ${declared}`));
    own.licence ??= declared;
    return;
  }
  own.sources.push(
    inFile(
      `general.license: ${declared}, while the stated facts say ${own.licence}; the stricter counts`,
    ),
  );
  own.licence = strictestLicence([own.licence, declared]).licence;
}

function addDatasets(own: LineageEntry, header: DeclaredModel): void {
  for (const { name, url } of header.datasets) {
    if (own.datasets.some((known) => known.name === name || (url !== null && known.url === url))) {
      continue;
    }
    own.datasets.push({ name: name ?? url!, url, note: "declared in file" });
  }
}

/** Entries for the base models that the header names and `present` does not hold yet. */
function declaredBases(
  header: DeclaredModel,
  facts: readonly ModelFact[],
  present: readonly string[],
): { entry: LineageEntry; named: boolean }[] {
  const found = new Map<string, { entry: LineageEntry; named: boolean }>();
  header.baseModels.forEach((base, index) => {
    const fact = factOfBaseModel(base, facts);
    if (fact === undefined) {
      const name = displayText(base.name ?? base.url ?? "", MAX_NAME) ?? "unnamed base model";
      const entry = unknownEntry(`declared-base-${index}`, name);
      entry.sources.push(inFile(`general.base_model.${index}${base.url ? `: ${base.url}` : ""}`));
      found.set(entry.id, { entry, named: true });
      return;
    }
    [fact, ...ancestorsOf(fact, facts)].forEach((ancestor, generation) => {
      if (present.includes(ancestor.id) || found.has(ancestor.id)) return;
      const entry = stated(ancestor);
      if (generation === 0) entry.sources.unshift(inFile(`general.base_model.${index}`));
      found.set(ancestor.id, { entry, named: generation === 0 });
    });
  });
  return [...found.values()];
}

function ids(entries: readonly LineageEntry[]): string[] {
  return entries.map((entry) => entry.id);
}

function inFile(source: string): LineageEntry["sources"][number] {
  return { basis: "declared in file", source: `GGUF header, ${source}`, date: null };
}
