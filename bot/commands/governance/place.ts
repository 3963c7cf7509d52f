import type { Place } from "../../../protocol/wire/governance.ts";
import type { CommandContext } from "../command.ts";

/** Where something is said; a thread's own room is the one it hangs in. */
export function placeOf({ community, room, parentRoom }: CommandContext): Place {
  return parentRoom === undefined
    ? { community, room }
    : { community, room: parentRoom, thread: room };
}

/** The number in `12`, `#12` or `no. 12`; null where there is none. */
export function numberIn(typed: string | undefined): number | null {
  const number = Number(/\d{1,9}/.exec(typed ?? "")?.[0] ?? 0);
  return number >= 1 ? number : null;
}
