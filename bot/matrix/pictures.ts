import { bitmapOf } from "../views/pictures/bitmap.ts";
import type { View } from "../views/view.ts";
import { beside, type Desk, type Reply } from "./desk.ts";
import { sendPicture } from "./files.ts";

/**
 * The picture of a view after its words: where an answer came from, how a vote ended. Nobody waits for it, and
 * other views have none. `key`: the same key is the same picture.
 */
export function showPicture(desk: Desk, reply: Reply, view: View, key: string): void {
  const name = nameOf(view);
  if (name === null) return;
  const draw = async () => {
    const bitmap = await bitmapOf(view, desk.log);
    if (bitmap !== null) await sendPicture(desk, reply, bitmap, { key, name });
  };
  beside(desk, draw(), "a picture could not be sent");
}

/** Of the pool's own picture, answers in each minute, a room has had enough after the first. */
function nameOf(view: View): string | null {
  if (view.kind === "provenance") return `where-from-${view.receiptId}.png`;
  if (view.kind !== "card" || !view.picture) return null;
  return `${view.id.replace(":", "-")}.png`;
}
