import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../config/settings.ts";
import { onPath } from "./services.ts";

/** Synapse, and matrix-nio with its encryption: a client of other people's making that plays the human. */
const PACKAGES = ["matrix-synapse==1.163.2", "matrix-nio[e2e]==0.26.0"];
/** Kept between runs beside the other downloads; the name changes with the versions. */
const VENV = join(ROOT, ".cache", "synapse-1.163.2");
/** Slower installations than this were given up by whoever began them. */
const STALE_MS = 300_000;

/** Path of a Python that has Synapse and matrix-nio; installed on first use (25 s, 280 MB). */
export async function synapsePython(): Promise<string> {
  const python = join(VENV, "bin", "python");
  const lock = `${VENV}.lock`;
  while (!existsSync(VENV)) {
    if (take(lock)) {
      try {
        if (!existsSync(VENV)) install();
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
    } else {
      // Another test file installs it: there is no event across processes to wait for.
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  return python;
}

/** A folder is made by one process only; one left behind by a crash is taken over. */
function take(lock: string): boolean {
  try {
    mkdirSync(join(ROOT, ".cache"), { recursive: true });
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** Made beside its place and renamed, so that a half installed one is never used. */
function install(): void {
  const python = onPath("python3");
  if (!python) throw new Error("python3 is missing. On Debian: apt-get install python3-venv");
  console.error("installing Synapse and matrix-nio (25 s on first use)");
  const half = `${VENV}.new`;
  rmSync(half, { recursive: true, force: true });
  run(python, ["-m", "venv", half]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  run(join(half, "bin", "python"), [...pip, "--only-binary=:all:", ...PACKAGES]);
  renameSync(half, VENV);
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(" ")} failed: ${stderr.trim().slice(-2000)}`);
}
