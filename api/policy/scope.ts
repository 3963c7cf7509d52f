import type { PolicyLevel } from "../../protocol/wire/policy.ts";

/** Where something is asked or set; `parentRoom`: the room that a thread hangs in. */
export interface Place {
  /** Null: the pool as a whole. */
  readonly community: string | null;
  readonly room: string | null;
  readonly parentRoom?: string | null;
}

export const POOL_SCOPE = "pool";
export const communityScope = (community: string): string => `community:${community}`;
/** A room belongs to its community: the same name in another community is another room. */
export const roomScope = (community: string, room: string): string =>
  `room:${encodeURIComponent(community)}/${encodeURIComponent(room)}`;

/** The scopes whose settings hold in a place, nearest first. */
export function scopesOf({ community, room, parentRoom }: Place): string[] {
  if (community === null) return [POOL_SCOPE];
  const rooms = [room, parentRoom].filter((each) => each !== null && each !== undefined);
  return [
    ...new Set(rooms.map((each) => roomScope(community, each))),
    communityScope(community),
    POOL_SCOPE,
  ];
}

/** What a scope names. Throws RangeError for a text that is none. */
export function placeOf(scope: string): Place & { readonly level: PolicyLevel } {
  if (scope === POOL_SCOPE) return { level: "pool", community: null, room: null };
  if (scope.startsWith("community:")) {
    return { level: "community", community: scope.slice("community:".length), room: null };
  }
  const [community, room] = /^room:([^/]+)\/([^/]+)$/.exec(scope)?.slice(1) ?? [];
  if (community === undefined || room === undefined) {
    throw new RangeError(`${scope} names no place`);
  }
  return {
    level: "room",
    community: decodeURIComponent(community),
    room: decodeURIComponent(room),
  };
}
