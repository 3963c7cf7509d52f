import type { OutcomePicture } from "../../governance/outcome-picture.ts";
import { svgPicture } from "../svg.ts";
import { barsPanel } from "./bars.ts";
import { pairwisePanel } from "./pairwise.ts";
import { PANEL_WIDTH, placed } from "./panel.ts";
import { roundsPanel } from "./rounds.ts";

/** More options than this make a matrix nobody can read; the text and the working have it. */
const WIDEST_MATRIX = 10;

/** A result as one picture: bars, and where the method has them the rounds' flows and the pairwise matrix. */
export function outcomeSvg(picture: OutcomePicture, idPrefix: string): string {
  const panels = [
    ...(picture.bars.length > 0 ? [barsPanel(picture)] : []),
    ...(picture.rounds.length > 1 ? [roundsPanel(picture)] : []),
    ...(picture.pairwise !== null && picture.pairwise.length <= WIDEST_MATRIX
      ? [pairwisePanel(picture)]
      : []),
  ];
  let height = 0;
  const content = panels.map((panel) => {
    const drawn = placed(panel, height);
    height += panel.height + 18;
    return drawn;
  });
  const frame = {
    width: PANEL_WIDTH,
    height: Math.max(1, height - 18),
    idPrefix,
    title: picture.title,
    description: picture.inWords,
  };
  return svgPicture(frame, content.join(""), "picture picture-outcome");
}
