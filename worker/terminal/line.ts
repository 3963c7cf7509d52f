/** How a piece of a line looks. */
export type Style = "plain" | "dim" | "bold" | "good" | "wait" | "bad";
export type Span = readonly [text: string, style?: Style];
/** One line of the view: pieces side by side. */
export type Line = readonly Span[];

/** SGR parameters (ECMA-48 §8.3.117): 16 colours, which every terminal lets its user choose. */
const SGR: Record<Style, string> = {
  plain: "",
  dim: "2",
  bold: "1",
  good: "32",
  wait: "33",
  bad: "31",
};

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Drawn over two cells: East Asian wide forms and emoji (UAX #11, UTS #51). */
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60]/u;

/** Cells that a terminal draws a text over. */
export function cells(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: printable ASCII is the quick way out
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  let count = 0;
  for (const { segment } of graphemes.segment(text)) count += WIDE.test(segment) ? 2 : 1;
  return count;
}

/** The line within `columns` cells; what is cut off ends in “…”. */
export function fitted(line: Line, columns: number): Line {
  if (line.reduce((sum, [text]) => sum + cells(text), 0) <= columns) return line;
  const kept: Span[] = [];
  let left = columns - 1;
  for (const [text, style = "plain"] of line) {
    let part = "";
    let used = 0;
    for (const { segment } of graphemes.segment(text)) {
      const width = cells(segment);
      if (used + width > left) {
        kept.push([`${part}…`, style]);
        return columns > 0 ? kept : [];
      }
      part += segment;
      used += width;
    }
    left -= used;
    kept.push([part, style]);
  }
  return kept;
}

export function plainText(line: Line): string {
  return line.map(([text]) => text).join("");
}

/** The line with colours. */
export function coloured(line: Line): string {
  return line
    .map(([text, style = "plain"]) =>
      style === "plain" || text === "" ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`,
    )
    .join("");
}
