/**
 * What a GGUF file says about itself: the `general.*` keys of its header (ggml-org/ggml docs/gguf.md) as the
 * node sent them. Anybody can write anything there: these strings are shown and weighed, never believed.
 *
 * Keys are flat (`general.base_model.0.name`); the items of a list are joined by `; `.
 */
export interface DeclaredModel {
  readonly name: string | null;
  readonly basename: string | null;
  readonly sizeLabel: string | null;
  readonly finetune: string | null;
  readonly organization: string | null;
  /** As written: an SPDX expression or a hub's own name for a licence. */
  readonly licence: string | null;
  readonly quantizedBy: string | null;
  /** Where this file and where its source are said to be. */
  readonly repositoryUrl: string | null;
  readonly sourceUrl: string | null;
  readonly datasets: readonly DeclaredReference[];
  readonly baseModels: readonly DeclaredReference[];
}

export interface DeclaredReference {
  readonly name: string | null;
  readonly organization: string | null;
  /** `https://…` only; any other scheme reads as null. */
  readonly url: string | null;
}

/** A header that lists more than this is cut: no real model has so many parents or data sets. */
const MAX_LISTED = 64;

/** Reads the header keys a node reported. Unknown keys are left alone; values come back fit for display. */
export function readDeclared(keys: Readonly<Record<string, string>>): DeclaredModel {
  const text = (key: string, limit = 200) => displayText(keys[`general.${key}`] ?? "", limit);
  return {
    name: text("name"),
    basename: text("basename"),
    sizeLabel: text("size_label", 40),
    finetune: text("finetune"),
    organization: text("organization"),
    licence: text("license"),
    quantizedBy: text("quantized_by"),
    repositoryUrl: webAddress(keys["general.repo_url"]),
    sourceUrl: webAddress(
      keys["general.source.repo_url"] ??
        keys["general.source.url"] ??
        keys["general.source.huggingface.repository"],
    ),
    datasets: [
      ...listOf(keys["general.datasets"]).map(datasetNamed),
      ...references(keys, "general.dataset."),
    ]
      .filter(saysSomething)
      .slice(0, MAX_LISTED),
    baseModels: references(keys, "general.base_model."),
  };
}

/**
 * Cuts a foreign string down to what may be shown in one line: no control, direction-changing or invisible
 * characters, no markup brackets, no `@`, at most `limit` characters. Null when nothing is left.
 */
export function displayText(foreign: string, limit: number): string | null {
  const plain = foreign
    // The tail of a giant value is never looked at.
    .slice(0, limit * 8)
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cn}\p{Cs}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu, "")
    .replace(/[<>[\]{}`|*\\]/gu, "")
    .replace(/@/gu, "(at)")
    // A few accents may stack on a letter; dozens are a way to paint over other lines.
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .replace(/ {2,}/gu, " ")
    .trim();
  if (plain === "") return null;
  const characters = [...plain];
  if (characters.length <= limit) return plain;
  return `${characters
    .slice(0, limit - 1)
    .join("")
    .trimEnd()}…`;
}

/** `general.base_model.0.name` and its siblings, in the order of their numbers. */
function references(keys: Readonly<Record<string, string>>, prefix: string): DeclaredReference[] {
  const numbers = new Set<number>();
  for (const key of Object.keys(keys)) {
    const number = key.startsWith(prefix) ? /^(\d{1,4})\./.exec(key.slice(prefix.length)) : null;
    if (number !== null) numbers.add(Number(number[1]));
  }
  return [...numbers]
    .sort((a, b) => a - b)
    .slice(0, MAX_LISTED)
    .map((number) => ({
      name: displayText(keys[`${prefix}${number}.name`] ?? "", 200),
      organization: displayText(keys[`${prefix}${number}.organization`] ?? "", 200),
      url: webAddress(keys[`${prefix}${number}.repo_url`] ?? keys[`${prefix}${number}.url`]),
    }))
    .filter(saysSomething);
}

/** What is left of a reference once its invisible characters are gone may be nothing. */
function saysSomething({ name, url }: DeclaredReference): boolean {
  return name !== null || url !== null;
}

/** `organisation/name` is how hubs write data sets; a web address stays one. */
function datasetNamed(value: string): DeclaredReference {
  const url = webAddress(value);
  return { name: displayText(value, 200), organization: null, url };
}

function listOf(value: string | undefined): string[] {
  return (value ?? "").split(/[;\n]/).filter((item) => item.trim() !== "");
}

/** An `https://` address without credentials, percent-encoded, at most 500 characters; else null. */
function webAddress(value: string | undefined): string | null {
  if (value === undefined || value.length > 500 || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
  return url.href;
}
