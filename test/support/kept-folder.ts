import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../../config/settings.ts";

/**
 * A folder that `make` fills on first use, kept between runs beside the downloads. It appears whole under its name
 * or not at all; of several test files that make it at once the first one wins. Each user of the machine has their
 * own: what servers write may be read by nobody else.
 */
export async function keptFolder(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(ROOT, ".cache", `${name}-${process.getuid?.() ?? 0}`);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const aside = `${folder}.${process.pid}`;
  try {
    await make(aside);
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
