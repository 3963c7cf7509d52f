import type { Elsewhere } from "../commands/command.ts";
import { wordsIn } from "./asker.ts";
import { type Desk, showView } from "./desk.ts";

/** Says something in another room, as a message of its own; a room that is not ours to write in is logged. */
export async function tellElsewhere(
  desk: Desk,
  { room: id, view, posted }: Elsewhere,
  about: string,
): Promise<void> {
  const room = /^matrix:(!.+)$/s.exec(id)?.[1];
  if (room === undefined || !desk.rooms.isOpen(room)) {
    desk.log.warn({ room: id }, "this door cannot speak in the room that is named");
    return;
  }
  const reply = { room, standing: { thread: null, replyTo: null }, about: `${about}.elsewhere` };
  const message = await showView(desk, reply, view, await wordsIn(desk, room));
  // Every message can be the root of a thread here.
  if (message !== null) await posted?.({ message, thread: message });
}
