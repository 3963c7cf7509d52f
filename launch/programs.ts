import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { ROOT } from "../config/settings.ts";

/**
 * V8 takes up to 128 MB for its youngest objects by itself, more than 5,000 connected nodes need altogether; 24 MB
 * serve as well. The same in start.js.
 */
const SMALL_NURSERY = "--max-semi-space-size=8";

/** One of the three programs (api, bot, worker), running as its own process. */
export interface Program {
  readonly name: string;
  readonly child: ChildProcess;
  readonly logFile: string;
}

/** A program ended or did not get ready; the message says which one and shows the end of its log. */
export class LaunchError extends Error {
  override name = "LaunchError";
}

/**
 * Starts `file` (relative to the root) with the given settings laid over this process's environment.
 * What it prints goes to `<dataDir>/logs/<name>.log`, fresh at each start.
 */
export function startProgram(
  name: string,
  file: string,
  dataDir: string,
  settings: Record<string, string>,
): Program {
  const logs = join(dataDir, "logs");
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, `${name}.log`);
  const log = openSync(logFile, "w", 0o600);
  const child = spawn(process.execPath, [SMALL_NURSERY, join(ROOT, file)], {
    env: { ...process.env, DATA_DIR: dataDir, ...settings },
    stdio: ["ignore", log, log],
    // Own process group: Ctrl-C reaches the launcher alone, which then stops its programs in order.
    detached: true,
  });
  closeSync(log);
  const program = { name, child, logFile };
  running.add(program);
  child.once("exit", () => running.delete(program));
  return program;
}

/** Asks `url` until it answers 200. Throws LaunchError when the program ends or `limitMs` passes. */
export async function untilReady(program: Program, url: string, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    if (hasEnded(program.child)) throw endedError(program);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) {
      throw new LaunchError(
        `${program.name} did not get ready in ${limitMs / 1000} s.${tail(program)}`,
      );
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Rejects with a LaunchError as soon as one of the programs ends by itself; never resolves. */
export function whenOneEnds(programs: readonly Program[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const program of programs) {
      if (hasEnded(program.child)) reject(endedError(program));
      else program.child.once("exit", () => reject(endedError(program)));
    }
  });
}

/** Stops programs one after the other in the order given: SIGTERM, after `graceMs` SIGKILL. */
export async function stopPrograms(programs: readonly Program[], graceMs = 10_000): Promise<void> {
  for (const { child } of programs) {
    if (hasEnded(child)) continue;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
    await ended;
    clearTimeout(force);
  }
}

/** `preferred` when nothing listens there on loopback, else a free port. */
export async function portFor(preferred: number): Promise<number> {
  for (const port of [preferred, 0]) {
    const server = createServer();
    const bound = await new Promise<number | null>((done) => {
      server.once("error", () => done(null));
      server.listen(port, "127.0.0.1", () => done((server.address() as { port: number }).port));
    });
    if (bound !== null) {
      server.close();
      await once(server, "close");
      return bound;
    }
  }
  throw new LaunchError("No free port on 127.0.0.1.");
}

const running = new Set<Program>();
// The last resort when the launcher itself is torn down: leave no program behind.
process.on("exit", () => {
  for (const { child } of running) child.kill("SIGTERM");
});

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function endedError(program: Program): LaunchError {
  const { exitCode, signalCode } = program.child;
  const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`;
  return new LaunchError(`${program.name} ended ${how}.${tail(program)}`);
}

function tail(program: Program): string {
  const lines = readFileSync(program.logFile, "utf8").trimEnd().split("\n").slice(-15);
  return ` Its last words (${program.logFile}):\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
