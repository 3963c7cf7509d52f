import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { openRecords } from "../../api/storage/open.ts";
import { ROOT } from "../../config/settings.ts";
import { keptFolder } from "./kept-folder.ts";
import { scratch } from "./services.ts";

const MIGRATIONS = join(ROOT, "migrations");

/**
 * Gives a pool of a test the embedded records that it would make itself in an empty folder. Making them takes more
 * than three seconds of a processor, which every other pool of the tests would pay again; copying them takes a
 * tenth. Tests of the making itself (test/api/storage.test.ts, test/journeys/ask.test.ts) do without.
 */
export async function prepareRecords(dataDir: string): Promise<void> {
  const records = join(dataDir, "records");
  if (existsSync(records)) return;
  cpSync(await preparedRecords(), records, { recursive: true });
}

/** Folder of empty, migrated records; made again when migrations or PGlite have changed. */
export function preparedRecords(): Promise<string> {
  return keptFolder(`records-${fingerprint()}`, async (folder) => {
    const dataDir = scratch("records-");
    try {
      const made = await openRecords(null, dataDir, (error) => {
        throw error;
      });
      await made.close();
      cpSync(join(dataDir, "records"), folder, { recursive: true });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}

function fingerprint(): string {
  const hash = createHash("sha256");
  const pglite = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  hash.update(readFileSync(join(dirname(pglite), "..", "package.json")));
  for (const name of readdirSync(MIGRATIONS).sort()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(MIGRATIONS, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
