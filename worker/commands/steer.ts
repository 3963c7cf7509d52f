import { controlAddress } from "../control/address.ts";
import { askWorker, NotRunning } from "../control/ask.ts";
import type { ControlRequest, WorkerStatus } from "../control/wire.ts";
import { remember } from "../remembered.ts";
import { statusLines } from "../terminal/draw.ts";
import { flagsHelp, LIMIT_FLAGS, type LimitFlag, readLimitFlags } from "./limit-flags.ts";
import { Mistake } from "./mistake.ts";
import { namesThere, workerPlace } from "./place.ts";

type Say = (text: string) => void;

const UNITS = { min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What may follow each command. */
const USAGE = {
  pause: "pause [30min|2h|1d]",
  resume: "resume",
  leave: "leave [--now]",
  status: "status [--json]",
} as const;

/** `pause [2h]`, `resume`, `leave [--now]`, `status [--json]`: steers a running worker on this machine. Throws Mistake, NotRunning. */
export async function steer(
  command: "pause" | "resume" | "leave" | "status",
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  say: Say,
  now: number,
): Promise<void> {
  const place = workerPlace(env);
  const { folder, settings } = place;
  const flags = command === "pause" ? args.slice(1) : args;
  const strange = flags.find((arg) => !USAGE[command].includes(`[${arg}]`));
  if (strange !== undefined) {
    throw new Mistake(`What is “${strange}”? Write: npm run worker -- ${USAGE[command]}`);
  }
  const request = requestOf(command, args, now);
  const answer = await askWorker(controlAddress(folder), request).catch((error: Error) => {
    if (!(error instanceof NotRunning)) throw error;
    const others = namesThere(place).filter((name) => name !== settings.workerName);
    throw new NotRunning(
      `No worker named “${settings.workerName}” runs on this machine. Start it with: npm run worker ` +
        `(WORKER_NAME chooses another${others.length > 0 ? `; there is ${others.join(", ")}` : ""}).`,
    );
  });
  if (!answer.ok) throw new Mistake(answer.said);
  if (command !== "status") say(answer.said);
  else if (args.includes("--json")) say(JSON.stringify(answer.status, null, 2));
  else say(statusLines(answer.status, 100, now).join("\n"));
}

/** `limits [flags]`: shows what is noted down, or notes down anew; a running worker takes it on. Throws Mistake. */
export async function limits(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  const { folder, remembered, settings: before } = workerPlace(env);
  const { changes, positionals } = readLimitFlags(args, remembered);
  if (positionals.length > 0) throw new Mistake(`What is “${positionals[0]}”?\n${flagsHelp()}`);
  if (Object.keys(changes).length > 0) {
    const { WORKER_MODELS: refs, WORKER_ENGINE: engine } = changes;
    if (Array.isArray(refs)) {
      await check(refs, (engine as string | undefined) ?? before.workerEngine);
    }
    remember(folder, changes);
    say(await tellRunning(folder));
  }
  const { settings, remembered: noted } = workerPlace(env);
  const values = settings as unknown as Record<string, unknown>;
  for (const [flag, { key, none = "" }] of Object.entries<LimitFlag>(LIMIT_FLAGS)) {
    const name = key.toLowerCase().replace(/_(.)/g, (_, c: string) => c.toUpperCase());
    const value = values[name];
    const shown = value === null ? none : Array.isArray(value) ? value.join(",") : value;
    const from = env[key] ? `  (from ${key})` : key in noted ? "" : "  (default)";
    say(`  --${flag.padEnd(9)} ${shown}${from}`);
  }
}

/** `models`, `models add X`, `models remove X`: what this machine is willing to run. Throws Mistake, SettingsError. */
export async function models(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  const { folder, settings } = workerPlace(env);
  const [action, ...refs] = args;
  const willing = settings.workerModels;
  if (action === undefined) {
    say("Willing to run:");
    const status = await runningStatus(folder);
    for (const ref of willing) say(`  ${ref}`);
    if (status === null) return;
    say("Running now:");
    for (const { name, tokensPerSecond, loaded } of status.models) {
      const speed = tokensPerSecond === null ? "" : `, ${tokensPerSecond} tokens/s`;
      say(`  ${name}${loaded ? ", loaded" : ""}${speed}`);
    }
    return;
  }
  if ((action !== "add" && action !== "remove") || refs.length === 0) {
    throw new Mistake("Write: npm run worker -- models [add|remove MODEL …]");
  }
  const strange = refs.filter((ref) => action === "remove" && !willing.includes(ref));
  if (strange.length > 0) {
    throw new Mistake(`“${strange[0]}” is not on the list: ${willing.join(", ")}.`);
  }
  const next =
    action === "add"
      ? [...new Set([...willing, ...refs])]
      : willing.filter((ref) => !refs.includes(ref));
  if (next.length === 0) throw new Mistake("A worker needs one model at least. Pause it instead.");
  if (action === "add") await check(refs, settings.workerEngine);
  remember(folder, { WORKER_MODELS: next });
  say(`Willing to run: ${next.join(", ")}`);
  say(await tellRunning(folder));
}

/** Loaded when needed: the facts of models take longer to read than `status` to answer. */
async function check(refs: readonly string[], engine: string): Promise<void> {
  await (await import("./check-models.ts")).checkModels(refs, engine);
}

async function tellRunning(folder: string): Promise<string> {
  try {
    const answer = await askWorker(controlAddress(folder), { do: "reload" });
    if (!answer.ok) throw new Mistake(answer.said);
    return answer.said;
  } catch (error) {
    if (error instanceof NotRunning) return "Noted down for the next start.";
    throw error;
  }
}

async function runningStatus(folder: string): Promise<WorkerStatus | null> {
  try {
    const answer = await askWorker(controlAddress(folder), { do: "status" });
    return answer.ok ? answer.status : null;
  } catch (error) {
    if (error instanceof NotRunning) return null;
    throw error;
  }
}

function requestOf(
  command: "pause" | "resume" | "leave" | "status",
  args: readonly string[],
  now: number,
): ControlRequest {
  switch (command) {
    case "pause":
      return { do: "pause", until: args[0] === undefined ? null : now + duration(args[0]) };
    case "leave":
      return { do: "leave", now: args.includes("--now") };
    default:
      return { do: command };
  }
}

function duration(text: string): number {
  const match = /^(\d{1,4})\s*(min|h|d)$/.exec(text.trim());
  if (match === null) throw new Mistake("For how long? Write for example: 30min, 2h or 1d.");
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
