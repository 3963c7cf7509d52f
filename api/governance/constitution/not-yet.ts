import type { Constitution } from "./schema.ts";

/** A part of the constitution that this version of the program does not carry out. */
export interface NotYet {
  /** Where it is written: names along the way from the top. */
  readonly path: readonly [string, ...string[]];
  /** Entries of `types` that nobody can open here. */
  readonly types: readonly string[];
  /** For `/rules`: what is missing, and what holds in its place. */
  readonly words: string;
}

/** Whoever builds one of these takes its row out; a test holds the types against the kinds there are. */
export const NOT_YET: readonly NotYet[] = [
  {
    path: ["bodies", "stewards"],
    types: ["steward.elect", "steward.recall"],
    words:
      "Stewards are neither elected nor recalled yet, and no term ends: those are stewards who founded the pool.",
  },
  {
    path: ["bodies", "jury"],
    types: ["sanction.appeal"],
    words:
      "No jury is drawn yet, so nobody can appeal to one. An emergency act still lapses by itself unless members ratify it, and a vote can revert what a vote decided.",
  },
  {
    path: ["checks", "veto"],
    types: [],
    words: "Nobody can veto yet; what passes can be held by members, and reverted by a vote.",
  },
  {
    path: ["procedure", "delegation"],
    types: [],
    words: "Votes cannot be delegated yet: everybody casts their own.",
  },
  {
    path: ["types", "priority.rank"],
    types: ["priority.rank"],
    words:
      "Priorities are not ranked by a standing vote yet; a poll counted by quadratic voting asks the same without binding anybody.",
  },
  {
    path: ["types", "memory.data"],
    types: ["memory.data"],
    words:
      "There is no memory to decide about yet; how long texts are kept is decided as a setting.",
  },
  {
    path: ["founding", "before"],
    types: [],
    words:
      "There is no vote to adopt these rules at founding, and what stewards do in the founding period is not listed as provisional: the rules hold from the first day, and change only by amendment.",
  },
  {
    path: ["agents", "propose"],
    types: [],
    words: "Declared agents cannot propose yet: their controllers do.",
  },
];

/** What is written in these rules and not carried out, one sentence each. */
export function notYetWords(rules: Constitution): string[] {
  return NOT_YET.filter(({ path }) => written(rules, path)).map(({ words }) => words);
}

function written(rules: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  return (
    typeof rules === "object" &&
    rules !== null &&
    Object.hasOwn(rules, name) &&
    written((rules as Record<string, unknown>)[name], rest)
  );
}
