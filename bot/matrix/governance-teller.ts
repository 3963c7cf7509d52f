import type { Teller } from "../governance/announcer.ts";
import { eventNotice } from "../governance/event-notice.ts";
import { MessageGone } from "../stream/pacer.ts";
import { proposalCard } from "../views/governance/proposal.ts";
import type { CardView } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import { wordsIn } from "./asker.ts";
import { type Desk, offerChips, poolIds, showView } from "./desk.ts";
import { tellElsewhere } from "./elsewhere.ts";
import { showPicture } from "./pictures.ts";
import { messagesOf } from "./render/views.ts";

/** Tells rooms and their threads what happened to proposals, and keeps the cards there up to date. */
export function matrixTeller(desk: Desk): Teller {
  return {
    owns: (id) => id.startsWith(PREFIX),
    isIn: ({ community, room }) =>
      poolIds.community(desk.rooms.community(room.slice(PREFIX.length))) === community,
    async say(place, event) {
      const room = place.room.slice(PREFIX.length);
      if (!desk.rooms.isOpen(room)) return;
      const { proposal } = event;
      const words = await wordsIn(desk, room);
      const card =
        proposal === null
          ? null
          : proposalCard(await cardIn(desk, proposal, words), words, desk.names, false);
      if (card !== null && place.message) await renew(desk, room, place.message, card, words);
      const standing = { thread: place.thread ?? null, replyTo: null };
      const reply = { room, standing, about: `gov.${event.id}` };
      await showView(desk, reply, eventNotice(event, desk.names, words), words);
      const key = `${card?.id} ${room}`;
      if (card?.picture && desk.ledger.once(`picture ${key}`)) showPicture(desk, reply, card, key);
    },
    async whisper(account, event) {
      const user = account.slice(PREFIX.length);
      const { room } = await desk.direct.with(user, false);
      const reply = { room, standing: { thread: null, replyTo: null }, about: `gov.${event.id}` };
      const words = await wordsIn(desk, room);
      await showView(desk, reply, eventNotice(event, desk.names, words), words);
    },
    async present(place, number) {
      const words = await wordsIn(desk, place.room.slice(PREFIX.length));
      const view = proposalCard(await cardIn(desk, number, words), words, desk.names, false);
      await tellElsewhere(
        desk,
        {
          room: place.room,
          view,
          async posted({ message, thread }) {
            await desk.pool.placeProposal(number, { ...place, message, thread });
          },
        },
        `gov.card.${number}`,
      );
    },
  };
}

const PREFIX = "matrix:";

function cardIn({ pool }: Desk, number: number, { locale }: Words) {
  return pool.speaking(locale).proposal(number);
}

/** The card shows what holds now; one that was redacted is not posted again, the event's words are. */
async function renew(
  desk: Desk,
  room: string,
  message: string,
  card: CardView,
  words: Words,
): Promise<void> {
  const { writer, rooms, signal } = desk;
  const [shown] = messagesOf(card, words, { alone: rooms.isDirect(room) });
  if (shown === undefined) return;
  try {
    await writer.edit(room, message, shown, signal);
    offerChips(desk, room, message, shown);
  } catch (error) {
    if (!(error instanceof MessageGone)) throw error;
  }
}
