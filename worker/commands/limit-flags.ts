import { parseArgs } from "node:util";
import { type Environment, SettingsError, workerSettings } from "../../config/settings.ts";
import { parseHours } from "../limits/hours.ts";
import { WallClock } from "../limits/wall-clock.ts";
import type { RememberedSettings } from "../remembered.ts";
import { Mistake } from "./mistake.ts";

/** Flags of `join` and `limits`, the setting each notes down, what to write, and what holds without one. */
export const LIMIT_FLAGS = {
  hours: { key: "WORKER_HOURS", help: '"mon-fri 20:00-08:00, sat-sun"; always', none: "always" },
  zone: {
    key: "WORKER_TIME_ZONE",
    help: "Europe/Berlin; any = this machine's",
    none: "this machine's",
  },
  "per-day": {
    key: "WORKER_ANSWERS_PER_DAY",
    help: "most answers a day; any",
    none: "as many as come",
  },
  threads: { key: "WORKER_MAX_THREADS", help: "most processor threads; any", none: "any" },
  slots: { key: "WORKER_SLOTS", help: "answers at once; any = measured", none: "measured" },
  memory: { key: "WORKER_MEMORY_MB", help: "megabytes for models; any", none: "what is free" },
  gpu: { key: "WORKER_GPU", help: "auto, off, cuda, vulkan" },
  vram: {
    key: "WORKER_VRAM_MB",
    help: "megabytes of graphics memory, 0 = none; any",
    none: "what is free",
  },
  context: { key: "WORKER_CONTEXT", help: "tokens of context; any = 2048" },
  models: { key: "WORKER_MODELS", help: "ids, digests or GGUF files, separated by commas" },
  engine: { key: "WORKER_ENGINE", help: "llama or openai" },
  server: { key: "WORKER_OPENAI_URL", help: "http://127.0.0.1:11434/v1" },
} as const;

export interface LimitFlag {
  readonly key: string;
  readonly help: string;
  /** What holds where nothing is noted down, for flags without a default. */
  readonly none?: string;
}

/** Words that lift a limit. */
const NONE = new Set(["any", "none", "always", "unlimited"]);

export interface Flags {
  /** Settings to note down; null: to forget. */
  readonly changes: Record<string, RememberedSettings[string] | null>;
  readonly yes: boolean;
  readonly positionals: readonly string[];
}

/** Reads flags and checks their values as settings are checked. Throws Mistake. */
export function readLimitFlags(args: readonly string[], remembered: RememberedSettings): Flags {
  const names = Object.keys(LIMIT_FLAGS) as (keyof typeof LIMIT_FLAGS)[];
  const options = {
    ...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    yes: { type: "boolean" as const, short: "y" },
  };
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true }) as typeof parsed;
  } catch (error) {
    throw new Mistake(`${(error as Error).message}\n${flagsHelp()}`);
  }
  const changes: Flags["changes"] = {};
  for (const name of names) {
    const written = parsed.values[name];
    if (typeof written !== "string") continue;
    changes[LIMIT_FLAGS[name].key] = NONE.has(written.trim().toLowerCase()) ? null : written;
  }
  const kept = Object.entries({ ...remembered, ...changes }).filter(([, value]) => value !== null);
  const values = Object.fromEntries(kept);
  try {
    const given = checked(values, {});
    for (const key of Object.keys(changes)) {
      const value = given[key];
      if (changes[key] !== null && value !== undefined) changes[key] = value;
    }
    if (typeof values.WORKER_HOURS === "string") parseHours(values.WORKER_HOURS);
    new WallClock((values.WORKER_TIME_ZONE as string | undefined) ?? null);
  } catch (error) {
    if (error instanceof SettingsError || (error as Error).name === "BadHours") {
      throw new Mistake(inFlags((error as Error).message));
    }
    throw error;
  }
  return { changes, yes: parsed.values.yes === true, positionals: parsed.positionals };
}

/** A complaint about settings, as about the flags that were written. */
function inFlags(message: string): string {
  return Object.entries(LIMIT_FLAGS)
    .reduce((text, [flag, { key }]) => text.replaceAll(`${key}:`, `--${flag}:`), message)
    .replace(/^Settings need mending:\n\s*/, "");
}

/** The values as their settings' types, by key. Throws SettingsError. */
function checked(
  values: Record<string, unknown>,
  environment: Environment,
): Record<string, RememberedSettings[string] | undefined> {
  const settings = workerSettings(environment, values) as unknown as Record<string, never>;
  const camel = (key: string) =>
    key.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.keys(values).map((key) => [key, settings[camel(key)]]));
}

export function flagsHelp(): string {
  const lines = Object.entries(LIMIT_FLAGS).map(
    ([name, { help }]) => `  --${name.padEnd(9)} ${help}`,
  );
  return `Limits:\n${lines.join("\n")}`;
}
