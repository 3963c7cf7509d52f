import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Type from "typebox";
import {
  generateSigningKey,
  type SigningKey,
  signingKeyFromPem,
  signingKeyToPem,
} from "../protocol/keys.ts";
import { jsonParser } from "../protocol/parse.ts";
import { type ApiSettings, ROOT, SettingsError } from "./settings.ts";

const SecretsFile = Type.Object(
  {
    serviceToken: Type.String({ minLength: 32 }),
    enrolmentToken: Type.String({ minLength: 32 }),
    poolKeyPem: Type.String(),
  },
  { additionalProperties: false },
);
type SecretsFile = Type.Static<typeof SecretsFile>;
const parseSecrets = jsonParser(SecretsFile, "secrets.json");

/** What a pool must keep to itself. */
export interface PoolSecrets {
  /** Doors present it as a bearer token. */
  readonly serviceToken: string;
  /** A node presents it once, with its key. */
  readonly enrolmentToken: string;
  /** Signs job manifests. */
  readonly poolKey: SigningKey;
}

/**
 * The pool's secrets: from settings where given, else from `secrets.json` in the data folder, which is made
 * on first use (mode 0600) so that programs on one machine find each other without being told anything.
 * Throws SettingsError when a key file cannot be read.
 */
export function poolSecrets(settings: ApiSettings): PoolSecrets {
  const complete =
    settings.serviceToken !== null &&
    settings.enrolmentToken !== null &&
    settings.poolKeyFile !== null;
  const local = complete ? null : readOrMake(settings.dataDir);
  return {
    serviceToken: settings.serviceToken ?? local!.serviceToken,
    enrolmentToken: settings.enrolmentToken ?? local!.enrolmentToken,
    poolKey:
      settings.poolKeyFile === null
        ? signingKeyFromPem(local!.poolKeyPem)
        : keyFromFile(resolve(ROOT, settings.poolKeyFile)),
  };
}

/** Tokens a pool on this machine left in the data folder; null when there is none. Throws SettingsError. */
export function readPoolSecrets(
  dataDir: string,
): { serviceToken: string; enrolmentToken: string } | null {
  return readSecrets(join(dataDir, "secrets.json"));
}

function readOrMake(dataDir: string): SecretsFile {
  const file = join(dataDir, "secrets.json");
  const existing = readSecrets(file);
  if (existing !== null) return existing;
  mkdirSync(dataDir, { recursive: true });
  const fresh: SecretsFile = {
    serviceToken: randomBytes(32).toString("base64url"),
    enrolmentToken: randomBytes(32).toString("base64url"),
    poolKeyPem: signingKeyToPem(generateSigningKey()),
  };
  // Write aside, then link: of two processes that start at once one wins and both read its file.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(aside);
  }
  return readSecrets(file)!;
}

function readSecrets(file: string): SecretsFile | null {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new SettingsError(`Cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    return parseSecrets(content);
  } catch (error) {
    throw new SettingsError(
      `${file} is damaged (${(error as Error).message}). Restore it from a backup: without its key, earlier ` +
        "receipts still verify but nodes will not recognise this pool.",
    );
  }
}

function keyFromFile(file: string): SigningKey {
  try {
    return signingKeyFromPem(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SettingsError(
      `POOL_KEY_FILE: ${file} is not a readable Ed25519 key (${(error as Error).message}). ` +
        "Make one with: openssl genpkey -algorithm ed25519 -out FILE",
    );
  }
}
