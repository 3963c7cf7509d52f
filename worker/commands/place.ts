import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { type WorkerSettings, workerSettings } from "../../config/settings.ts";
import { workerFolder } from "../identity.ts";
import { type RememberedSettings, rememberedSettings } from "../remembered.ts";

/** The worker that a command is about: WORKER_NAME names it, else this machine's name. */
export interface WorkerPlace {
  readonly folder: string;
  readonly remembered: RememberedSettings;
  readonly settings: WorkerSettings;
}

/** Throws SettingsError. */
export function workerPlace(env: NodeJS.ProcessEnv): WorkerPlace {
  const { dataDir, workerName } = workerSettings(env);
  const folder = workerFolder(dataDir, workerName);
  const remembered = rememberedSettings(folder);
  return { folder, remembered, settings: workerSettings(env, remembered) };
}

/** Names of the workers that were ever started from this data folder, in alphabetical order; whether they run is not asked. */
export function namesThere({ folder }: WorkerPlace): string[] {
  try {
    const there = readdirSync(dirname(folder), { withFileTypes: true });
    return there
      .filter((one) => one.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
