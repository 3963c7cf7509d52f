import type { Teller } from "../governance/announcer.ts";
import { eventNotice } from "../governance/event-notice.ts";
import type { PoolClient } from "../pool/client.ts";
import { proposalCard } from "../views/governance/proposal.ts";
import type { LocalDoor } from "./local-door.ts";
import { ROOM } from "./names.ts";
import { PERSON_IDS, type PersonId } from "./wire.ts";

/** Says in the room what happened to proposals, and keeps their cards as they are now. */
export function localTeller(door: LocalDoor, pool: PoolClient): Teller {
  const isPerson = (id: string): id is PersonId => PERSON_IDS.some((person) => person === id);
  return {
    owns: (id) => id === ROOM || isPerson(id),
    isIn: ({ community }) => community === door.place.community,
    async say({ message }, event) {
      const { proposal } = event;
      if (proposal !== null && message) await door.renewCard(message, proposal);
      const words = await door.words();
      await door.post(ROOM, {
        view: eventNotice(event, door.names(words), words),
        replyTo: message ?? null,
      });
    },
    async whisper(account, event) {
      const words = await door.words();
      await door.whisper(ROOM, account, {
        view: eventNotice(event, door.names(words), words),
        replyTo: null,
      });
    },
    async present({ community, room }, number) {
      const words = await door.words();
      const view = proposalCard(
        await pool.speaking(words.locale).proposal(number),
        words,
        door.names(words),
      );
      const message = await door.post(ROOM, { view, replyTo: null });
      await pool.placeProposal(number, { community, room, message });
    },
  };
}
