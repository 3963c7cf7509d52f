import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

const MAGIC = Buffer.from("SUBSTRATE-KEYS-1");
const SALT = 16;
const NONCE = 12;
const TAG = 16;
const HEAD = MAGIC.length + SALT + NONCE + TAG;

/** The file cannot be opened with this key: another key, another device, or it was tampered with. */
export class SealError extends Error {
  override name = "SealError";
}

/**
 * A file whose content is sealed with AES-256-GCM under a key made from the operator's (scrypt), bound to what
 * it is `about`. Written whole beside its place, flushed and renamed: after a crash or with a full disk it is the
 * old one or the new one, and once `write` has returned, the new one. Layout: magic, salt, nonce, tag, ciphertext.
 */
export class SealedFile {
  readonly #file: string;
  readonly #secret: string;
  readonly #about: Buffer;
  #salt: Buffer = randomBytes(SALT);
  #key: Buffer | null = null;

  constructor(file: string, secret: string, about: string) {
    this.#file = file;
    this.#secret = secret;
    this.#about = Buffer.from(about);
  }

  /** Null when there is no file. Throws SealError. */
  read(): Buffer | null {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    if (bytes.length < HEAD || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
      throw new SealError(`${this.#file} is no store of keys, or only a part of one.`);
    }
    const salt = bytes.subarray(MAGIC.length, MAGIC.length + SALT);
    const nonce = bytes.subarray(MAGIC.length + SALT, MAGIC.length + SALT + NONCE);
    const key = this.#derive(salt);
    const cipher = createDecipheriv("aes-256-gcm", key, nonce);
    cipher.setAAD(this.#about);
    cipher.setAuthTag(bytes.subarray(HEAD - TAG, HEAD));
    try {
      const clear = Buffer.concat([cipher.update(bytes.subarray(HEAD)), cipher.final()]);
      this.#salt = Buffer.from(salt);
      this.#key = key;
      return clear;
    } catch (error) {
      throw new SealError(
        `MATRIX_STORE_KEY does not open ${this.#file}: it is another key than the one the file was sealed with, or the file was changed. Put the right key back; with the file moved away the bot begins anew and cannot read older messages.`,
        { cause: error },
      );
    }
  }

  write(clear: Buffer): void {
    this.#key ??= this.#derive(this.#salt);
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(this.#about);
    const sealed = Buffer.concat([cipher.update(clear), cipher.final()]);
    const bytes = Buffer.concat([MAGIC, this.#salt, nonce, cipher.getAuthTag(), sealed]);
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const handle = openSync(`${this.#file}.new`, "w", 0o600);
    try {
      // Not writeSync: that may stop in the middle, for one when the disk is full.
      writeFileSync(handle, bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${this.#file}.new`, this.#file);
    flushFolder(dirname(this.#file));
  }

  #derive(salt: Buffer): Buffer {
    return scryptSync(this.#secret, salt, 32, { N: 2 ** 15, maxmem: 2 ** 26 });
  }
}

/** A new name is on disk when its folder is (fsync(2)); Windows has no such thing, and needs none. */
function flushFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
