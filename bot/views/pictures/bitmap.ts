import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Log } from "../../log.ts";
import type { View } from "../view.ts";
import { outcomeSvg } from "./outcome/outcome.ts";
import { answersPerMinuteSvg } from "./pool.ts";
import { provenanceSvg } from "./provenance.ts";

/** A view's picture as a PNG, with its text equivalent. */
export interface Bitmap {
  readonly png: Uint8Array;
  readonly alt: string;
}

/** Sharp on screens of double density; a picture of 1,000 units is about 100 kB. */
const SCALE = 2;
const PADDING = 20;
/** Chat programs are light or dark; the pictures' colours are made for paper. */
const PAPER = "#fbfbf8";
const LONGEST_ALT = 1000;

/** The picture of a view, where it has one and this machine can draw; null otherwise. Never throws. */
export async function bitmapOf(view: View, log: Log): Promise<Bitmap | null> {
  const picture = svgOf(view);
  if (picture === null) return null;
  const draw = await painter(log);
  if (draw === null) return null;
  try {
    return { png: await draw(padded(picture.svg)), alt: shortened(picture.alt) };
  } catch (error) {
    log.warn({ view: view.kind, error: String(error) }, "a picture could not be drawn");
    return null;
  }
}

function svgOf(view: View): { readonly svg: string; readonly alt: string } | null {
  if (view.kind === "provenance") {
    return { svg: provenanceSvg(view, "across"), alt: view.pictureInWords };
  }
  if (view.kind === "pool") {
    return { svg: answersPerMinuteSvg(view, "minutes"), alt: view.minutes.inWords };
  }
  if (view.kind === "card" && view.picture) {
    return { svg: outcomeSvg(view.picture, "outcome"), alt: view.picture.inWords };
  }
  return null;
}

type Draw = (svg: string) => Promise<Uint8Array>;
let loading: Promise<Draw | null> | undefined;

/** Loads the drawing library and its fonts when the first picture is wanted; null where it has no binary. */
function painter(log: Log): Promise<Draw | null> {
  loading ??= load().catch((error: unknown) => {
    log.warn({ error: String(error) }, "pictures are sent as SVG: the drawing library is missing");
    return null;
  });
  return loading;
}

async function load(): Promise<Draw> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const fonts = join(
    dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")),
    "ttf",
  );
  const options = {
    background: PAPER,
    fitTo: { mode: "zoom" as const, value: SCALE },
    font: {
      // The same letters on every machine.
      loadSystemFonts: false,
      fontFiles: ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"].map((file) =>
        join(fonts, file),
      ),
      defaultFontFamily: "DejaVu Sans Condensed",
      sansSerifFamily: "DejaVu Sans Condensed",
    },
  };
  return async (svg) => (await renderAsync(svg, options)).asPng();
}

/** Room around the picture, which pages give by their style sheet. */
function padded(svg: string): string {
  return svg.replace(
    /viewBox="0 0 ([\d.]+) ([\d.]+)" width="[\d.]+" height="[\d.]+"/,
    (_, w: string, h: string) => {
      const [width, height] = [Number(w) + 2 * PADDING, Number(h) + 2 * PADDING];
      return `viewBox="${-PADDING} ${-PADDING} ${width} ${height}" width="${width}" height="${height}"`;
    },
  );
}

function shortened(text: string): string {
  return text.length <= LONGEST_ALT ? text : `${text.slice(0, LONGEST_ALT - 1).toWellFormed()}…`;
}
