import { escapeHtml } from "../text/markdown.ts";

/**
 * SVG as strings. Colours are plain presentation attributes with a class beside them: a page restyles the
 * class (light, dark), and where there is no style sheet, as when a door turns the picture into a bitmap,
 * the attributes stand.
 */
export interface SvgFrame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** Prefix of the ids inside; two pictures in one page must differ. */
  readonly idPrefix: string;
}

/** The outer element, named and described for screen readers (`role="img"`). */
export function svgPicture(frame: SvgFrame, content: string, className = "picture"): string {
  const { width, height, idPrefix } = frame;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${className}" viewBox="0 0 ${width} ${height}"`,
    ` width="${width}" height="${height}" role="img" aria-labelledby="${idPrefix}-title ${idPrefix}-desc">`,
    `<title id="${idPrefix}-title">${escapeHtml(frame.title)}</title>`,
    `<desc id="${idPrefix}-desc">${escapeHtml(frame.description)}</desc>`,
    content,
    "</svg>",
  ].join("");
}

/** Attributes of an element, values escaped. */
export function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`)
    .join("");
}

/** A line of text; `size` in user units. */
export function svgText(
  x: number,
  y: number,
  text: string,
  style: { className: string; fill: string; size: number; weight?: number; anchor?: string },
): string {
  return `<text${attributes({
    x,
    y,
    class: style.className,
    fill: style.fill,
    "font-size": style.size,
    "font-weight": style.weight ?? 400,
    "text-anchor": style.anchor ?? "start",
    "font-family": "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
  })}>${escapeHtml(text)}</text>`;
}

/**
 * Breaks a name into at most `maxLines` lines of about `maxChars` letters, `…` at the end of what is cut.
 * Breaks at spaces and after dashes, dots, slashes and underscores, or inside a word that is too long.
 */
export function wrapName(name: string, maxChars: number, maxLines: number): string[] {
  const pieces = name.match(/[^\s\-./_]*[\s\-./_]?/gu)?.filter((piece) => piece !== "") ?? [];
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces.flatMap((part) => hardBreak(part, maxChars))) {
    if (line !== "" && (line + piece.trimEnd()).length > maxChars) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  if (line.trimEnd() !== "") lines.push(line.trimEnd());
  if (lines.length <= maxLines) return lines;
  const last = lines[maxLines - 1] as string;
  return [...lines.slice(0, maxLines - 1), `${last.slice(0, maxChars - 1)}…`];
}

function hardBreak(word: string, maxChars: number): string[] {
  const letters = Array.from(word);
  if (letters.length <= maxChars) return [word];
  const parts: string[] = [];
  for (let at = 0; at < letters.length; at += maxChars) {
    parts.push(letters.slice(at, at + maxChars).join(""));
  }
  return parts;
}
