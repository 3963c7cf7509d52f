import { outcomeSvg } from "../views/pictures/outcome/outcome.ts";
import { answersPerMinuteSvg, slotsSvg } from "../views/pictures/pool.ts";
import { provenanceSvg } from "../views/pictures/provenance.ts";
import { markdownToHtml } from "../views/text/markdown.ts";
import type { View } from "../views/view.ts";
import type { RoomMessage, ShownMessage } from "./wire.ts";

/** A message with its markup and pictures made; the page only places them. */
export function shownMessage(message: RoomMessage): ShownMessage {
  const { view } = message;
  const html = view?.kind === "answer" && view.text !== "" ? markdownToHtml(view.text) : null;
  return { ...message, html, pictures: view ? picturesOf(view, message.id) : {} };
}

/** SVG by name; `idPrefix` keeps ids apart in one page. */
export function picturesOf(view: View, idPrefix: string): Record<string, string> {
  if (view.kind === "provenance") {
    return { across: provenanceSvg(view, "across"), down: provenanceSvg(view, "down") };
  }
  if (view.kind === "card" && view.picture) {
    return { outcome: outcomeSvg(view.picture, `${idPrefix}-outcome`) };
  }
  if (view.kind !== "pool") return {};
  const slots = view.nodes.map((node, at) => [
    `slots-${at}`,
    slotsSvg(node, `${idPrefix}-slots-${at}`),
  ]);
  return {
    minutes: answersPerMinuteSvg(view, `${idPrefix}-minutes`),
    ...Object.fromEntries(slots),
  };
}
