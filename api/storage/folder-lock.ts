import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The records are in use by another process; the message says by which. */
export class FolderInUseError extends Error {
  override name = "FolderInUseError";
}

/** Locks of this very process: in a container a dead predecessor often had the same id as we have. */
const held = new Set<string>();

/**
 * Holds `file` as a lock with this process's id in it, and returns the function that lets go. PGlite has no
 * lock of its own: two processes on one folder lose acknowledged rows without an error. A lock whose process
 * is gone is taken over. Throws FolderInUseError.
 */
export function lockFolder(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${process.pid}\n`);
  try {
    // A hard link is made or refused as a whole, so of two starters one wins.
    for (let tries = 0; ; tries++) {
      try {
        linkSync(aside, file);
        held.add(file);
        return () => {
          if (held.delete(file)) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const pid = holder(file);
      const inUse = pid === process.pid ? held.has(file) : pid !== null && isAlive(pid);
      if (inUse || tries > 2) {
        throw new FolderInUseError(
          `The pool's records (${dirname(file)}) are in use by process ${pid ?? "unknown"}. ` +
            "Stop that program first, or give this one another folder with DATA_DIR.",
        );
      }
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

function holder(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, "utf8"), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Signal 0 only asks. EPERM: it lives under another user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
