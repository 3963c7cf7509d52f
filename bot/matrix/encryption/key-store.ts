import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Session } from "../session.ts";
import { copyDatabases, type DatabaseCopy, dropDatabases, restoreDatabases } from "./databases.ts";
import { takeLock } from "./lock.ts";
import { SealedFile } from "./sealed-file.ts";

/**
 * The crypto library's keys on disk, sealed. A stale copy cannot be mended: whoever decrypts, encrypts or
 * signs with keys that the disk does not know yet must save before anybody learns of it. So `save` runs
 * before each request that tells the homeserver something which rests on the keys: the next sync (which
 * makes it forget the keys it handed out), keys and devices, and every encrypted event.
 */
export class KeyStore {
  /** Prefix of the databases in memory. */
  readonly prefix = `substrate-${randomUUID()}`;
  /** False for a device that has no keys here yet. */
  readonly isKnown: boolean;
  readonly #file: SealedFile;
  readonly #unlock: () => void;
  #last = "";
  #saving: Promise<void> | null = null;
  #queued: Promise<void> | null = null;

  private constructor(file: SealedFile, unlock: () => void, isKnown: boolean) {
    this.#file = file;
    this.#unlock = unlock;
    this.isKnown = isKnown;
  }

  /** Opens the store of a session's device and brings its keys into memory. Throws SealError or StoreInUse. */
  static async open(folder: string, session: Session, secret: string): Promise<KeyStore> {
    const { userId, deviceId } = session;
    const name = createHash("sha256").update(`${userId} ${deviceId}`).digest("hex").slice(0, 16);
    const unlock = takeLock(join(folder, `keys-${name}.held`));
    try {
      const file = new SealedFile(
        join(folder, `keys-${name}.sealed`),
        secret,
        `${userId} ${deviceId}`,
      );
      const bytes = file.read();
      const store = new KeyStore(file, unlock, bytes !== null);
      if (bytes) {
        await restoreDatabases(store.prefix, deserialize(bytes) as DatabaseCopy[]);
        store.#last = digest(bytes);
      }
      return store;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Resolves when everything known at this moment is on disk. Calls at one time share a write. */
  save(): Promise<void> {
    if (!this.#saving) {
      this.#saving = this.#write().finally(() => {
        this.#saving = null;
      });
      return this.#saving;
    }
    // The write under way may have read before our change: one more follows it, for all who ask meanwhile.
    this.#queued ??= this.#saving
      .catch(() => {})
      .then(() => {
        this.#queued = null;
        return this.save();
      });
    return this.#queued;
  }

  async close(): Promise<void> {
    try {
      await this.save();
    } finally {
      this.#unlock();
      // Databases still open elsewhere are dropped when their last user closes them: not waited for.
      void dropDatabases(this.prefix).catch(() => {});
    }
  }

  async #write(): Promise<void> {
    const bytes = serialize(await copyDatabases(this.prefix));
    const now = digest(bytes);
    if (now === this.#last) return;
    this.#file.write(bytes);
    this.#last = now;
  }
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
