import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../config/settings.ts";
import { onPath } from "./services.ts";

/** Packages that tests need from PyPI, in a Python of their own. */
export interface PythonPackages {
  /** Folder in `.cache`, kept between runs; name the version in it, so that another one is installed anew. */
  readonly folder: string;
  /** With exact versions. */
  readonly packages: readonly string[];
  /** What is said while it is installed. */
  readonly what: string;
}

/** Slower installations than this were given up by whoever began them. */
const STALE_MS = 300_000;

/** Path of a Python that has the packages; installed on first use, by one of the processes that ask. */
export async function pythonWith(wanted: PythonPackages): Promise<string> {
  const venv = join(ROOT, ".cache", wanted.folder);
  const lock = `${venv}.lock`;
  while (!existsSync(venv)) {
    if (take(lock)) {
      try {
        if (!existsSync(venv)) install(venv, wanted);
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
    } else {
      // Another test file installs it: there is no event across processes to wait for.
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  return join(venv, "bin", "python");
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
function install(venv: string, { packages, what }: PythonPackages): void {
  const python = onPath("python3");
  if (!python) throw new Error("python3 is missing. On Debian: apt-get install python3-venv");
  console.error(`installing ${what}`);
  const half = `${venv}.new`;
  rmSync(half, { recursive: true, force: true });
  run(python, ["-m", "venv", half]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  run(join(half, "bin", "python"), [...pip, "--only-binary=:all:", ...packages]);
  renameSync(half, venv);
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(" ")} failed: ${stderr.trim().slice(-2000)}`);
}
