import type { Place } from "../../protocol/wire/governance.ts";
import type { Names } from "../commands/command.ts";
import type { Teller } from "../governance/announcer.ts";
import { eventNotice } from "../governance/event-notice.ts";
import { MessageGone } from "../stream/pacer.ts";
import { proposalCard } from "../views/governance/proposal.ts";
import type { CardView } from "../views/view.ts";
import { ENGLISH, type Words, wordsFor } from "../words/catalogue.ts";
import { channelOf, type Desk, showAgain, showView, tellElsewhere } from "./desk.ts";
import { channelPlace, directPlace } from "./write/place.ts";

/** Tells channels and threads what happened to their proposals, and keeps the cards there up to date. */
export function discordTeller(
  desk: Desk,
  namesIn: (community: string | null) => Names,
  isIn: Teller["isIn"],
): Teller {
  return {
    isIn,
    owns: (id) => id.startsWith("discord:"),
    async say(place, event) {
      const words = await wordsAt(desk, place);
      const room = channelOf(place.room);
      if (room === null) return;
      if (event.proposal !== null && place.message) {
        const card = await cardOf(desk, event.proposal, words, namesIn(place.community));
        await renew(desk, room, place.message, card, words);
      }
      const channel = (place.thread ? channelOf(place.thread) : null) ?? room;
      const there = channelPlace(desk.rest, desk.lanes, channel, null);
      await showView(desk, there, words, eventNotice(event, namesIn(place.community), words));
    },
    async present(place, number) {
      const words = await wordsAt(desk, place);
      const view = await cardOf(desk, number, words, namesIn(place.community));
      await tellElsewhere(desk, words, {
        room: place.room,
        view,
        thread: view.title,
        async posted({ message, thread }) {
          await desk.pool.placeProposal(number, { ...place, message, thread });
        },
      });
    },
    async whisper(account, event) {
      const user = channelOf(account);
      if (user === null) return;
      const words = wordsFor(desk.locales.get(user)) ?? ENGLISH;
      const there = directPlace(desk.rest, desk.lanes, user);
      await showView(desk, there, words, eventNotice(event, namesIn(null), words));
    },
  };
}

async function cardOf({ pool }: Desk, number: number, words: Words, names: Names) {
  return proposalCard(await pool.speaking(words.locale).proposal(number), words, names, false);
}

/** The card shows what holds now; one that somebody deleted is not posted again, the event's words are. */
async function renew(desk: Desk, channel: string, message: string, card: CardView, words: Words) {
  const place = channelPlace(desk.rest, desk.lanes, channel, null);
  try {
    await showAgain(desk, place, message, words, card);
  } catch (error) {
    if (!(error instanceof MessageGone)) throw error;
  }
}

async function wordsAt(desk: Desk, { community, room }: Place): Promise<Words> {
  const chosen = await desk.languages.of(community, room);
  return wordsFor(chosen);
}
