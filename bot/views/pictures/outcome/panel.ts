import { svgText } from "../svg.ts";

/** One part of the picture of a result, drawn from its own top left corner. */
export interface Panel {
  readonly svg: string;
  readonly height: number;
}

/** Width of every panel, in user units. */
export const PANEL_WIDTH = 640;

/**
 * Colours that people with any kind of colour vision tell apart (Okabe and Ito, 2008), darkened where text
 * of the same colour would be too pale on paper. An option keeps its colour through all panels.
 */
const HUES = [
  "#0072b2",
  "#b25500",
  "#007a5a",
  "#a3457f",
  "#7a6a00",
  "#2f7fb0",
  "#5c5499",
  "#8a3a2a",
];

/** Colour of the option at this place on the card; `grey` stands for "as it is". */
export function hue(at: number, isDefault = false): string {
  return isDefault ? "#6c7a70" : (HUES[at % HUES.length] as string);
}

const INK = "#1f2a25";
const QUIET = "#5c675f";

/** A panel's heading, at its top. */
export function heading(text: string): string {
  return svgText(0, 16, text, { className: "box-name", fill: INK, size: 14, weight: 600 });
}

/** Words in a panel: `quiet` for axes and remarks. */
export function words(
  x: number,
  y: number,
  text: string,
  style: {
    quiet?: boolean;
    size?: number;
    anchor?: "start" | "middle" | "end";
    weight?: number;
  } = {},
): string {
  const { quiet = false, size = 12.5, anchor = "start", weight = 400 } = style;
  const className = quiet ? "axis-label" : "box-name";
  return svgText(x, y, text, { className, fill: quiet ? QUIET : INK, size, anchor, weight });
}

/** Moves a panel's drawing down to its place. */
export function placed(panel: Panel, y: number): string {
  return `<g transform="translate(0 ${y})">${panel.svg}</g>`;
}
