import { availableParallelism } from "node:os";
import type { Llama, LlamaGpuType } from "node-llama-cpp";
import type { Log } from "../../log.ts";
import { type GpuKind, linkGpuPackages } from "./gpu-packages.ts";

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

/** WORKER_GPU. */
export type GpuChoice = "off" | "auto" | "cuda" | "vulkan" | "metal";

/**
 * Starts the native engine; never compiles (`build: "never"`: a source build takes ten minutes). `auto` uses a
 * graphics card where its engine was installed (`npm run worker -- gpu`); Apple silicon has only the Metal
 * build, which runs on the processor too. Throws RuntimeMissing.
 */
export async function startLlama(
  library: LlamaLibrary,
  options: {
    readonly threads: number | null;
    readonly maxThreads: number | null;
    readonly gpu: GpuChoice;
    readonly vramBytes: number | null;
    readonly log: Log;
  },
): Promise<Llama> {
  const { threads, maxThreads, vramBytes, log } = options;
  const start = (gpu: "auto" | LlamaGpuType) =>
    library.getLlama({
      gpu,
      build: "never",
      // The library's own default (at least 4) makes threads spin against each other on small machines.
      maxThreads: threads ?? Math.min(maxThreads ?? 512, availableParallelism()),
      logLevel: library.LlamaLogLevel.error,
      logger: (level, message) => log.warn(message.trim(), { engine: level }),
    });
  try {
    const llama = await start(gpuOf(options.gpu, vramBytes));
    if (llama.gpu === false) return llama;
    // A driver's library without a card loads all the same, and what then runs is the processor.
    if ((await llama.getGpuDeviceNames()).length > 0) {
      await llama.setVramCap(vramBytes);
      return llama;
    }
    await llama.dispose();
    if (options.gpu !== "auto") throw new Error("there is no card that it can use");
    log.warn("the engine for graphics cards finds none: the processor is used");
    return await start(false);
  } catch (error) {
    const asked = options.gpu === "off" || options.gpu === "auto" ? "" : ` for ${options.gpu}`;
    throw new RuntimeMissing(
      `node-llama-cpp has no ready-made engine${asked} for ${process.platform}-${process.arch}, or it does not run ` +
        `here: ${(error as Error).message}${asked === "" ? "" : ". Install it with: npm run worker -- gpu; if it is installed, this system lacks the card or its driver."}`,
    );
  }
}

/** Names the card that an engine for such cards finds, with its memory; null where it finds none. */
export async function findCard(library: LlamaLibrary, kind: GpuKind): Promise<string | null> {
  try {
    const llama = await library.getLlama({
      gpu: kind,
      build: "never",
      logLevel: library.LlamaLogLevel.disabled,
    });
    const names = await llama.getGpuDeviceNames();
    const { total } = await llama.getVramState();
    await llama.dispose();
    return names.length === 0 ? null : `${names.join(", ")} with ${Math.round(total / 1e6)} MB`;
  } catch {
    return null;
  }
}

function gpuOf(wanted: GpuChoice, vramBytes: number | null): "auto" | LlamaGpuType {
  const appleSilicon = process.platform === "darwin" && process.arch === "arm64";
  if (appleSilicon) return "auto";
  if (wanted === "off" || vramBytes === 0) return false;
  if (wanted === "auto") return linkGpuPackages().length > 0 ? "auto" : false;
  linkGpuPackages();
  return wanted;
}
