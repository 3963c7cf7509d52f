import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { ROOT } from "../../config/settings.ts";
import type { Tables } from "./tables.ts";

const FOLDER = join(ROOT, "migrations");

/**
 * Brings the database to the newest numbered migration, forward only. Replicas that start together take
 * turns under a database lock. Throws when a migration fails: nothing of it stays (one transaction).
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: loadMigrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === "Error")?.migrationName;
  throw new Error(
    `The database could not be brought up to date${failed ? ` (migration ${failed})` : ""}; nothing was changed. ` +
      "Was it written by a newer version of this program?",
    { cause: error },
  );
}

/** Names of all migrations this program knows, oldest first. */
export async function migrationNames(): Promise<string[]> {
  return (await migrationFiles()).map(([name]) => name);
}

async function migrationFiles(): Promise<[name: string, file: string][]> {
  return (await readdir(FOLDER)).sort().flatMap((file): [string, string][] => {
    const name = /^(\d{4}_\w+)\.(ts|js)$/.exec(file)?.[1];
    return name === undefined ? [] : [[name, file]];
  });
}

/** Every migration by its name. */
export async function loadMigrations(): Promise<Record<string, Migration>> {
  const migrations: Record<string, Migration> = {};
  for (const [name, file] of await migrationFiles()) {
    migrations[name] = (await import(pathToFileURL(join(FOLDER, file)).href)) as Migration;
  }
  return migrations;
}
