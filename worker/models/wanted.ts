import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { ModelFact, Place } from "../../config/model-facts.ts";

/** A model this worker should offer: by digest where its facts are known, else a file somebody put here. */
export type WantedModel =
  | {
      readonly kind: "known";
      readonly sha256: string;
      readonly name: string;
      /** Size of the file; null when the facts do not say. */
      readonly bytes: number | null;
      readonly places: readonly Place[];
    }
  | { readonly kind: "file"; readonly name: string; readonly file: string };

/** A reference in WORKER_MODELS that names nothing; the message says what to write. */
export class UnknownModel extends Error {
  override name = "UnknownModel";
}

/**
 * What a reference means: the path of a GGUF file, or the digest, id or name of a model in `facts`.
 * `root`: folder that relative paths start from. Throws UnknownModel.
 */
export function wantedModel(ref: string, facts: readonly ModelFact[], root: string): WantedModel {
  const wanted = ref.trim().toLowerCase();
  const fact =
    facts.find((f) => f.sha256 === wanted) ??
    facts.find((f) => f.id === wanted) ??
    facts.find((f) => f.name.toLowerCase() === wanted);
  if (fact?.sha256) {
    const { sha256, name, bytes, places } = fact;
    return { kind: "known", sha256, name, bytes, places };
  }
  const file = resolve(root, ref);
  if (existsSync(file)) return { kind: "file", name: basename(file), file };
  const ids = facts.filter((f) => f.sha256 !== null).map((f) => f.id);
  throw new UnknownModel(
    `WORKER_MODELS: "${ref}" is neither a model file here (${file}) nor a model this worker can fetch. ` +
      `Write the path of a GGUF file, or one of: ${ids.join(", ")}.`,
  );
}
