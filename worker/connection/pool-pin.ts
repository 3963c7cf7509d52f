import type { KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Type from "typebox";
import { keyIdOf, publicKeyFromRaw, publicKeyToRaw } from "../../protocol/keys.ts";
import { jsonParser } from "../../protocol/parse.ts";
import { decodeBase64 } from "../../protocol/receipts/dsse.ts";
import { KeyId } from "../../protocol/wire/primitives.ts";

/** A pool whose key this worker knows. */
export interface KnownPool {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** The pool at the address shows another key than the one expected. Only a person can decide what that means. */
export class PoolKeyChanged extends Error {
  override name = "PoolKeyChanged";
}

const PinFile = Type.Object(
  { keyId: KeyId, publicKey: Type.String(), firstSeen: Type.String() },
  { additionalProperties: false },
);
const parsePin = jsonParser(PinFile, "pool.json");

/** A pool's key as it travels: base64 of the 32 raw bytes. Throws for anything else. */
export function poolFromWire(publicKey: string): KnownPool {
  const key = publicKeyFromRaw(decodeBase64(publicKey, "the pool's key"));
  return { keyId: keyIdOf(key), publicKey: key };
}

/**
 * The key of the pool this worker belongs to, in `pool.json` in the worker's folder. The first pool that
 * welcomes the worker is written down; another key later is refused (trust on first use).
 */
export class PoolPin {
  readonly #file: string;
  readonly #folder: string;
  #keyId: string | null;
  #invitedBy: string | null = null;

  /** Throws PoolKeyChanged when the file is damaged: the pool could then not be told from another. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, "pool.json");
    this.#keyId = readPin(this.#file);
  }

  /** True when a pool is known. */
  get isSet(): boolean {
    return this.#keyId !== null;
  }

  /** Fingerprint of the pool's key, or null. */
  get keyId(): string | null {
    return this.#keyId;
  }

  /** An invite names the only key that will do, before any pool is known here. */
  expect(keyId: string): void {
    this.#invitedBy = keyId;
  }

  /** Throws PoolKeyChanged when `pool` is not the one known here. */
  check(pool: KnownPool, url: string): void {
    if (this.#invitedBy !== null && this.#invitedBy !== pool.keyId) {
      throw falsePool(url, pool.keyId, this.#invitedBy);
    }
    if (this.#keyId === null || this.#keyId === pool.keyId) return;
    throw new PoolKeyChanged(
      `The pool at ${url} shows the key ${pool.keyId}, but this worker belongs to a pool with the key ` +
        `${this.#keyId}. Somebody may be standing in between, the address may be wrong, or the pool has a new ` +
        `key. If its stewards confirm the new key, delete ${this.#file} and start the worker again.`,
    );
  }

  /** Writes the pool down, once. */
  remember(pool: KnownPool, now: number): void {
    if (this.#keyId !== null) return;
    const pin = {
      keyId: pool.keyId,
      publicKey: publicKeyToRaw(pool.publicKey).toString("base64"),
      firstSeen: new Date(now).toISOString(),
    };
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(pin, null, 2)}\n`, { flush: true });
    renameSync(`${this.#file}.new`, this.#file);
    this.#keyId = pool.keyId;
  }
}

/** The pool that answers is not the one that invited. */
export function falsePool(url: string, shown: string, invited: string): PoolKeyChanged {
  return new PoolKeyChanged(
    `The pool at ${url} is not the one you were invited to: it shows the key ${shown}, the invite names ` +
      `${invited}. Somebody may be standing in between, or the invite was changed on its way. Nothing was sent: ` +
      "this machine has not joined. Ask the person who invited you, by another way than this invite came, " +
      "whether the pool has a new key; if so, they can send you a new invite.",
  );
}

function readPin(file: string): string | null {
  try {
    return parsePin(readFileSync(file, "utf8")).keyId;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new PoolKeyChanged(
      `${file} is damaged (${(error as Error).message}), so this worker cannot tell its pool from another. ` +
        "Restore it from a backup, or delete it to trust the next pool that answers.",
    );
  }
}
