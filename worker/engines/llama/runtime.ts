import { availableParallelism } from "node:os";
import type { Llama } from "node-llama-cpp";
import type { Log } from "../../log.ts";

export type LlamaLibrary = typeof import("node-llama-cpp");

/** The inference library is not usable on this machine; the message says what to do. */
export class RuntimeMissing extends Error {
  override name = "RuntimeMissing";
}

/**
 * Loads node-llama-cpp, an optional dependency (only machines that run models need its 70 MB).
 * Throws RuntimeMissing.
 */
export async function llamaLibrary(): Promise<LlamaLibrary> {
  try {
    return await import("node-llama-cpp");
  } catch (error) {
    throw new RuntimeMissing(
      `The engine node-llama-cpp is not installed (${(error as Error).message}). Run: npm ci --include=optional`,
    );
  }
}

/**
 * Starts the native engine; never compiles (`build: "never"`: a source build takes ten minutes).
 * Apple silicon has only the Metal build, everything else starts on the processor. Throws RuntimeMissing.
 */
export async function startLlama(
  library: LlamaLibrary,
  threads: number | null,
  log: Log,
): Promise<Llama> {
  const metal = process.platform === "darwin" && process.arch === "arm64";
  try {
    return await library.getLlama({
      gpu: metal ? "auto" : false,
      build: "never",
      // The library's own default (at least 4) makes threads spin against each other on small machines.
      maxThreads: threads ?? availableParallelism(),
      logLevel: library.LlamaLogLevel.error,
      logger: (level, message) => log.warn(message.trim(), { engine: level }),
    });
  } catch (error) {
    throw new RuntimeMissing(
      `node-llama-cpp has no ready-made engine for ${process.platform}-${process.arch}, or it does not run ` +
        `here: ${(error as Error).message}`,
    );
  }
}
