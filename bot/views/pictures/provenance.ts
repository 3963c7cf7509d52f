import type { PictureBox, ProvenanceView } from "../view.ts";
import { attributes, svgPicture, svgText, wrapName } from "./svg.ts";

const GAP_ALONG = 62;
const GAP_BESIDE = 14;
const MARGIN = 2;
const LINE = 18;
/** Fall-back colours by role: fill, edge. The page restyles `.box-ROLE`. */
const COLOURS: Record<PictureBox["role"], readonly [string, string]> = {
  asker: ["#f3ecd9", "#b08d3c"],
  pool: ["#eef1ec", "#6c7a70"],
  node: ["#dfeee5", "#2f6b4f"],
  model: ["#e6e5f4", "#5c5499"],
  ancestor: ["#efeef8", "#8780b8"],
  data: ["#f6e6de", "#a8603a"],
};

interface Placed {
  readonly box: PictureBox;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The way from the asker to the training data, as boxes and arrows. `across` runs left to right for wide
 * rooms, `down` top to bottom for phones.
 */
export function provenanceSvg(view: ProvenanceView, layout: "across" | "down"): string {
  const across = layout === "across";
  const width = across ? 148 : 260;
  const columns = view.picture.columns.map(({ link, boxes }) => ({
    link,
    boxes: boxes.map((box) => measured(box, across ? 16 : 32)),
  }));
  const depth = columns.map(({ boxes }) =>
    boxes.reduce((sum, box) => sum + box.height + GAP_BESIDE, -GAP_BESIDE),
  );
  const placed: Placed[][] = [];
  const gapDown = 44;
  let along = MARGIN;
  const tallest = Math.max(...depth);
  for (const [at, { boxes }] of columns.entries()) {
    let beside = across ? MARGIN + (tallest - (depth[at] as number)) / 2 : along;
    placed.push(
      boxes.map((box) => {
        const spot = { ...box, x: across ? along : MARGIN, y: beside, width };
        beside += box.height + GAP_BESIDE;
        return spot;
      }),
    );
    along += across ? width + GAP_ALONG : (depth[at] as number) + gapDown;
  }
  const size = across
    ? { width: along - GAP_ALONG + MARGIN, height: tallest + 2 * MARGIN }
    : { width: width + 2 * MARGIN, height: along - gapDown + MARGIN };
  const id = `provenance-${layout}-${view.jobId.slice(0, 8)}`;
  const content = [
    arrowHead(id),
    ...columns.slice(1).map(({ link }, at) => {
      const from = placed[at] as Placed[];
      const to = placed[at + 1] as Placed[];
      if (!across) return linkDown(from, to, link, id);
      const own = to.filter(({ box }) => box.of === null || box.of === at);
      const others = to.filter((spot) => !own.includes(spot));
      // Where one line passes over the others, the words stand above it.
      return [
        linksAcross(from, own, others.length === 0 ? link : null, id),
        ...others.map((spot, n) => linkOver(placed, spot, n === 0 ? link : null, id)),
      ].join("");
    }),
    ...placed.flat().map(drawn),
  ].join("");
  const frame = {
    ...size,
    idPrefix: id,
    title: view.pictureTitle,
    description: view.pictureInWords,
  };
  return svgPicture(frame, content, `picture picture-${layout}`);
}

function measured(box: PictureBox, maxChars: number) {
  const lines = wrapName(box.name, maxChars, 3);
  return { box, lines, height: 22 + lines.length * LINE + (box.note ? 20 : 6) + 10 };
}

function drawn({ box, lines, x, y, width, height }: Placed): string {
  const [fill, edge] = COLOURS[box.role];
  const rect = attributes({ x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 12 });
  const left = x + 14;
  const note = box.note ? (wrapName(box.note, width > 200 ? 40 : 21, 1)[0] ?? "") : "";
  return [
    `<g class="box box-${box.role}"><rect${rect} fill="${fill}" stroke="${edge}"/>`,
    svgText(left, y + 22, box.caption, { className: "box-caption", fill: edge, size: 11.5 }),
    ...lines.map((line, at) =>
      svgText(left, y + 42 + at * LINE, line, {
        className: "box-name",
        fill: "#1f2a25",
        size: 14,
        weight: 600,
      }),
    ),
    note
      ? svgText(left, y + 41 + lines.length * LINE, note, {
          className: "box-note",
          fill: "#4f5a53",
          size: 11.5,
        })
      : "",
    "</g>",
  ].join("");
}

function linksAcross(from: Placed[], to: Placed[], link: string | null, id: string): string {
  if (to.length === 0) return "";
  const paths = from.flatMap((a) => to.map((b) => curve(a, b, id)));
  const a = from[0] as Placed;
  const x = a.x + a.width + GAP_ALONG / 2;
  // The words stand above the highest end of the bundle: no line passes there.
  const y = Math.min(...[...from, ...to].map(({ y, height }) => y + height / 2)) - 8;
  return paths.join("") + (link ? label(x, y, link, "middle") : "");
}

/** From a model further back, over the columns between, to its training data. */
function linkOver(placed: Placed[][], to: Placed, link: string | null, id: string): string {
  const column = to.box.of as number;
  const model = placed[column]?.[0] as Placed;
  const between = placed.slice(column, -1).flat();
  // Models further back pass higher, so that two lines never lie on each other.
  const lane = Math.min(...between.map(({ y }) => y)) - 16 * (placed.length - 2 - column);
  const x = model.x + model.width / 2;
  const turn = to.x - GAP_ALONG;
  const [endX, endY] = [to.x - 7, to.y + to.height / 2];
  const bend = (endX - turn) / 2;
  const over = `M${x} ${model.y} V${lane + 12} Q${x} ${lane} ${x + 12} ${lane} H${turn}`;
  const path = arrow(`${over} C${turn + bend} ${lane} ${endX - bend} ${endY} ${endX} ${endY}`, id);
  return path + (link ? label((x + turn) / 2, lane - 8, link, "middle") : "");
}

function curve(a: Placed, b: Placed, id: string): string {
  const x1 = a.x + a.width;
  const y1 = a.y + a.height / 2;
  const x2 = b.x - 7;
  const y2 = b.y + b.height / 2;
  const bend = (x2 - x1) / 2;
  const d = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return arrow(d, id);
}

function linkDown(from: Placed[], to: Placed[], link: string | null, id: string): string {
  const a = from[from.length - 1] as Placed;
  const b = to[0] as Placed;
  const x = a.x + 28;
  const path = arrow(`M${x} ${a.y + a.height} V${b.y - 7}`, id);
  return path + (link ? label(x + 14, (a.y + a.height + b.y) / 2 + 4, link, "start") : "");
}

function arrow(d: string, id: string): string {
  return `<path class="arrow" d="${d}" fill="none" stroke="#9aa39c" stroke-width="1.5" marker-end="url(#${id}-head)"/>`;
}

function arrowHead(id: string): string {
  return `<defs><marker id="${id}-head" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow-head" d="M0 0 L8 4 L0 8 z" fill="#9aa39c"/></marker></defs>`;
}

function label(x: number, y: number, text: string, anchor: string): string {
  const words = wrapName(text, 12, 2);
  return words
    .map((word, at) =>
      svgText(
        x,
        y -
          (anchor === "middle" ? (words.length - 1 - at) * 14 : 0) +
          (anchor === "middle" ? 0 : at * 14),
        word,
        {
          className: "arrow-label",
          fill: "#5c675f",
          size: 11.5,
          anchor,
        },
      ),
    )
    .join("");
}
