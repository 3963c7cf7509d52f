import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../config/settings.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";

/**
 * One of the fleet's own processes. It ends when the driver does: its channel to it breaks.
 *
 *   down --start()--> up --freeze()--> frozen --thaw()--> up
 *   up | frozen --kill()--> down;  up --stop()--> down
 */
export class Child extends EventEmitter<{ message: [unknown] }> {
  readonly name: string;
  readonly #file: string;
  readonly #env: Record<string, string>;
  readonly #log: string;
  #process: ChildProcess | null = null;

  /** `file` is relative to the root; what it prints is appended to `<folder>/<name>.log`. */
  constructor(name: string, file: string, env: Record<string, string>, folder: string) {
    super();
    this.name = name;
    this.#file = file;
    this.#env = env;
    this.#log = join(folder, `${name}.log`);
  }

  get pid(): number {
    if (this.#process === null) throw new Error(`${this.name} is not running`);
    return this.#process.pid as number;
  }

  get logFile(): string {
    return this.#log;
  }

  /** Resolves when it says that it is ready. */
  async start(): Promise<void> {
    const log = openSync(this.#log, "a");
    const child = spawn(process.execPath, [join(ROOT, this.#file)], {
      env: { ...BARE_ENVIRONMENT, ...this.#env },
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    this.#process = child;
    const ready = Promise.withResolvers<void>();
    child.on("message", (message) => {
      if (isReady(message)) ready.resolve();
      else this.emit("message", message);
    });
    child.once("exit", (code, signal) => {
      if (this.#process === child) this.#process = null;
      ready.reject(new Error(`${this.name} ended (${signal ?? code}); see ${this.#log}`));
    });
    await ready.promise;
  }

  send(message: object): void {
    this.#process?.send(message, () => {});
  }

  /** At once (SIGKILL). */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Asks politely (SIGTERM). */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}

function isReady(message: unknown): boolean {
  return typeof message === "object" && message !== null && "ready" in message;
}
