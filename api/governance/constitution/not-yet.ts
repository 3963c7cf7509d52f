import { type Said, say } from "../words/say.ts";
import type { Constitution } from "./schema.ts";

/** A part of the constitution that this version of the program does not carry out. */
export interface NotYet {
  /** Where it is written: names along the way from the top. */
  readonly path: readonly [string, ...string[]];
  /** Entries of `types` that nobody can open here. */
  readonly types: readonly string[];
  /** For `/rules`: what is missing, and what holds in its place. */
  readonly words: Said;
}

/** Whoever builds one of these takes its row out; a test holds the types against the kinds there are. */
export const NOT_YET: readonly NotYet[] = [
  {
    path: ["bodies", "stewards", "termDays"],
    types: [],
    words: say("notyet_stewards"),
  },
  {
    path: ["bodies", "jury"],
    types: ["sanction.appeal"],
    words: say("notyet_jury"),
  },
  {
    path: ["checks", "veto"],
    types: [],
    words: say("notyet_veto"),
  },
  {
    path: ["procedure", "delegation"],
    types: [],
    words: say("notyet_delegation"),
  },
  {
    path: ["types", "priority.rank"],
    types: ["priority.rank"],
    words: say("notyet_rank"),
  },
  {
    path: ["types", "memory.data"],
    types: ["memory.data"],
    words: say("notyet_memory"),
  },
  {
    path: ["founding", "before"],
    types: [],
    words: say("notyet_founding"),
  },
  {
    path: ["agents", "propose"],
    types: [],
    words: say("notyet_agents"),
  },
];

/** What is written in these rules and not carried out, one sentence each. */
export function notYetWords(rules: Constitution): Said[] {
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
