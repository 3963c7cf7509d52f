import type { KindView } from "../../../protocol/wire/governance.ts";
import { filled, type Words } from "../../words/catalogue.ts";

export interface TypedFields {
  readonly fields: Readonly<Record<string, string>>;
  /** What follows `|`; empty where there is none. */
  readonly reason: string;
}

/**
 * Reads `name=value other=two words | reason` by a kind's form. Text before the first `name=` goes to the first
 * field, so that `/propose question Shall we …?` needs no name. Returns a sentence where a name is unknown.
 */
export function readFields(kind: KindView, typed: string, words: Words): TypedFields | string {
  const [values = "", ...rest] = typed.split("|");
  const fields: Record<string, string> = {};
  const known = kind.fields.map(({ name }) => name);
  let name = known[0] ?? "";
  for (const piece of pieces(values)) {
    if (piece.name !== null) {
      if (!known.includes(piece.name)) {
        const field = piece.name;
        const fieldNames = known.join(", ");
        return filled(words.gov_unknown_field, { kind: kind.kind, field, fields: fieldNames });
      }
      name = piece.name;
    }
    const text = [fields[name], piece.text].filter((part) => part).join(" ");
    if (text !== "" && name !== "") fields[name] = text;
  }
  return { fields, reason: rest.join("|").trim() };
}

function pieces(text: string): { name: string | null; text: string }[] {
  const found = [...text.matchAll(/(?:^|\s)([a-z][a-z_-]{0,39})=/g)];
  const first = found[0]?.index ?? text.length;
  const parts: { name: string | null; text: string }[] = [
    { name: null, text: text.slice(0, first).trim() },
  ];
  for (const [at, match] of found.entries()) {
    const start = match.index + match[0].length;
    parts.push({
      name: match[1] as string,
      text: text.slice(start, found[at + 1]?.index ?? text.length).trim(),
    });
  }
  return parts;
}
