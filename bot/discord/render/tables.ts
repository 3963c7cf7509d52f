type Block = { readonly code: readonly string[] } | { readonly prose: string };

/** Columns that fit on a phone without wrapping. */
const NARROW = 48;

/**
 * Finds tables in lines of Markdown. A narrow one becomes aligned code, a wide one a list: one line per row,
 * cells in order. Other lines stay as they are.
 */
export function tablesToCode(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let prose: string[] = [];
  const endProse = () => {
    if (prose.length > 0) blocks.push({ prose: prose.join("\n") });
    prose = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const rows = tableAt(lines, at);
    if (!rows) {
      prose.push(lines[at] as string);
      continue;
    }
    const drawn = drawTable(rows);
    if (drawn) {
      endProse();
      blocks.push({ code: drawn });
    } else prose.push(...listed(rows));
    // The rule below the head is a line of its own.
    at += rows.length;
  }
  endProse();
  return blocks;
}

function tableAt(lines: readonly string[], at: number): string[][] | null {
  const head = lines[at] as string;
  const rule = lines[at + 1];
  if (!head.includes("|") || rule === undefined) return null;
  if (!/^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rule) || !rule.includes("|")) {
    return null;
  }
  const rows = [cellsOf(head)];
  if (cellsOf(rule).length !== rows[0]?.length) return null;
  for (let next = at + 2; next < lines.length; next++) {
    const line = lines[next] as string;
    if (!line.includes("|") || line.trim() === "") break;
    rows.push(cellsOf(line));
  }
  return rows;
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function drawTable(rows: readonly string[][]): string[] | null {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(1, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > NARROW) return null;
  const drawn = rows.map((row) =>
    widths
      .map((width, column) => (row[column] ?? "").padEnd(width))
      .join("  ")
      .trimEnd(),
  );
  return [
    drawn[0] as string,
    widths.map((width) => "-".repeat(width)).join("  "),
    ...drawn.slice(1),
  ];
}

function listed([head = [], ...rows]: readonly string[][]): string[] {
  return [`**${head.join(" · ")}**`, ...rows.map((row) => `- ${row.join(" · ")}`)];
}
