import type { OutcomePicture } from "../../governance/outcome-picture.ts";
import { attributes, wrapName } from "../svg.ts";
import { heading, hue, PANEL_WIDTH, type Panel, words } from "./panel.ts";

const LABEL_WIDTH = 222;
const VALUE_WIDTH = 70;
const ROW = 34;

/** One bar for each option, longest value full width; the winner's label is bold. */
export function barsPanel({ bars, barsOf, options }: OutcomePicture): Panel {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const rows = bars.map(({ option, value, shown }, row) => {
    const named = options[option];
    const y = 30 + row * ROW;
    const long = value <= 0 ? 1.5 : Math.max(3, (value / most) * room);
    const bar = attributes({ x: LABEL_WIDTH, y: y + 4, width: long.toFixed(1), height: 18, rx: 3 });
    const label = wrapName(named?.title ?? "", 26, 1)[0] ?? "";
    return [
      words(LABEL_WIDTH - 10, y + 18, label, {
        anchor: "end",
        weight: named?.wins ? 700 : 400,
      }),
      `<rect${bar} fill="${hue(option, named?.isDefault)}"/>`,
      words(LABEL_WIDTH + long + 8, y + 18, shown, { weight: named?.wins ? 700 : 400 }),
    ].join("");
  });
  return { svg: heading(barsOf) + rows.join(""), height: 30 + bars.length * ROW + 6 };
}
