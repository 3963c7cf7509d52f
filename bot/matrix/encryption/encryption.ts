import type { Words } from "../../words/catalogue.ts";
import type { Seal } from "../write/writer.ts";

/** What the door has to do with encrypted rooms. */
export interface Encryption {
  readonly isOn: boolean;
  /** Encrypts what goes into encrypted rooms. */
  readonly seal: Seal;
  /** Content of an event as the server gave it, decrypted where it is encrypted; empty where that fails. */
  open(room: string, event: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** How things stand, for `pool` in this room. */
  lines(room: string, words: Words): Promise<string[]>;
  /** Writes what is not written yet and lets go of the store. */
  close(): Promise<void>;
}

/** Encrypted rooms cannot be read: messages of ours are sent as they are, which only says so. */
export function withoutEncryption(isEncrypted: (room: string) => boolean): Encryption {
  return {
    isOn: false,
    seal: async (_room, type, content) => ({ type, content }),
    open: async (_room, event) => (event.content ?? {}) as Record<string, unknown>,
    async lines(room, words) {
      return [
        "",
        isEncrypted(room) ? words.matrix_encryption_off : words.matrix_encryption_not_used,
      ];
    },
    async close() {},
  };
}
