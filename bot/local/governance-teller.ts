import type { Teller } from "../governance/announcer.ts";
import type { PoolClient } from "../pool/client.ts";
import { proposalCard } from "../views/governance/proposal.ts";
import { infoNotice } from "../views/notice.ts";
import { type LocalDoor, ROOM } from "./local-door.ts";
import { PERSON_IDS, type PersonId } from "./wire.ts";

/** Says in the room what happened to proposals, and keeps their cards as they are now. */
export function localTeller(door: LocalDoor, pool: PoolClient): Teller {
  const isPerson = (id: string): id is PersonId => PERSON_IDS.some((person) => person === id);
  return {
    owns: (id) => id === ROOM || isPerson(id),
    async say({ message }, { type, words, proposal }) {
      if (proposal !== null && message) await door.renewCard(message, proposal);
      await door.post(ROOM, { view: infoNotice(type, words), replyTo: message ?? null });
    },
    async whisper(account, { type, words }) {
      await door.whisper(ROOM, account, { view: infoNotice(type, words), replyTo: null });
    },
    async present({ community, room }, number) {
      const view = proposalCard(await pool.proposal(number), await door.words(), door.names);
      const message = await door.post(ROOM, { view, replyTo: null });
      await pool.placeProposal(number, { community, room, message });
    },
  };
}
