import type { OutcomePicture } from "../../governance/outcome-picture.ts";
import { attributes, wrapName } from "../svg.ts";
import { heading, PANEL_WIDTH, type Panel, words } from "./panel.ts";

const LABEL_WIDTH = 190;
const CELL_HEIGHT = 30;

/**
 * The pairwise matrix: row against column, how many ballots put the row's option above the column's. Green
 * where the row wins the pair, pale where it loses, grey where the two are equal.
 */
export function pairwisePanel({ pairwise, pairwiseTitle, options }: OutcomePicture): Panel {
  const among = pairwise ?? [];
  const size = among.length;
  const width = Math.min(72, (PANEL_WIDTH - LABEL_WIDTH) / Math.max(1, size));
  const parts: string[] = [heading(pairwiseTitle)];
  for (const [at, option] of options.entries()) {
    parts.push(
      words(LABEL_WIDTH + (at + 0.5) * width, 44, option.id, { anchor: "middle", weight: 600 }),
      words(LABEL_WIDTH - 10, 52 + (at + 0.65) * CELL_HEIGHT, labelOf(option), {
        anchor: "end",
        weight: option.wins ? 700 : 400,
      }),
    );
  }
  for (const [row, counts] of among.entries()) {
    for (const [column, count] of counts.entries()) {
      if (row === column) continue;
      const opposed = among[column]?.[row] ?? 0;
      const fill = count > opposed ? "#cfe6d9" : count < opposed ? "#f3ecd9" : "#e4e6e1";
      const box = attributes({
        x: (LABEL_WIDTH + column * width + 1).toFixed(1),
        y: 52 + row * CELL_HEIGHT + 1,
        width: (width - 2).toFixed(1),
        height: CELL_HEIGHT - 2,
        rx: 3,
      });
      parts.push(
        `<rect${box} fill="${fill}"/>`,
        `<text${attributes({
          x: (LABEL_WIDTH + (column + 0.5) * width).toFixed(1),
          y: 52 + (row + 0.65) * CELL_HEIGHT,
          fill: "#1f2a25",
          "font-size": 12.5,
          "font-weight": count > opposed ? 700 : 400,
          "text-anchor": "middle",
          "font-family": "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
        })}>${count}</text>`,
      );
    }
  }
  return { svg: parts.join(""), height: 52 + size * CELL_HEIGHT + 8 };
}

function labelOf({ id, title }: { readonly id: string; readonly title: string }): string {
  return `${id}  ${wrapName(title, 19, 1)[0] ?? ""}`;
}
