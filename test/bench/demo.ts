import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { poolClient } from "../../bot/pool/client.ts";
import { readPoolSecrets } from "../../config/secrets.ts";
import { ROOT } from "../../config/settings.ts";
import { scratch } from "../support/services.ts";
import { atMost, type Measure, reported, residentMegabytes } from "./measure.ts";
import { timedAsk } from "./timed-ask.ts";

/**
 * From a clone with npm's cache warm to the first answered question: `git clone` of this repository's HEAD, then
 * `npm run demo`, then one question through the pool. Also the memory of each process while idle after it.
 */
export async function demo(): Promise<Measure[]> {
  const clone = scratch("substrate-clone-");
  const cloned = spawnSync("git", ["clone", "-q", ROOT, clone], { encoding: "utf8" });
  if (cloned.status !== 0) throw new Error(`git clone failed: ${cloned.stderr}`);
  const before = performance.now();
  const child = spawn("npm", ["run", "demo", "--", "--no-open", "--offline"], {
    cwd: clone,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: withoutOwnBin() },
    detached: true,
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes("The local room:")) break;
    }
    const dataDir = join(clone, ".substrate");
    const { apiUrl } = JSON.parse(readFileSync(join(dataDir, "pool.json"), "utf8")) as {
      apiUrl: string;
    };
    const { serviceToken } = readPoolSecrets(dataDir) as { serviceToken: string };
    const client = poolClient({ url: apiUrl, serviceToken });
    await timedAsk(client, "How does voting work here?");
    const seconds = (performance.now() - before) / 1000;
    return [atMost("demo-first-answer", seconds, "s", 60), ...memoryBelow(child.pid as number)];
  } finally {
    process.kill(-(child.pid as number), "SIGTERM");
    await once(child, "exit");
    rmSync(clone, { recursive: true, force: true });
  }
}

/** Memory of every process that descends from `pid`, by program. */
function memoryBelow(pid: number): Measure[] {
  return descendants(pid).map((child, order) => {
    const words = readFileSync(`/proc/${child}/cmdline`, "utf8").split("\0");
    const name = (words.find((w) => w.endsWith(".ts")) ?? words[0] ?? "")
      .split("/")
      .slice(-2)
      .join("/");
    return reported(`memory-demo-${order + 1} ${name}`, residentMegabytes(child), "MB");
  });
}

function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return -1;
  }
}

/** PATH as a newcomer has it: without the Node that npm put in front for this run. */
function withoutOwnBin(): string {
  return (process.env.PATH ?? "")
    .split(":")
    .filter((dir) => !dir.includes("node_modules"))
    .join(":");
}
