import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../../config/settings.ts";
import { BARE_ENVIRONMENT } from "./bare-environment.ts";
import type { PoolProcesses } from "./pool-processes.ts";
import { scratch } from "./services.ts";

/**
 * A volunteer's machine that joins as its invite says: the real command, in a folder of its own. Rejects with what
 * the command printed when it ends before the pool sees the node.
 */
export async function joinByInvite(
  name: string,
  invite: string,
  { client }: PoolProcesses,
): Promise<{ leave(): Promise<void> }> {
  const dataDir = scratch(`volunteer-${name}-`);
  const child = spawn(process.execPath, ["worker/main.ts", "join", invite, "--yes", "--plain"], {
    cwd: ROOT,
    env: {
      ...BARE_ENVIRONMENT,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      WORKER_NAME: name,
      WORKER_ENGINE: "echo",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = once(child, "close");
  const isOnline = async () =>
    (await client.pool()).nodes.some((node) => node.name === name && node.online);
  /** Asks the pool, which tells nobody by itself, until the node is there or gone. */
  const until = async (online: boolean) => {
    while ((await isOnline()) !== online) {
      if (online && child.exitCode !== null) throw new Error(said);
      await delay(100);
    }
  };
  const leave = async () => {
    child.kill("SIGTERM");
    await ended;
    await until(false);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await until(true);
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  return { leave };
}
