import type { LintView, RuleChange } from "../../../protocol/wire/governance.ts";
import { each, type Said, say, type Value } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";
import { broken, invariantWords } from "./invariants.ts";
import { needsWords } from "./needs.ts";
import { type Constitution, shapeFault } from "./schema.ts";

/** Rules that only `amend.entrenched` may change, by where they stand. */
const ENTRENCHED = [
  "/bodies/members",
  "/bodies/producers",
  "/procedure/default/sealed",
  "/procedure/default/changeUntilClose",
  "/bodies/stewards/sealed",
  "/log",
  "/checks/exit",
  "/data",
  "/credits",
  "/commons",
  "/agents",
  "/types/amend",
  "/types/amend.entrenched",
  "/formulas",
  "/procedure/rulesPinned",
];

/** An amendment, looked at: what it says in words, what forbids it, and the rules as they would be. */
export interface Lint extends Unspoken<LintView> {
  /** Entry of the constitution that decides it. */
  readonly type: string;
  /** Null where the change does not fit the shape of the rules or an invariant forbids it. */
  readonly amended: Constitution | null;
}

/** Says what an amendment would change and which invariant forbids it. Pure. */
export function lint(rules: Constitution, changes: readonly RuleChange[]): Lint {
  const words: Said[] = [];
  const forbidden: { invariant: string; words: Said }[] = [];
  const draft = structuredClone(rules) as unknown;
  for (const { path, value } of changes) {
    if (path === "/version") {
      forbidden.push({ invariant: "version", words: say("lint_version") });
      continue;
    }
    const place = holderOf(draft, path);
    if (place === null) {
      forbidden.push({ invariant: "no-such-rule", words: say("lint_no_rule", { path }) });
      continue;
    }
    const now = place.holder[place.key];
    if (same(now, value))
      words.push(say("lint_stays", { rule: ruleName(path), value: shown(now) }));
    else
      words.push(say("lint_changes", { rule: ruleName(path), now: shown(now), new: shown(value) }));
    place.holder[place.key] = value;
  }
  const written = { ...(draft as Constitution), version: rules.version + 1 };
  const fault = shapeFault(written);
  if (fault !== null) {
    const { path } = fault;
    const words = say("lint_shape", { rule: ruleName(path), what: shapeWords(fault) });
    forbidden.push({ invariant: "shape", words });
  } else {
    for (const invariant of broken(written)) {
      forbidden.push({ invariant: invariant.id, words: invariantWords(invariant) });
    }
  }
  const type = changes.some(({ path }) => entrenched(path)) ? "amend.entrenched" : "amend";
  return {
    words,
    forbidden,
    type,
    needs: needsWords(rules, type),
    amended: forbidden.length === 0 ? written : null,
  };
}

/** True where only the entrenched way of amending may change what stands here. */
export function entrenched(path: string): boolean {
  return ENTRENCHED.some((root) => path === root || path.startsWith(`${root}/`));
}

/** The value at a JSON pointer; undefined where nothing is. */
export function ruleAt(rules: Constitution, path: string): unknown {
  const place = holderOf(rules, path);
  return place?.holder[place.key];
}

/** Every single rule: pointer and value; lists and pairs are one rule. */
export function everyRule(rules: Constitution): [path: string, value: unknown][] {
  const found: [string, unknown][] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, each] of Object.entries(value)) walk(each, `${path}/${escaped(key)}`);
    } else if (path !== "/version") found.push([path, value]);
  };
  walk(rules, "");
  return found;
}

/** A pointer as people read it: `types › quota.set › voteH`. */
export function ruleName(path: string): string {
  return path.slice(1).split("/").map(unescaped).join(" › ");
}

function holderOf(
  root: unknown,
  path: string,
): { holder: Record<string, unknown>; key: string } | null {
  const keys = path.slice(1).split("/").map(unescaped);
  let holder = root;
  for (const key of keys.slice(0, -1)) holder = child(holder, key);
  const key = keys.at(-1) as string;
  return child(holder, key) === undefined
    ? null
    : { holder: holder as Record<string, unknown>, key };
}

function child(holder: unknown, key: string): unknown {
  if (typeof holder !== "object" || holder === null || Array.isArray(holder)) return undefined;
  return Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** What belongs at a place, by the keyword of JSON Schema that does not hold there. */
function shapeWords({ keyword, params }: NonNullable<ReturnType<typeof shapeFault>>): Said {
  const { limit, allowedValues, type } = params;
  if (keyword === "minimum") return say("shape_least", { limit: Number(limit) });
  if (keyword === "maximum") return say("shape_most", { limit: Number(limit) });
  if (keyword === "enum") {
    return say("shape_one_of", { values: each(allowedValues as string[], "comma") });
  }
  if (keyword !== "type") return say("shape_other");
  switch (type) {
    case "integer":
    case "string":
    case "boolean":
    case "array":
      return say(`shape_${type}`);
    default:
      return say("shape_other");
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function shown(value: unknown): Value {
  if (value === undefined) return say("value_nothing");
  if (typeof value === "string") return say("quoted", { text: value });
  if (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((each) => typeof each === "number")
  ) {
    return `${value[0]} : ${value[1]}`;
  }
  return JSON.stringify(value);
}
