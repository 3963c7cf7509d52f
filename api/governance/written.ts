/**
 * What can hide, reorder or fake text (Unicode TR 36 and 39): controls, bidi embeddings, overrides and isolates,
 * zero-width and filler characters. Line feeds and tabs stay, and so do joiners and variation selectors, which are
 * letters' business in Persian or Hindi, and emoji's.
 */
const HIDING =
  /[[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]--[\n\t\u200c\u200d\ufe0e\ufe0f]]/gv;
const IGNORED = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Cc}/gu;

/** What a person wrote, as it is kept and published: well-formed, with nothing in it that hides or reorders. */
export function written(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").replace(HIDING, "").trim();
}

/** The beginning of a text, at most so many UTF-16 units, and no half of a character. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text
    .slice(0, most - 1)
    .toWellFormed()
    .replace(/\ufffd$/, "")}…`;
}

/** The same for every field of a form. */
export function writtenFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, written(text)]));
}

/** Equal for texts that look the same but for case, spacing and composition; empty where there is nothing to see. */
export function looksLike(text: string): string {
  return text.normalize("NFKC").replace(IGNORED, "").replace(/\s+/gu, " ").trim().toLowerCase();
}

/** True where two of these look the same, or one like nothing. */
export function lookAlike(texts: readonly string[]): boolean {
  const seen = texts.map(looksLike);
  return seen.includes("") || new Set(seen).size < seen.length;
}
