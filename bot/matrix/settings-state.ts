import { PoolError } from "../pool/errors.ts";
import { type Desk, poolIds } from "./desk.ts";

/** State event in which a room sees the settings that hold there; the pool's records are what counts. */
export const SETTINGS_TYPE = "org.substrate.settings";

/** What of a room's settings stands in its state: nothing that could be used against anybody. */
const SHOWN_KEYS = [
  "channels_allowed",
  "default_model",
  "may_ask",
  "quota_per_day",
  "retention_days",
  "language",
  "privacy",
];

/**
 * Writes the settings that hold in a room into its state, where the bot may and where they changed. Returns
 * true when the state shows them now.
 */
export async function showSettings(desk: Desk, room: string): Promise<boolean> {
  const { rooms, pool, homeserver, signal, log } = desk;
  if (!rooms.maySet(room, SETTINGS_TYPE)) return false;
  try {
    const { entries } = await pool.policy(
      poolIds.community(rooms.community(room)),
      poolIds.room(room),
    );
    const settings = Object.fromEntries(
      entries.filter(({ key }) => SHOWN_KEYS.includes(key)).map(({ key, value }) => [key, value]),
    );
    const content = { settings };
    if (JSON.stringify(rooms.state(room, SETTINGS_TYPE)) === JSON.stringify(content)) return true;
    await homeserver.setState(room, SETTINGS_TYPE, "", content, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof PoolError)) throw error;
    log.warn({ room, code: error.code }, "the settings could not be shown in the room's state");
    return false;
  }
}
