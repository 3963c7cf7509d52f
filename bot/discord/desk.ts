import type { REST } from "discord.js";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import type { Clock } from "../stream/pacer.ts";
import type { View } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import type { AnswerJournal } from "./journal.ts";
import type { OwnMessages } from "./own-messages.ts";
import type { Form } from "./render/message.ts";
import { AnswerDoor } from "./write/answer-door.ts";
import type { Place } from "./write/place.ts";
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
  /** Cards until Discord refuses one. */
  readonly form: { current: Form };
}

/** Ids as the pool knows them: a community is a server, or a member's own conversation with us. */
export const poolIds = {
  community: (guildId: string | null, userId: string) =>
    guildId === null ? `discord:direct:${userId}` : `discord:${guildId}`,
  member: (userId: string) => `discord:${userId}`,
  room: (channelId: string) => `discord:${channelId}`,
  requestKey: (eventId: string) => `discord:${eventId}`,
};

/** Shows a view that does not change any more. */
export async function showView(desk: Desk, place: Place, words: Words, view: View): Promise<void> {
  const door = new AnswerDoor({ place, words, threads: false, form: desk.form });
  await door.post("", { view, replyTo: null });
}
