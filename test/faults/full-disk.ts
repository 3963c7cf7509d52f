import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { poolClient } from "../../bot/pool/client.ts";
import { startProgram, stopPrograms } from "../../launch/programs.ts";
import type { FaultTimes } from "./faults.ts";
import type { Fleet } from "./fleet.ts";

const DISK_KILOBYTES = 256;
const NAME = "full-disk";

/**
 * A real worker whose data folder and log lie on a disk that fills up while it works; for that time it is the
 * only node, so that the answers are its own. Where a disk of our own cannot be mounted (needs root on Linux)
 * the worker may write no file beyond what it has (RLIMIT_FSIZE), which fails in the same places.
 */
export async function workerWithFullDisk(fleet: Fleet, times: FaultTimes): Promise<void> {
  const disk = join(fleet.folder, "disk");
  mkdirSync(disk, { recursive: true });
  const size = `size=${DISK_KILOBYTES}k`;
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", disk]).status === 0;
  const apiUrl = `http://127.0.0.1:${fleet.ports[0]}`;
  const worker = startProgram(NAME, "worker/main.ts", disk, {
    API_URL: apiUrl,
    ENROLMENT_TOKEN: fleet.enrolmentToken,
    WORKER_NAME: NAME,
    WORKER_ENGINE: "echo",
    WORKER_SLOTS: "16",
    WORKER_THREADS: "1",
    LOG_LEVEL: "debug",
  });
  try {
    const pool = poolClient({ url: apiUrl, serviceToken: fleet.serviceToken });
    const online = async () =>
      (await pool.pool()).nodes.some((node) => node.name === NAME && node.online && node.slots > 0);
    await until(online);
    if (mounted) fill(join(disk, "filler"));
    else spawnSync("prlimit", ["--fsize=1", "--pid", `${worker.child.pid}`]);
    const before = await answersOf(fleet);
    fleet.nodeLine.cut();
    await delay(times.awayMs);
    await until(async () => (await answersOf(fleet)) >= before + 5);
    fleet.nodeLine.fine();
  } finally {
    fleet.nodeLine.fine();
    await stopPrograms([worker]);
    if (mounted) spawnSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

function fill(file: string): void {
  try {
    for (;;) appendFileSync(file, "x".repeat(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

async function answersOf(fleet: Fleet): Promise<number> {
  const client = new pg.Client(fleet.postgres.url);
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    "select count(*)::int as n from result where node_name = $1",
    [NAME],
  );
  await client.end();
  return (rows[0] as { n: number }).n;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("the worker with the full disk does not answer");
    await delay(50);
  }
}
