import type { PoolNodeLine, PoolView } from "../view.ts";
import { attributes, svgPicture, svgText } from "./svg.ts";

/** Answers per minute over the last hour: 60 bars, oldest left. `idPrefix` must be unique in a page. */
export function answersPerMinuteSvg(view: PoolView, idPrefix: string): string {
  const counts = view.answersPerMinute;
  const most = Math.max(1, ...counts);
  const step = 6;
  const width = counts.length * step;
  const height = 56;
  const bars = counts.map((count, at) => {
    const tall = count === 0 ? 1.5 : Math.max(3, (count / most) * (height - 4));
    const place = attributes({
      x: at * step + 1,
      y: (height - tall).toFixed(1),
      width: step - 2,
      height: tall.toFixed(1),
      rx: 1,
    });
    return `<rect class="${count === 0 ? "bar-none" : "bar"}"${place} fill="${count === 0 ? "#d8d9d1" : "#2f6b4f"}"/>`;
  });
  const labels =
    svgText(0, height + 16, view.minutes.ago, LABEL) +
    svgText(width, height + 16, view.minutes.now, { ...LABEL, anchor: "end" });
  const frame = {
    width,
    height: height + 22,
    idPrefix,
    title: view.minutes.title,
    description: view.minutes.inWords,
  };
  return svgPicture(frame, bars.join("") + labels);
}

/** A node's places as dots, busy ones filled. At most 16 are drawn; the words count all. */
export function slotsSvg(node: PoolNodeLine, idPrefix: string): string {
  const shown = Math.min(node.slots, 16);
  const dots = Array.from({ length: shown }, (_, at) => {
    const busy = at < node.busy;
    const place = attributes({ cx: 6 + at * 14, cy: 6, r: 4.5 });
    return `<circle class="${busy ? "slot-busy" : "slot-free"}"${place} fill="${busy ? "#2f6b4f" : "#ffffff"}" stroke="#2f6b4f" stroke-width="1.5"/>`;
  });
  const frame = {
    width: Math.max(12, shown * 14),
    height: 12,
    idPrefix,
    title: node.slotsTitle,
    description: node.places,
  };
  return svgPicture(frame, dots.join(""));
}

const LABEL = { className: "axis-label", fill: "#5c675f", size: 11 };
