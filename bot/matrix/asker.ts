import type { MatrixClient } from "matrix-js-sdk";
import type { CommandContext, Names } from "../commands/command.ts";
import { type Words, wordsFor } from "../words/catalogue.ts";
import { type Desk, poolIds } from "./desk.ts";
import type { RoomEvent } from "./events.ts";

/** What the room says of who caused an event. */
export type Asker = Pick<
  CommandContext,
  "community" | "room" | "member" | "moderator" | "roles" | "names" | "words" | "publicWords"
>;

/**
 * Who asks, with the power they have in the room at this moment. Power is all a room can vouch for: what it
 * allows in the pool is the pool's decision. Matrix has no roles.
 */
export async function askerOf(desk: Desk, event: RoomEvent): Promise<Asker> {
  const { rooms, names } = desk;
  const words = await wordsIn(desk, event.room);
  return {
    community: poolIds.community(rooms.community(event.room)),
    room: poolIds.room(event.room),
    member: poolIds.member(event.sender),
    moderator: rooms.mayModerate(event.room, event.sender),
    roles: [],
    names,
    words,
    publicWords: words,
  };
}

/** Matrix knows no languages of people: a room is spoken to in the one its community chose, else in English. */
export async function wordsIn({ languages, rooms }: Desk, room: string): Promise<Words> {
  const community = poolIds.community(rooms.community(room));
  return wordsFor(await languages.of(community, poolIds.room(room)));
}

const PREFIX = "matrix:";

/** Names of rooms and people as the SDK knows them; who is unknown stays an id. */
export function matrixNames(client: MatrixClient): Names {
  return {
    nameOf(kind, id) {
      if (!id.startsWith(PREFIX)) return id;
      const own = id.slice(PREFIX.length);
      // People are told by their id: a display name is theirs to choose, and anybody's to copy.
      if (kind !== "room") return own;
      const room = client.getRoom(own);
      return room ? `${room.name} (${room.getCanonicalAlias() ?? own})` : own;
    },
    idOf(kind, typed) {
      const link = /^(?:https:\/\/matrix\.to\/#\/)?(\S+?)\/?(?:\?.*)?$/.exec(typed)?.[1] ?? typed;
      const id = decoded(link).replace(/^matrix:(?=[@!#])/, "");
      if (kind === "account") return /^@\S+:\S+$/.test(id) ? PREFIX + id : null;
      if (kind !== "room") return null;
      if (id.startsWith("!")) return PREFIX + id;
      const room = client
        .getRooms()
        .find(
          (one) => one.getCanonicalAlias() === id || one.name.toLowerCase() === id.toLowerCase(),
        );
      return room ? PREFIX + room.roomId : null;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
