import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pythonWith } from "./python-packages.ts";
import { freePort } from "./services.ts";

/** llama.cpp's own HTTP server, build 11549, packed for Python; the wheel is there for Linux, macOS and Windows. */
export function llamaServerPython(): Promise<string> {
  return pythonWith({
    folder: "llama-server-2026.10.11549",
    packages: ["xllamacpp==2026.10.11549"],
    what: "llama.cpp's server (34 MB on first use)",
  });
}

export interface LlamaServerOptions {
  /** Path of a GGUF file. */
  readonly model: string;
  /** Name it is served under; the server's own default is the file's path. */
  readonly alias?: string;
  /** Tokens of context for each answer; llama.cpp rounds up to a multiple of 256. */
  readonly contextTokens: number;
  readonly atOnce?: number;
  /** Asked of everybody who calls. */
  readonly key?: string;
}

/** A real llama-server on loopback, one thread. */
export class LlamaServer {
  /** With its `/v1`. */
  readonly url: string;
  readonly #python: string;
  readonly #options: LlamaServerOptions;
  readonly #port: number;
  #child: ChildProcess | null = null;

  private constructor(python: string, options: LlamaServerOptions, port: number) {
    this.#python = python;
    this.#options = options;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}/v1`;
  }

  /** One that does not run yet. Its package is installed on first use. */
  static async prepare(options: LlamaServerOptions): Promise<LlamaServer> {
    return new LlamaServer(await llamaServerPython(), options, await freePort());
  }

  static async start(options: LlamaServerOptions): Promise<LlamaServer> {
    const server = await LlamaServer.prepare(options);
    await server.start();
    return server;
  }

  /** Resolves when the model is loaded. Throws with the server's last words when it ends before. */
  async start(): Promise<void> {
    const { model, alias = "", contextTokens, atOnce = 1, key = "" } = this.#options;
    const program = join(import.meta.dirname, "llama-server.py");
    const context = String(contextTokens * atOnce);
    const child = spawn(
      this.#python,
      [program, model, alias, context, String(atOnce), String(this.#port), key],
      { stdio: ["pipe", "pipe", "pipe"] },
    );
    this.#child = child;
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      said = (said + part).slice(-2000);
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("http://")) return;
    }
    throw new Error(`llama-server ended: ${said}`);
  }

  /** Resolves when it answers that it is not ready yet; it has no event for it, so it is asked. Fails where it is ready. */
  async untilLoading(): Promise<void> {
    for (;;) {
      const status = await fetch(`${this.url}/models`).then(
        (response) => response.status,
        () => null,
      );
      if (status === 503) return;
      if (status !== null) throw new Error(`ready already (HTTP ${status})`);
    }
  }

  /** Ends it without a goodbye. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}
