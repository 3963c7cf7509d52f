import type { Names } from "../commands/command.ts";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import type { Languages } from "../pool/languages.ts";
import { MessageGone } from "../stream/pacer.ts";
import type { View } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import type { DirectRooms } from "./direct.ts";
import type { Encryption } from "./encryption/encryption.ts";
import type { Homeserver } from "./homeserver.ts";
import type { AnswerJournal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { OwnMessages } from "./own-messages.ts";
import type { ShownMessage, Standing } from "./render/message.ts";
import { chipsOf, pictured } from "./render/signs.ts";
import { messagesOf, type Setting } from "./render/views.ts";
import type { Rooms } from "./rooms.ts";
import type { Shown } from "./shown.ts";
import type { Writer } from "./write/writer.ts";

/** What every part of the Matrix door works with. */
export interface Desk {
  readonly botId: string;
  readonly homeserver: Homeserver;
  readonly writer: Writer;
  readonly rooms: Rooms;
  readonly shown: Shown;
  readonly direct: DirectRooms;
  readonly own: OwnMessages;
  readonly journal: AnswerJournal;
  readonly ledger: Ledger;
  readonly pool: PoolClient;
  readonly languages: Languages;
  readonly names: Names;
  readonly encryption: Encryption;
  readonly log: Log;
  /** Fires when the door closes. */
  readonly signal: AbortSignal;
}

/** Ids as the pool knows them. */
export const poolIds = {
  community: (roomOrSpace: string) => `matrix:${roomOrSpace}`,
  member: (user: string) => `matrix:${user}`,
  room: (room: string) => `matrix:${room}`,
  requestKey: (event: string) => `matrix:${event}`,
};

/** A message to be written: where it stands, and the event it is the reply to. */
export interface Reply {
  readonly room: string;
  readonly standing: Standing;
  /** Event that asked for it: the same event gives the same reply. */
  readonly about: string;
}

/**
 * Shows a view that does not change any more and returns the id of its first message; null where we may not
 * write: such a room stays silent.
 */
export async function showView(
  desk: Desk,
  reply: Reply,
  view: View,
  words: Words,
  setting: Setting = {},
): Promise<string | null> {
  const { writer, rooms, signal, log } = desk;
  const { room, standing, about } = reply;
  const alone = setting.alone ?? rooms.isDirect(room);
  let first: string | null = null;
  try {
    for (const [at, message] of messagesOf(view, words, { ...setting, alone }).entries()) {
      // One event may have several replies: each is its own, and each is sent once.
      const what = view.kind === "notice" ? view.code : view.kind;
      const txnId = `v.${about}.${what}.${at}`;
      const id = await writer.post(room, standing, async () => message, txnId, signal);
      first ??= id;
      offerChips(desk, room, id, message);
    }
  } catch (error) {
    if (!(error instanceof MessageGone)) throw error;
    log.info({ error: error.message }, "a reply was not wanted there");
  }
  return first;
}

/** Puts the signs of a ballot below its card, so that a voter only touches them; nobody waits for it. */
export function offerChips(
  desk: Desk,
  room: string,
  message: string,
  { signs }: ShownMessage,
): void {
  const put = async () => {
    for (const sign of chipsOf(signs)) {
      await desk.writer.sign(room, message, pictured(sign), desk.signal);
    }
  };
  beside(desk, put(), "a sign could not be put");
}

/** Work that nobody waits for, because the words are there already; what fails is logged. */
export function beside({ signal, log }: Desk, work: Promise<unknown>, told: string): void {
  work.catch((error: unknown) => {
    if (!signal.aborted) log.info({ error: String(error) }, told);
  });
}
