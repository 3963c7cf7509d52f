import Type from "typebox";
import { DisclosureClass, Sha256Hex } from "./primitives.ts";

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const closed = { additionalProperties: false } as const;

/** Where a stated fact comes from. A fact without a source is not shown. */
export const FactSource = Type.Object(
  {
    /** `declared in file`: the GGUF header; `stated by maintainer`: config/model-facts. */
    basis: Type.Union([Type.Literal("declared in file"), Type.Literal("stated by maintainer")]),
    source: Type.String(),
    /** ISO 8601 date on which the source was read; null for a file header. */
    date: nullable(Type.String()),
  },
  closed,
);

export const LineageDataset = Type.Object(
  { name: Type.String(), url: nullable(Type.String()), note: nullable(Type.String()) },
  closed,
);

/** One model in a lineage: the file that ran, or an ancestor of it. Unknown is null, never guessed. */
export const LineageEntry = Type.Object(
  {
    /** Stable id in the facts (`smollm2-135m-instruct`), or the digest where nothing is known. */
    id: Type.String(),
    name: Type.String(),
    sha256: nullable(Sha256Hex),
    /** How it came from its parent, in words: `quantised`, `fine-tuned`, `trained`. */
    relation: nullable(Type.String()),
    /** SPDX expression or `LicenseRef-…`. */
    licence: nullable(Type.String()),
    disclosure: nullable(DisclosureClass),
    datasets: Type.Array(LineageDataset),
    /** Training data in one sentence. */
    trainingData: nullable(Type.String()),
    sources: Type.Array(FactSource),
  },
  closed,
);
export type LineageEntry = Type.Static<typeof LineageEntry>;

/** Lineage = own entry, then every ancestor (nearest first), and what follows from all of them. */
export const Lineage = Type.Object(
  {
    entries: Type.Array(LineageEntry, { minItems: 1 }),
    /** Strictest licence of all entries; null when any is unknown. */
    licence: nullable(Type.String()),
    /** What the strictest licence asks for, in words; for example `keep the notice`. */
    licenceTerms: nullable(Type.String()),
    /** Lowest class of all entries; null when any is unknown. */
    disclosure: nullable(DisclosureClass),
    /** One line for a message footer: `SmolLM2-135M-Instruct Q4_1 · Apache-2.0 · training data open`. */
    line: Type.String(),
    /** True for the engine that runs no model. */
    noModel: Type.Boolean(),
  },
  closed,
);
export type Lineage = Type.Static<typeof Lineage>;
