import { ClientEvent, type MatrixClient, RoomEvent, SyncState } from "matrix-js-sdk";
import { type Clock, MessageGone, wallClock } from "../stream/pacer.ts";
import { record } from "./events.ts";
import { type Homeserver, MatrixRefusal } from "./homeserver.ts";

/** How long a room is waited for that the homeserver has the bot in and the sync does not show. */
const PATIENCE_MS = 30_000;

/**
 * How far the sync has shown what is. The SDK tells of rooms one by one while it still reads a sync, and homeservers
 * answer the first syncs of a start from a cache for a while (Synapse: two minutes), one after the other, as they did the
 * last time: rooms that were entered since are missing, or stand there as invitations, until it has caught up.
 */
export interface Shown {
  /**
   * Resolves when a sync that shows the bot in the room has been read to its end. Throws MessageGone where it shows that
   * the bot is out, and rejects with the signal's reason.
   */
  room(id: string, signal: AbortSignal): Promise<void>;
  /** Resolves when every room that the bot is in has been shown, or half a minute after. Rejects when the door closes. */
  readonly all: Promise<void>;
}

/** Listens from now on: call it before the first sync. `signal`: the door closes. */
export function shownBy(
  client: MatrixClient,
  homeserver: Homeserver,
  signal: AbortSignal,
  clock: Clock = wallClock,
): Shown {
  /** The bot entered or left them in the sync that is being read. */
  const changing = new Set<string>();
  let begun = false;
  const looks = new Set<() => void>();
  client.on(RoomEvent.MyMembership, ({ roomId }) => changing.add(roomId));
  client.on(ClientEvent.Sync, (state) => {
    if (state !== SyncState.Prepared && state !== SyncState.Syncing) return;
    begun = true;
    changing.clear();
    lookAgain();
  });

  function lookAgain(): void {
    for (const look of looks) look();
  }

  const membership = (id: string) =>
    changing.has(id) ? undefined : client.getRoom(id)?.getMyMembership();

  function isShown(id: string): boolean {
    const now = membership(id);
    if (now === "leave" || now === "ban") throw new MessageGone("The bot is out of this room.");
    return now === "join";
  }

  function until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        looks.delete(look);
        signal.removeEventListener("abort", stop);
      };
      const look = () => {
        try {
          if (!begun || !holds()) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        end();
      };
      const stop = () => {
        end();
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
      looks.add(look);
      look();
    });
  }

  async function all(): Promise<void> {
    await until(() => true, signal);
    // A sync that has nothing to tell ends much later: where no room is missing, nobody waits for it.
    const joined = await joinedRooms();
    let isPatient = true;
    const cancel = clock.after(PATIENCE_MS, () => {
      isPatient = false;
      lookAgain();
    });
    const isThere = (id: unknown) => typeof id === "string" && membership(id) === "join";
    await until(() => joined?.every(isThere) === true || !isPatient, signal).finally(cancel);
  }

  /** What the homeserver says now; null where it does not. */
  async function joinedRooms(): Promise<unknown[] | null> {
    try {
      const answer = record(await homeserver.lookUp("/joined_rooms", signal));
      return Array.isArray(answer?.joined_rooms) ? answer.joined_rooms : null;
    } catch (error) {
      if (error instanceof MatrixRefusal) return null;
      throw error;
    }
  }

  const everything = all();
  // Whoever waits for it is told; where nobody does, a door that closes is no fault.
  everything.catch(() => {});
  return { room: (id, signal) => until(() => isShown(id), signal), all: everything };
}
