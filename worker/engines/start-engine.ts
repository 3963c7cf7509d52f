import { join } from "node:path";
import type { WorkerSettings } from "../../config/settings.ts";
import type { Log } from "../log.ts";
import { echoEngine } from "./echo.ts";
import type { Engine } from "./engine.ts";
import { LlamaEngine } from "./llama/llama-engine.ts";
import { SpeedMemory } from "./llama/speed-memory.ts";
import { OpenAiEngine } from "./openai/openai-engine.ts";

/** The engine that WORKER_ENGINE names; the others are it again, by what they are handed: model files, or models' names. */
export interface StartedEngine {
  readonly engine: Engine;
  readonly llama: LlamaEngine | null;
  readonly server: OpenAiEngine | null;
}

/** Throws RuntimeMissing, ServerRefused. `onModels`: what it can run has changed. */
export async function startEngine(
  settings: WorkerSettings,
  log: Log,
  echo: Engine | undefined,
  onModels: () => void,
): Promise<StartedEngine> {
  switch (settings.workerEngine) {
    case "echo":
      return { engine: echo ?? echoEngine(), llama: null, server: null };
    case "openai": {
      const engine = await OpenAiEngine.start({
        url: settings.workerOpenaiUrl,
        key: settings.workerOpenaiKey,
        remote: settings.workerOpenaiRemote,
        models: settings.workerModels,
        contextTokens: settings.workerContext,
        log,
        onModels,
      });
      return { engine, llama: null, server: engine };
    }
    case "llama": {
      const { workerMemoryMb, workerVramMb } = settings;
      const llama = await LlamaEngine.start({
        threads: settings.workerThreads,
        maxThreads: settings.workerMaxThreads,
        slots: settings.workerSlots,
        contextTokens: settings.workerContext,
        memoryBytes: workerMemoryMb === null ? null : workerMemoryMb * 1e6,
        gpu: settings.workerGpu as "auto",
        vramBytes: workerVramMb === null ? null : workerVramMb * 1e6,
        timings: new SpeedMemory(join(settings.dataDir, "timings"), Date.now),
        log,
      });
      return { engine: llama, llama, server: null };
    }
  }
}
