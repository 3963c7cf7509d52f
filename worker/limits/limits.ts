import type { WorkerSettings } from "../../config/settings.ts";
import type { NodeLimits } from "../../protocol/wire/gateway.ts";

/** What the owner allows, as the pool shows it. */
export function limitsOf(settings: WorkerSettings): NodeLimits {
  const { workerThreads, workerMaxThreads, workerMemoryMb, workerVramMb, workerGpu } = settings;
  return {
    threads: workerThreads ?? workerMaxThreads,
    memoryBytes: workerMemoryMb === null ? null : workerMemoryMb * 1_000_000,
    vramBytes: workerGpu === "off" ? 0 : workerVramMb === null ? null : workerVramMb * 1_000_000,
  };
}
