import { hkdfSync, randomUUID } from "node:crypto";
import { type MatrixClient, MatrixEvent, type Room } from "matrix-js-sdk";
import type { CryptoApi, CryptoCallbacks } from "matrix-js-sdk/lib/crypto-api/index.js";
import type { Log } from "../../log.ts";
import { filled } from "../../words/catalogue.ts";
import { newClient } from "../client.ts";
import { MatrixRefusal } from "../homeserver.ts";
import type { Credentials, Session } from "../session.ts";
import type { Encryption } from "./encryption.ts";
import type { KeyStore } from "./key-store.ts";

/** Requests that tell the homeserver what rests on our keys; the others only look something up. */
const RESTS_ON_KEYS = /\/(sync|keys\/|sendToDevice\/|room_keys\/|send\/)/;

/** The crypto library as the SDK's own code uses it: encrypting without sending is not in its public part. */
type Encryptor = CryptoApi & { encryptEvent(event: MatrixEvent, room: Room): Promise<void> };

export interface EncryptedClient {
  readonly client: MatrixClient;
  readonly encryption: Encryption;
  /** Signs the device and sets up the backup; after the first sync. What fails is logged, and `pool` shows it. */
  setUp(): Promise<void>;
}

/**
 * A client that reads and writes encrypted rooms with the keys in `store`. The recovery key of the account is
 * made from the operator's secret: a bot that lost its disk gets its identity and its old keys back with it.
 */
export async function encryptedClient(options: {
  readonly url: string;
  readonly session: Session;
  readonly store: KeyStore;
  readonly storeKey: string;
  readonly credentials: Credentials;
  readonly log: Log;
}): Promise<EncryptedClient> {
  const { url, session, store, storeKey, credentials, log } = options;
  const { userId, deviceId } = session;
  const recoveryKey = new Uint8Array(
    hkdfSync("sha256", storeKey, userId, "substrate matrix recovery key", 32),
  );
  const cryptoCallbacks: CryptoCallbacks = {
    getSecretStorageKey: async ({ keys }) => {
      const [id] = Object.keys(keys);
      return id ? [id, recoveryKey] : null;
    },
  };
  const client = newClient(url, session, {
    cryptoCallbacks,
    beforeRequest: async (path) => {
      if (RESTS_ON_KEYS.test(path)) await store.save();
    },
  });
  await client.initRustCrypto({ cryptoDatabasePrefix: store.prefix });
  const crypto = client.getCrypto() as Encryptor;
  await store.save();

  const isEncrypted = (room: string) => client.getRoom(room)?.hasEncryptionStateEvent() ?? false;

  async function signed(): Promise<boolean> {
    return (await crypto.getDeviceVerificationStatus(userId, deviceId))?.signedByOwner ?? false;
  }

  async function setUp(): Promise<void> {
    // Asks for the account's own public keys. Without them a new device could not take over the private ones.
    await crypto.userHasCrossSigningKeys(userId, true);
    await crypto.bootstrapCrossSigning({
      authUploadDeviceSigningKeys: async (upload) => {
        // Most homeservers ask for no password the first time (MSC3967); a token alone cannot give one.
        try {
          await upload(null);
        } catch (error) {
          if (!("password" in credentials)) throw error;
          const { session: uia } = ((error as { data?: { session?: string } }).data ?? {}) as {
            session?: string;
          };
          const identifier = { type: "m.id.user", user: userId };
          const auth = { type: "m.login.password", identifier, password: credentials.password };
          await upload({ ...auth, ...(uia ? { session: uia } : {}) });
        }
      },
    });
    const backup = await crypto.getKeyBackupInfo();
    await crypto.bootstrapSecretStorage({
      createSecretStorageKey: async () => ({ privateKey: recoveryKey }),
      setupNewKeyBackup: backup === null,
    });
    // The identity alone switches on writing into the backup; reading it takes its key, and a device without a store of
    // its own begins with what the last one put there.
    if (backup !== null && (await crypto.getSessionBackupPrivateKey()) === null) {
      await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
      await crypto.checkKeyBackupAndEnable();
      await crypto.restoreKeyBackup();
    }
    await store.save();
  }

  return {
    client,
    async setUp() {
      try {
        await setUp();
      } catch (error) {
        log.warn(
          { error: String(error) },
          "the bot's device could not be signed or its keys backed up; people may see a warning beside its messages",
        );
      }
    },
    encryption: {
      isOn: true,
      async seal(room, type, content) {
        const known = client.getRoom(room);
        // It may be encrypted: nothing goes there in clear.
        if (!known) throw new MatrixRefusal(404, "", "The sync has not shown this room.");
        if (!isEncrypted(room)) return { type, content };
        const event = new MatrixEvent({
          type,
          content: content as Record<string, unknown>,
          room_id: room,
          sender: userId,
          event_id: `~${randomUUID()}`,
        });
        await crypto.encryptEvent(event, known);
        // The ratchet has moved on: nobody may see the event before the disk knows.
        await store.save();
        return { type: event.getWireType(), content: event.getWireContent() };
      },
      async open(room, raw) {
        const event = client.getEventMapper({ preventReEmit: true, decrypt: false })({
          ...raw,
          room_id: room,
        } as never);
        await client.decryptEventIfNeeded(event);
        if (event.isDecryptionFailure()) return {};
        return event.getClearContent() ?? event.event.content ?? {};
      },
      async lines(room, words) {
        const version = await crypto.getActiveSessionBackupVersion();
        const told = filled(words.matrix_encryption_on, {
          room: isEncrypted(room) ? words.matrix_room_encrypted : words.matrix_room_clear,
          device: deviceId,
          signed: (await signed()) ? words.matrix_device_signed : words.matrix_device_unsigned,
          backup:
            version === null
              ? words.matrix_backup_off
              : filled(words.matrix_backup_on, { version }),
        });
        return ["", told];
      },
      close: () => store.close(),
    },
  };
}
