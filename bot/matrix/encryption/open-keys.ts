import { join } from "node:path";
import {
  type Credentials,
  hasKeys,
  MatrixLoginError,
  openSession,
  type Session,
} from "../session.ts";
import { KeyStore } from "./key-store.ts";
import { StoreInUse } from "./lock.ts";
import { SealError } from "./sealed-file.ts";

/** A session and the keys of its device, which belong together. */
export interface OpenKeys {
  readonly session: Session;
  readonly store: KeyStore;
  readonly storeKey: string;
}

/**
 * Opens a session with its keys. A device that has published keys which are not in the store cannot be used
 * again: nobody could read what it writes. With a password the bot then logs in as a new device; with a token
 * it says so. Throws MatrixLoginError.
 */
export async function openKeys(
  url: string,
  folder: string,
  credentials: Credentials,
  storeKey: string,
): Promise<OpenKeys> {
  const file = join(folder, "session.json");
  const session = await openSession(url, credentials, file);
  const store = await openStore(folder, session, storeKey);
  if (store.isKnown || !(await hasKeys(url, session))) return { session, store, storeKey };
  await store.close();
  if ("token" in credentials) {
    throw new MatrixLoginError(
      `The device ${session.deviceId} of MATRIX_TOKEN has keys that are not in ${folder}: it was used elsewhere, or its store was lost. Log the bot in again (a new token has a new device) and write the new token into MATRIX_TOKEN.`,
    );
  }
  const anew = await openSession(url, credentials, file, { fresh: true });
  return { session: anew, store: await openStore(folder, anew, storeKey), storeKey };
}

/** The store's own refusals are the operator's to mend. */
async function openStore(folder: string, session: Session, storeKey: string): Promise<KeyStore> {
  try {
    return await KeyStore.open(folder, session, storeKey);
  } catch (error) {
    if (error instanceof SealError || error instanceof StoreInUse) {
      throw new MatrixLoginError(error.message, { cause: error });
    }
    throw error;
  }
}
