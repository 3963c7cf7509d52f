import { EventType, type MatrixClient } from "matrix-js-sdk";
import { record } from "./events.ts";
import { enc, type Homeserver } from "./homeserver.ts";
import type { Shown } from "./shown.ts";

/** Conversations of the bot with one member each, for what only that member shall see. */
export interface DirectRooms {
  /** The conversation with a member, begun where there is none. Throws MatrixRefusal. */
  with(
    user: string,
    encrypted: boolean,
  ): Promise<{ readonly room: string; readonly isNew: boolean }>;
  /** The conversation with a member; null where there is none. */
  known(user: string, encrypted: boolean): string | null;
}

/**
 * Conversations stand in the account data `m.direct`, as every client keeps them. What was asked in an
 * encrypted room is told in an encrypted one only.
 */
export function directRooms(
  client: MatrixClient,
  homeserver: Homeserver,
  shown: Shown,
  signal: AbortSignal,
): DirectRooms {
  const botId = client.getUserId() as string;
  const beginning = new Map<string, Promise<string>>();
  /** Begun by us in this run: account data may not have come back yet. */
  const begun = new Map<string, string[]>();

  function known(user: string): string[] {
    const direct = record(client.getAccountData(EventType.Direct)?.getContent());
    const listed = direct?.[user];
    const rooms = Array.isArray(listed) ? listed.filter((room) => typeof room === "string") : [];
    return [...new Set([...rooms, ...(begun.get(user) ?? [])])];
  }

  function serves(id: string, user: string, encrypted: boolean): boolean {
    const room = client.getRoom(id);
    if (room?.getMyMembership() !== "join") return false;
    const others = room.getMember(user)?.membership;
    const count = room.getJoinedMemberCount() + room.getInvitedMemberCount();
    const there = others === undefined || others === "join" || others === "invite";
    return there && count === 2 && (!encrypted || room.hasEncryptionStateEvent());
  }

  async function begin(user: string, encrypted: boolean): Promise<string> {
    const encryption = {
      type: "m.room.encryption",
      state_key: "",
      content: { algorithm: "m.megolm.v1.aes-sha2" },
    };
    const answer = record(
      await homeserver.persist(
        "POST",
        "/createRoom",
        {
          preset: "trusted_private_chat",
          is_direct: true,
          invite: [user],
          initial_state: encrypted ? [encryption] : [],
        },
        signal,
      ),
    );
    const room = String(answer?.room_id ?? "");
    begun.set(user, [...(begun.get(user) ?? []), room]);
    const direct = record(client.getAccountData(EventType.Direct)?.getContent()) ?? {};
    const content = { ...direct, [user]: known(user) };
    await homeserver.persist("PUT", `/user/${enc(botId)}/account_data/m.direct`, content, signal);
    await shown.room(room, signal);
    return room;
  }

  const find = (user: string, encrypted: boolean) =>
    known(user).find((room) => serves(room, user, encrypted)) ?? null;

  return {
    known: find,
    async with(user, encrypted) {
      // A conversation that the sync has not shown yet is not begun a second time.
      await shown.all;
      const there = find(user, encrypted);
      if (there) {
        await shown.room(there, signal);
        return { room: there, isNew: false };
      }
      const key = `${user} ${encrypted}`;
      const under = beginning.get(key) ?? begin(user, encrypted);
      beginning.set(key, under);
      try {
        return { room: await under, isNew: true };
      } finally {
        beginning.delete(key);
      }
    },
  };
}
