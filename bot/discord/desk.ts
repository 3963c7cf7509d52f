import { type REST, Routes } from "discord.js";
import type { Elsewhere } from "../commands/command.ts";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import type { Languages } from "../pool/languages.ts";
import type { Clock } from "../stream/pacer.ts";
import type { View } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import type { AnswerJournal } from "./journal.ts";
import type { OwnMessages } from "./own-messages.ts";
import { AnswerDoor } from "./write/answer-door.ts";
import { channelPlace, isNoAccess, type Place } from "./write/place.ts";
import type { Turns } from "./write/turns.ts";

/** What every part of the Discord door works with. */
export interface Desk {
  readonly rest: REST;
  readonly lanes: Turns;
  readonly applicationId: string;
  readonly botId: string;
  readonly pool: PoolClient;
  readonly journal: AnswerJournal;
  readonly own: OwnMessages;
  readonly log: Log;
  readonly clock: Clock;
  readonly languages: Languages;
  /** Languages of members' programs, by user: commands tell them, messages do not. */
  readonly locales: Map<string, string>;
}

/** Ids as the pool knows them: a community is a server, or a member's own conversation with us. */
export const poolIds = {
  community: (guildId: string | null, userId: string) =>
    guildId === null ? `discord:direct:${userId}` : `discord:${guildId}`,
  member: (userId: string) => `discord:${userId}`,
  room: (channelId: string) => `discord:${channelId}`,
  role: (roleId: string) => `discord:${roleId}`,
  requestKey: (eventId: string) => `discord:${eventId}`,
};

/** Shows a view that does not change any more; returns the id of its first message. */
export async function showView(
  desk: Desk,
  place: Place,
  words: Words,
  view: View,
): Promise<string> {
  const door = new AnswerDoor({ place, words, threads: false, log: desk.log });
  return door.post("", { view, replyTo: null });
}

/** Shows a view in place of the message with this id. */
export async function showAgain(
  desk: Desk,
  place: Place,
  id: string,
  words: Words,
  view: View,
): Promise<void> {
  const door = new AnswerDoor({ place, words, threads: false, log: desk.log, shown: [id] });
  await door.edit("", id, { view, replyTo: null });
}

/**
 * Says something as a message of its own, in a room as the pool names it, and begins a thread below it where that
 * is asked for. A room we cannot write to is logged.
 */
export async function tellElsewhere(
  desk: Desk,
  words: Words,
  { room, view, thread: name, posted }: Elsewhere,
): Promise<void> {
  const channelId = channelOf(room);
  if (channelId === null) {
    desk.log.warn({ room }, "this door cannot speak in the room that is named");
    return;
  }
  let message: string;
  try {
    const place = channelPlace(desk.rest, desk.lanes, channelId, null);
    message = await showView(desk, place, words, view);
  } catch (error) {
    if (!isNoAccess(error)) throw error;
    desk.log.warn({ room, error: String(error) }, "may not write in the room that is named");
    return;
  }
  const thread = name === undefined ? null : await beginThread(desk, channelId, message, name);
  await posted?.({ message, thread: thread === null ? null : poolIds.room(thread) });
}

/** The channel that the pool's name of a room means; null where it is no room of this door. */
export function channelOf(room: string): string | null {
  return /^discord:(\d{15,21})$/.exec(room)?.[1] ?? null;
}

/** A thread below a message; null where there can be none. */
async function beginThread(
  { rest, log }: Desk,
  channelId: string,
  message: string,
  name: string,
): Promise<string | null> {
  try {
    const body = { name: name.slice(0, 100), auto_archive_duration: 10_080 };
    return ((await rest.post(Routes.threads(channelId, message), { body })) as { id: string }).id;
  } catch (error) {
    log.warn({ error: String(error) }, "a thread could not be started");
    return null;
  }
}
