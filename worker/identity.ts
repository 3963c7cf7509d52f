import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  generateSigningKey,
  type SigningKey,
  signingKeyFromPem,
  signingKeyToPem,
} from "../protocol/keys.ts";

/** The node's key cannot be used; the message says what to do. */
export class IdentityError extends Error {
  override name = "IdentityError";
}

/** Folder of one worker in the data folder: its key and what it remembers of its pool. */
export function workerFolder(dataDir: string, name: string): string {
  return join(dataDir, "workers", name);
}

/**
 * The node's Ed25519 key, from `node.key.pem` in its folder; made on first use with mode 0600.
 * Throws IdentityError when others may read the file or it is damaged.
 */
export function nodeIdentity(folder: string): SigningKey {
  const file = join(folder, "node.key.pem");
  return readKey(file) ?? makeKey(folder, file);
}

function readKey(file: string): SigningKey | null {
  let pem: string;
  try {
    // Windows has no mode bits: there the user's profile folder guards the file.
    const open = process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0;
    if (open) {
      throw new IdentityError(
        `Other users of this machine may read this node's key (${file}). Whoever has it can sign answers as ` +
          `this node. Run: chmod 600 "${file}" — or, if others may have copied it, delete it to get a new key.`,
      );
    }
    pem = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    if (error instanceof IdentityError) throw error;
    throw new IdentityError(`Cannot read this node's key ${file}: ${(error as Error).message}`);
  }
  try {
    return signingKeyFromPem(pem);
  } catch {
    throw new IdentityError(
      `This node's key ${file} is damaged: it is not an Ed25519 key in PKCS #8 PEM. Restore it from a backup, ` +
        "or delete it to get a new key: the pool then sees a new node.",
    );
  }
}

function makeKey(folder: string, file: string): SigningKey {
  mkdirSync(folder, { recursive: true });
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, signingKeyToPem(generateSigningKey()), { mode: 0o600, flush: true });
    // Of two workers started at once under one name the first wins; both read its key.
    makeOnce(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
  return readKey(file)!;
}

/** Gives a whole file its name, unless something has that name already. */
function makeOnce(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    // File systems of sticks and some network drives know no links (exFAT, SMB).
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].includes(code ?? "")) throw error;
    copyFileSync(aside, file, constants.COPYFILE_EXCL);
  }
}
