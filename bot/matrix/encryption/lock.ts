import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Another program works with the store: two on one store of keys destroy it without an error. */
export class StoreInUse extends Error {
  override name = "StoreInUse";
}

/** Locks this process holds: a file with our own pid that is not among them is from an earlier life. */
const held = new Set<string>();

/** Takes a lock file for as long as this process lives; returns what gives it back. Throws StoreInUse. */
export function takeLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const pid = holder(file);
      if (pid !== null || tries > 2) {
        throw new StoreInUse(
          `The bot's keys for Matrix are in use by another program (process ${pid}, ${file}). Stop it first; two programs on one store of keys would spoil it.`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

/** The living process that holds the lock; null when it is left over. */
function holder(file: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
  if (pid === process.pid) return held.has(file) ? pid : null;
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? pid : null;
  }
}
