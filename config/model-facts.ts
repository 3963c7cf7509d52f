import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import Type from "typebox";
import { valueParser } from "../protocol/parse.ts";
import { sha256Hex } from "../protocol/receipts/commitments.ts";
import { LineageDataset } from "../protocol/wire/lineage.ts";
import { DisclosureClass, SamplerSettings, Sha256Hex } from "../protocol/wire/primitives.ts";

/**
 * What is known about models, as data: one file per family in `config/model-facts/`. Every model in it names
 * the pages its facts were read from and the day they were read; what could not be confirmed is null.
 */
const ROOT = resolve(import.meta.dirname, "..");
const FACTS_FOLDER = join(ROOT, "config", "model-facts");

const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const words = Type.String({ minLength: 1, maxLength: 1000 });

/** Where a model file can be had. Whichever place serves it, the digest decides. */
export const Place = Type.Union([
  /** A file shipped in this repository; `path` is relative to its root. */
  Type.Object({ kind: Type.Literal("file"), path: words }, closed),
  Type.Object({ kind: Type.Literal("url"), url: Type.String({ pattern: "^https://" }) }, closed),
  /** A file inside a Python wheel; `file` is its path in the archive and may hold `*`. */
  Type.Object({ kind: Type.Literal("pypi"), package: words, version: words, file: words }, closed),
]);
export type Place = Type.Static<typeof Place>;

/** A page and the day (ISO 8601) on which somebody read it. */
export const StatedSource = Type.Object(
  { source: words, date: Type.String({ pattern: "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$" }) },
  closed,
);

const StatedModel = Type.Object(
  {
    /** Stable lower-case id, unique over all families. */
    id: Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,79}$" }),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    /**
     * Digest of the one GGUF file that this entry is about; null for a model of which no file is pinned;
     * `{listedIn}` for a file that this repository ships and lists in a SHA256SUMS file.
     */
    sha256: Type.Union([Sha256Hex, Type.Object({ listedIn: words }, closed), Type.Null()]),
    bytes: nullable(Type.Integer({ minimum: 1 })),
    /** Order of capability, roughly millions of parameters; the highest answers when nobody names a model. */
    rank: Type.Integer({ minimum: 0 }),
    /** How it came from its parent: `quantised by …`, `fine-tuned`, `trained`. */
    relation: nullable(words),
    /** SPDX expression or `LicenseRef-…`. */
    licence: nullable(words),
    disclosure: nullable(DisclosureClass),
    /** Said behind the disclosure class in the footer, for example `in this repository`. */
    disclosureNote: Type.Optional(words),
    datasets: Type.Array(LineageDataset),
    trainingData: nullable(words),
    /** Every fact of the entry comes from these pages; an entry without one is refused. */
    sources: Type.Array(StatedSource, { minItems: 1 }),
    /** Ids of the models it was made from. */
    parents: Type.Array(Type.String()),
    places: Type.Array(Place),
    /** How the pool asks it unless a question says otherwise; absent: the pool's own defaults. */
    answering: Type.Optional(
      Type.Object(
        {
          /** First message of every conversation; null: none (the file's template may add its own). */
          systemPrompt: nullable(words),
          sampler: Type.Partial(SamplerSettings),
          /** Longest answer in tokens; absent: the pool's default. */
          maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        closed,
      ),
    ),
    /** What a GGUF header says when it claims to be this model (see api/lineage/match.ts). */
    declaredAs: Type.Object(
      {
        /** `organisation/name` on a model hub. */
        repositories: Type.Array(words),
        /** `general.name`, or `general.basename` and `general.size_label` joined by a blank. */
        names: Type.Array(words),
      },
      closed,
    ),
  },
  closed,
);
const Family = Type.Object(
  { family: words, models: Type.Array(StatedModel, { minItems: 1 }) },
  closed,
);

/** One model's stated facts, with its digest and size resolved. */
export interface ModelFact extends Omit<Type.Static<typeof StatedModel>, "sha256"> {
  readonly sha256: string | null;
}

/** The facts folder holds something that cannot be used; the message names the file and what to do. */
export class ModelFactsError extends Error {
  override name = "ModelFactsError";
}

let loaded: readonly ModelFact[] | undefined;

/** All facts, read and checked once per process. Throws ModelFactsError. */
export function modelFacts(): readonly ModelFact[] {
  loaded ??= loadModelFacts(FACTS_FOLDER, ROOT);
  return loaded;
}

/** Facts by every word that names them: asked for at each question and each node that comes. */
const indexes = new WeakMap<readonly ModelFact[], ReadonlyMap<string, ModelFact>>();

/** A fact by file digest, id, or name (upper and lower case alike); undefined when none is known. */
export function findModelFact(
  ref: string,
  facts: readonly ModelFact[] = modelFacts(),
): ModelFact | undefined {
  let index = indexes.get(facts);
  if (index === undefined) {
    index = indexOf(facts);
    indexes.set(facts, index);
  }
  return index.get(ref.trim().toLowerCase());
}

/** Digests before ids before names, and of equal ones the first. */
function indexOf(facts: readonly ModelFact[]): ReadonlyMap<string, ModelFact> {
  const index = new Map<string, ModelFact>();
  for (const words of [
    (fact: ModelFact) => fact.sha256,
    (fact: ModelFact) => fact.id,
    (fact: ModelFact) => fact.name.toLowerCase(),
  ]) {
    for (const fact of facts) {
      const word = words(fact);
      if (word !== null && !index.has(word)) index.set(word, fact);
    }
  }
  return index;
}

/** A model's ancestors, nearest first, each once. */
export function ancestorsOf(
  fact: ModelFact,
  facts: readonly ModelFact[] = modelFacts(),
): ModelFact[] {
  const found: ModelFact[] = [];
  let generation = [fact];
  while (generation.length > 0) {
    const parents = generation.flatMap((child) => child.parents);
    generation = facts.filter(
      (candidate) =>
        parents.includes(candidate.id) && candidate !== fact && !found.includes(candidate),
    );
    found.push(...generation);
  }
  return found;
}

/** Reads every `*.json` of a folder. `root` is what file places are relative to. Throws ModelFactsError. */
export function loadModelFacts(folder: string, root: string): readonly ModelFact[] {
  const facts: ModelFact[] = [];
  const fileOf = new Map<string, string>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()) {
    for (const stated of readFamily(join(folder, file), file).models) {
      const earlier = fileOf.get(stated.id);
      if (earlier !== undefined) {
        throw new ModelFactsError(
          `model facts ${file}: "${stated.id}" is already in ${earlier}; an id names one model`,
        );
      }
      fileOf.set(stated.id, file);
      facts.push(Object.freeze(resolved(stated, root, file)));
    }
  }
  for (const fact of facts) checkFamilyTree(fact, facts, fileOf.get(fact.id)!);
  return Object.freeze(facts);
}

function readFamily(path: string, file: string): Type.Static<typeof Family> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ModelFactsError(`model facts ${file}: not JSON (${(error as Error).message})`);
  }
  try {
    return valueParser(Family, `model facts ${file}`)(json);
  } catch (error) {
    throw new ModelFactsError((error as Error).message);
  }
}

function resolved(stated: Type.Static<typeof StatedModel>, root: string, file: string): ModelFact {
  if (stated.sha256 === null || typeof stated.sha256 === "string") {
    return { ...stated, sha256: stated.sha256 };
  }
  const sums = stated.sha256.listedIn;
  const place = stated.places.find((candidate) => candidate.kind === "file");
  if (place === undefined || dirname(place.path) !== dirname(sums)) {
    throw new ModelFactsError(
      `model facts ${file}: "${stated.id}" takes its digest from ${sums}, so it needs a file place in the same folder`,
    );
  }
  const path = join(root, place.path);
  // A pool may be installed without the shipped files: then the entry stands without a digest.
  const shipped = existsSync(path) ? readFileSync(path) : null;
  const sha256 =
    digestListed(join(root, sums), basename(path)) ??
    (shipped === null ? null : sha256Hex(shipped));
  return { ...stated, sha256, bytes: shipped?.length ?? stated.bytes };
}

/** Digest of a file in a SHA256SUMS list (coreutils: digest, a blank, a blank or `*`, name). */
function digestListed(sumsPath: string, name: string): string | null {
  if (!existsSync(sumsPath)) return null;
  for (const line of readFileSync(sumsPath, "utf8").split("\n")) {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line.trimEnd());
    if (match?.[2] === name) return match[1]!;
  }
  return null;
}

function checkFamilyTree(fact: ModelFact, facts: readonly ModelFact[], file: string): void {
  const missing = fact.parents.find((id) => !facts.some((other) => other.id === id));
  if (missing !== undefined) {
    throw new ModelFactsError(
      `model facts ${file}: "${fact.id}" has the parent "${missing}", which no file describes`,
    );
  }
  if ([fact, ...ancestorsOf(fact, facts)].some((other) => other.parents.includes(fact.id))) {
    throw new ModelFactsError(`model facts ${file}: "${fact.id}" is its own ancestor`);
  }
  const twin = facts.find(
    (other) => other !== fact && fact.sha256 !== null && other.sha256 === fact.sha256,
  );
  if (twin !== undefined) {
    throw new ModelFactsError(
      `model facts ${file}: "${fact.id}" and "${twin.id}" claim the same file digest`,
    );
  }
}
