import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./models/folder-lock.ts";

/** Another worker on this machine uses the same name, and with it the same key. */
export class NameTaken extends Error {
  override name = "NameTaken";
}

/**
 * Claims a worker's folder for this process until `release`: two workers with one key would push each other
 * off the pool in turns. A claim whose process is gone is taken over. Throws NameTaken.
 */
export function claimFolder(folder: string): { release(): void } {
  const file = join(folder, "running.pid");
  mkdirSync(folder, { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = Number(readFileSync(file, "utf8"));
    if (holder > 0 && isAlive(holder)) {
      throw new NameTaken(
        `A worker of this name already runs here (process ${holder}). Give this one another name ` +
          `(WORKER_NAME), or, if that process is something else, delete ${file}.`,
      );
    }
    rmSync(file, { force: true });
  }
}
