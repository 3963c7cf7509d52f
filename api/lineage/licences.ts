import parseExpression, { type Expression } from "spdx-expression-parse";

/**
 * Licences compared by what they ask of whoever passes a model or its output on. A licence is "stricter" than
 * another when it asks for all that the other asks for, and more. Licences of which neither holds the other
 * (share-alike and non-commercial, Llama's terms and Gemma's) stand side by side: `A AND B`.
 *
 * The table is a reading aid for a chat footer, not legal advice. It leans to the strict side: everything from
 * weak copyleft upwards counts as asking for the notices too.
 */
const OBLIGATIONS = {
  notice: "keep the copyright and licence notices",
  changes: "say what was changed",
  shareAlikeParts: "share changed parts under the same licence",
  shareAlike: "share the whole work under the same licence",
  networkSource: "offer the source to network users",
  usePolicy: "use it only as its use policy allows",
  llamaTerms: "show the Llama name and ask Meta above 700 million monthly users",
  gemmaTerms: "pass Google's Gemma terms on with it",
  railTerms: "pass the use restrictions of its RAIL licence on with it",
  deepseekTerms: "pass the use restrictions of the DeepSeek model agreement on with it",
  nonCommercial: "no commercial use",
  researchOnly: "research use only",
  noPermission: "no permission is given: ask the rights holder",
} as const;
type Obligation = keyof typeof OBLIGATIONS;

const NOTICE: Obligation[] = ["notice"];
const CHANGES: Obligation[] = [...NOTICE, "changes"];
const PARTS: Obligation[] = [...CHANGES, "shareAlikeParts"];
const WHOLE: Obligation[] = [...PARTS, "shareAlike"];
const POLICY: Obligation[] = [...CHANGES, "usePolicy"];
const EVERYTHING = Object.keys(OBLIGATIONS) as Obligation[];

/** Licence id → what it asks for. `LicenseRef-…` stands for texts that SPDX has no id for. */
const LICENCES: Readonly<Record<string, readonly Obligation[]>> = {
  "CC0-1.0": [],
  Unlicense: [],
  "MIT-0": [],
  "0BSD": [],
  "LicenseRef-Public-Domain": [],
  MIT: NOTICE,
  ISC: NOTICE,
  Zlib: NOTICE,
  "BSD-2-Clause": NOTICE,
  "BSD-3-Clause": NOTICE,
  "ODC-By-1.0": NOTICE,
  "Apache-2.0": CHANGES,
  "CC-BY-3.0": CHANGES,
  "CC-BY-4.0": CHANGES,
  "MPL-2.0": PARTS,
  "LGPL-2.1-only": PARTS,
  "LGPL-2.1-or-later": PARTS,
  "LGPL-3.0-only": PARTS,
  "LGPL-3.0-or-later": PARTS,
  "CDLA-Sharing-1.0": PARTS,
  "ODbL-1.0": PARTS,
  "CC-BY-SA-3.0": WHOLE,
  "CC-BY-SA-4.0": WHOLE,
  "GPL-2.0-only": WHOLE,
  "GPL-2.0-or-later": WHOLE,
  "GPL-3.0-only": WHOLE,
  "GPL-3.0-or-later": WHOLE,
  "AGPL-3.0-only": [...WHOLE, "networkSource"],
  "AGPL-3.0-or-later": [...WHOLE, "networkSource"],
  "LicenseRef-Llama-2-Community": [...POLICY, "llamaTerms"],
  "LicenseRef-Llama-3-Community": [...POLICY, "llamaTerms"],
  "LicenseRef-Llama-3.1-Community": [...POLICY, "llamaTerms"],
  "LicenseRef-Llama-3.2-Community": [...POLICY, "llamaTerms"],
  "LicenseRef-Llama-3.3-Community": [...POLICY, "llamaTerms"],
  "LicenseRef-Llama-4-Community": [...POLICY, "llamaTerms"],
  "LicenseRef-Gemma": [...POLICY, "gemmaTerms"],
  "LicenseRef-OpenRAIL": [...POLICY, "railTerms"],
  "LicenseRef-BigScience-OpenRAIL-M": [...POLICY, "railTerms"],
  "LicenseRef-DeepSeek-Model": [...POLICY, "deepseekTerms"],
  "CC-BY-NC-4.0": [...CHANGES, "nonCommercial"],
  "CC-BY-NC-SA-4.0": [...WHOLE, "nonCommercial"],
  "LicenseRef-Qwen-Research": [...POLICY, "nonCommercial", "researchOnly"],
  "LicenseRef-Mistral-Research": [...POLICY, "nonCommercial", "researchOnly"],
  "LicenseRef-No-Permission": EVERYTHING,
};

/** Names that model hubs use in place of SPDX ids, all in lower case. */
const HUB_NAMES: Readonly<Record<string, string>> = {
  llama2: "LicenseRef-Llama-2-Community",
  llama3: "LicenseRef-Llama-3-Community",
  "llama3.1": "LicenseRef-Llama-3.1-Community",
  "llama3.2": "LicenseRef-Llama-3.2-Community",
  "llama3.3": "LicenseRef-Llama-3.3-Community",
  llama4: "LicenseRef-Llama-4-Community",
  gemma: "LicenseRef-Gemma",
  openrail: "LicenseRef-OpenRAIL",
  "bigscience-openrail-m": "LicenseRef-BigScience-OpenRAIL-M",
  "odc-by": "ODC-By-1.0",
  odbl: "ODbL-1.0",
  /** SPDX's word for "no licence at all"; it may not stand in an expression. */
  none: "LicenseRef-No-Permission",
};

const BY_LOWER_CASE = new Map(Object.keys(LICENCES).map((id) => [id.toLowerCase(), id]));

/** One licence, or one choice between licences, that must be kept. */
interface Term {
  /** SPDX text of it. */
  readonly text: string;
  /** Null for a licence that the table does not hold: it can be neither dropped nor compared. */
  readonly asks: ReadonlySet<Obligation> | null;
}

/** What several licences come to. */
export interface ResolvedLicence {
  /** SPDX expression, the parts sorted; null when any of the licences is unknown. */
  readonly licence: string | null;
  /** What it asks for, in words; null when it is unknown. */
  readonly terms: string | null;
}

/**
 * The licence that holds for something made from several licensed parts: the strictest; parts that ask for
 * different things are joined by AND. Null in, or text that is no SPDX expression, gives null: unknown.
 */
export function strictestLicence(licences: readonly (string | null)[]): ResolvedLicence {
  const terms: Term[] = [];
  for (const licence of licences) {
    const read = licence === null ? null : termsOf(licence);
    if (read === null) return { licence: null, terms: null };
    for (const term of read) {
      if (!terms.some((known) => known.text === term.text)) terms.push(term);
    }
  }
  if (terms.length === 0) return { licence: null, terms: null };
  const kept = terms
    .filter((term) => !terms.some((other) => isStricter(other, term)))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return { licence: joined(kept), terms: inWords(kept) };
}

/** A declared licence string as an SPDX expression in its usual spelling; null when it is none. */
export function normalLicence(declared: string): string | null {
  const terms = termsOf(declared);
  if (terms === null) return null;
  return joined(terms);
}

function joined(terms: readonly Term[]): string {
  if (terms.length === 1) return terms[0]!.text;
  return terms.map(({ text }) => (text.includes(" OR ") ? `(${text})` : text)).join(" AND ");
}

function isStricter(a: Term, b: Term): boolean {
  // Where no permission is given at all, no other text matters.
  if (a.asks?.has("noPermission")) return !b.asks?.has("noPermission");
  if (a.asks === null || b.asks === null) return false;
  return a.asks.size > b.asks.size && [...b.asks].every((obligation) => a.asks!.has(obligation));
}

function inWords(terms: readonly Term[]): string {
  const asked = new Set(terms.flatMap((term) => [...(term.asks ?? [])]));
  if (asked.has("noPermission")) return OBLIGATIONS.noPermission;
  const said: string[] = EVERYTHING.filter((key) => asked.has(key)).map((key) => OBLIGATIONS[key]);
  for (const term of terms.filter((candidate) => candidate.asks === null)) {
    said.push(`read ${term.text}: this pool does not know its terms`);
  }
  return said.length === 0 ? "asks for nothing" : said.join("; ");
}

/** The parts of an expression that all hold; null when it cannot be read. */
function termsOf(licence: string): Term[] | null {
  // Longer than any real expression: a hostile header must not buy parsing time.
  if (licence.length > 300) return null;
  const trimmed = licence.trim();
  const spelled = trimmed
    .split(/([\s()]+)/)
    .map((word) => HUB_NAMES[word.toLowerCase()] ?? BY_LOWER_CASE.get(word.toLowerCase()) ?? word)
    .join("");
  try {
    return conjunction(parseExpression(spelled));
  } catch {
    return null;
  }
}

function conjunction(node: Expression): Term[] {
  if (!("conjunction" in node)) return [leaf(node)];
  if (node.conjunction === "and") return [...conjunction(node.left), ...conjunction(node.right)];
  return [choice(conjunction(node.left), conjunction(node.right))];
}

function leaf(node: Exclude<Expression, { conjunction: string }>): Term {
  const id = node.plus ? `${node.license}+` : node.license;
  // An exception only loosens; counting it as if it were absent stays on the strict side.
  return term(node.exception ? `${id} WITH ${node.exception}` : id, LICENCES[node.license] ?? null);
}

/** `A OR B`: whoever passes it on may choose, so only what both ask for is sure. */
function choice(left: readonly Term[], right: readonly Term[]): Term {
  const text = [left, right]
    .map((side) => (side.length > 1 ? `(${joined(side)})` : joined(side)))
    .sort()
    .join(" OR ");
  const [a, b] = [left, right].map(everythingAsked);
  if (!a || !b) return term(text, null);
  return term(
    text,
    a.filter((obligation) => b.includes(obligation)),
  );
}

function everythingAsked(side: readonly Term[]): Obligation[] | null {
  if (side.some((part) => part.asks === null)) return null;
  return side.flatMap((part) => [...(part.asks ?? [])]);
}

function term(text: string, asks: readonly Obligation[] | null): Term {
  return { text, asks: asks === null ? null : new Set(asks) };
}
