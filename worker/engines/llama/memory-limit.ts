import type { Llama } from "node-llama-cpp";
import type { LlamaLibrary } from "./runtime.ts";

/** A model does not fit into what its owner allows; the message names both sizes. */
export class OverMemoryLimit extends Error {
  override name = "OverMemoryLimit";
}

/** Memory a model needs, by the library's own estimate; bytes of main memory. */
export interface MemoryNeed {
  readonly model: number;
  /** For a context of so many answers at once. */
  context(slots: number): Promise<number>;
}

/** Reads from the file's header what it will need, before anything is loaded. */
export async function memoryNeed(
  library: LlamaLibrary,
  llama: Llama,
  file: string,
  contextTokens: number,
): Promise<MemoryNeed> {
  const info = await library.readGgufFileInfo(file, { logWarnings: false });
  const insights = await library.GgufInsights.from(info, llama);
  const gpuLayers = llama.gpu === false ? 0 : insights.totalLayers;
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers });
  return {
    model: model.cpuRam,
    async context(slots) {
      const need = await insights.estimateContextResourceRequirementsV2({
        contextSize: contextTokens,
        modelGpuLayers: gpuLayers,
        sequences: slots,
      });
      return need.cpuRam;
    },
  };
}
