import { EventType, type MatrixClient, type Room } from "matrix-js-sdk";
import { record } from "./events.ts";

/** Power of a member who may moderate: what the specification gives for redactions, kicks and bans. */
export const MODERATOR_POWER = 50;

/** What the door asks about rooms. Room ids are opaque: those of version 12 name no server. */
export interface Rooms {
  /** The bot is in it and it is not a space. */
  isOpen(room: string): boolean;
  /** A conversation of the bot and one other, nobody else. */
  isDirect(room: string): boolean;
  isEncrypted(room: string): boolean;
  /** The bot's name there. */
  ownName(room: string): string;
  /** A member's power; creators of rooms of version 12 stand above every number. */
  power(room: string, user: string): number;
  mayModerate(room: string, user: string): boolean;
  /** Power that setting this state event takes. */
  powerFor(room: string, type: string): number;
  /** The bot may set this state event. */
  maySet(room: string, type: string): boolean;
  /** The space a room belongs to, where both say so and the bot is in both; else the room itself. */
  community(room: string): string;
  /** Nobody but the bot is there or invited. */
  isEmpty(room: string): boolean;
  isSpace(room: string): boolean;
  /** The bot made it, to talk with one member. */
  isOwn(room: string): boolean;
  /** Content of a state event, or null. */
  state(room: string, type: string, key?: string): Record<string, unknown> | null;
}

export function roomsOf(client: MatrixClient): Rooms {
  const botId = client.getUserId() as string;
  const joined = (room: string): Room | null => {
    const known = client.getRoom(room);
    return known?.getMyMembership() === "join" ? known : null;
  };
  const stateOf = (room: string) => joined(room)?.currentState ?? null;
  const content = (room: string, type: string, key = "") =>
    record(stateOf(room)?.getStateEvents(type, key)?.getContent());

  function power(room: string, user: string): number {
    const state = stateOf(room);
    const create = state?.getStateEvents("m.room.create", "");
    if (!state || !create) return 0;
    const known = state.getMember(user);
    // The SDK knows creators and defaults; a member it has not loaded is reckoned from the events themselves.
    // Where it is no number, comparing would make one of it.
    if (known) return typeof known.powerLevel === "number" ? known.powerLevel : 0;
    const creators = [create.getSender(), ...listed(create.getContent().additional_creators)];
    const isV12 = Number(create.getContent().room_version ?? 1) >= 12;
    if (isV12 && creators.includes(user)) return Number.POSITIVE_INFINITY;
    const levels = content(room, "m.room.power_levels");
    const own = record(levels?.users)?.[user] ?? levels?.users_default ?? 0;
    return typeof own === "number" ? own : 0;
  }

  function powerFor(room: string, type: string): number {
    const levels = content(room, "m.room.power_levels");
    const needed = record(levels?.events)?.[type] ?? levels?.state_default ?? 50;
    return typeof needed === "number" ? needed : 50;
  }

  return {
    isOpen: (room) => joined(room) !== null && !isSpace(content(room, "m.room.create")),
    isDirect(room) {
      const known = joined(room);
      if (known === null || known.getJoinedMemberCount() + known.getInvitedMemberCount() !== 2) {
        return false;
      }
      // A small room is no private one: somebody must have begun it as such.
      const begun = record(client.getAccountData(EventType.Direct)?.getContent()) ?? {};
      return !!known.getDMInviter() || Object.values(begun).flat().includes(room);
    },
    isEncrypted: (room) => content(room, "m.room.encryption") !== null,
    ownName: (room) => joined(room)?.getMember(botId)?.rawDisplayName ?? botId,
    power,
    mayModerate: (room, user) => power(room, user) >= MODERATOR_POWER,
    powerFor,
    maySet: (room, type) => power(room, botId) >= powerFor(room, type),
    community(room) {
      const parents = stateOf(room)?.getStateEvents("m.space.parent") ?? [];
      const agreed = parents
        .map((event) => event.getStateKey() ?? "")
        .filter((space) => isSpace(content(space, "m.room.create")))
        .filter((space) => listed(content(space, "m.space.child", room)?.via).length > 0);
      return agreed.sort()[0] ?? room;
    },
    isEmpty(room) {
      const known = joined(room);
      return known !== null && known.getJoinedMemberCount() + known.getInvitedMemberCount() <= 1;
    },
    isSpace: (room) => isSpace(content(room, "m.room.create")),
    isOwn: (room) => stateOf(room)?.getStateEvents("m.room.create", "")?.getSender() === botId,
    state: content,
  };
}

function isSpace(create: Record<string, unknown> | null): boolean {
  return create?.type === "m.space";
}

function listed(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
