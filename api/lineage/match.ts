import type { ModelFact } from "../../config/model-facts.ts";
import type { DeclaredModel, DeclaredReference } from "./declared.ts";

/**
 * Finds the facts that a file of unknown digest points at by its own header. The header is only a claim, so
 * whatever is found this way is labelled "matched by the file's own declaration, not by digest".
 */

/** The model that the file says it is. `via` names the header keys, for the reader. */
export function claimedIdentity(
  declared: DeclaredModel,
  facts: readonly ModelFact[],
): { fact: ModelFact; via: string } | null {
  const byUrl = declared.repositoryUrl ?? declared.sourceUrl;
  if (byUrl !== null) {
    const fact = factAtRepository(byUrl, facts);
    if (fact !== undefined) return { fact, via: "repository address" };
  }
  const names = [
    { text: declared.name, via: "general.name" },
    {
      text: joined(declared.basename, declared.finetune, declared.sizeLabel),
      via: "general.basename, finetune and size_label",
    },
    // With a finetune key the shorter name would be the base model's: a different thing.
    {
      text: declared.finetune === null ? joined(declared.basename, declared.sizeLabel) : null,
      via: "general.basename and size_label",
    },
  ];
  for (const { text, via } of names) {
    if (text === null) continue;
    const fact = facts.find((candidate) => candidate.sha256 === null && isCalled(candidate, text));
    if (fact !== undefined) return { fact, via };
  }
  return null;
}

/** The facts of a base model that the header names; undefined when nothing is known about it. */
export function factOfBaseModel(
  base: DeclaredReference,
  facts: readonly ModelFact[],
): ModelFact | undefined {
  if (base.url !== null) {
    const fact = factAtRepository(base.url, facts);
    if (fact !== undefined) return fact;
  }
  if (base.name === null) return undefined;
  return facts.find((candidate) => isCalled(candidate, base.name!));
}

function factAtRepository(url: string, facts: readonly ModelFact[]): ModelFact | undefined {
  const { hostname, pathname } = new URL(url);
  if (hostname !== "huggingface.co" && hostname !== "hf.co") return undefined;
  const repository = pathname.split("/").filter(Boolean).slice(0, 2).join("/").toLowerCase();
  return facts.find((fact) =>
    fact.declaredAs.repositories.some((known) => known.toLowerCase() === repository),
  );
}

function joined(...parts: (string | null)[]): string | null {
  return parts.includes(null) ? null : parts.join(" ");
}

/** Names are compared by their words: converters turn dashes to blanks and change the case. */
export function isCalled(fact: ModelFact, name: string): boolean {
  return [fact.name, ...fact.declaredAs.names].some((known) => words(known) === words(name));
}

function words(name: string): string {
  return name
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter(Boolean)
    .join(" ");
}
