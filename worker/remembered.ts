import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Type from "typebox";
import { SettingsError } from "../config/settings.ts";
import { jsonParser } from "../protocol/parse.ts";

const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]);
const Settings = Type.Record(Type.String({ pattern: "^(API_URL|WORKER_[A-Z_]+)$" }), Value);
export type RememberedSettings = Type.Static<typeof Settings>;
const parseSettings = jsonParser(Settings, "settings.json");

/**
 * What this worker noted down for itself when it joined (`settings.json` in its folder), under the settings' own
 * names; {} when nothing. Environment and substrate.json go before it. Throws SettingsError when damaged.
 */
export function rememberedSettings(folder: string): RememberedSettings {
  const file = join(folder, "settings.json");
  try {
    return parseSettings(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new SettingsError(
      `${file} is damaged (${(error as Error).message}). Mend it, or delete it and join again.`,
    );
  }
}

/** Notes settings down; null forgets one. */
export function remember(
  folder: string,
  changes: Readonly<Record<string, RememberedSettings[string] | null>>,
): void {
  const settings: Record<string, RememberedSettings[string]> = { ...rememberedSettings(folder) };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete settings[key];
    else settings[key] = value;
  }
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "settings.json");
  writeFileSync(`${file}.new`, `${JSON.stringify(settings, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(`${file}.new`, file);
}
