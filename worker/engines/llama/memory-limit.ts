import type { GgufInsights, Llama } from "node-llama-cpp";
import type { ModelFile } from "./loaded-model.ts";
import type { LlamaLibrary } from "./runtime.ts";
import { SLOT_CANDIDATES } from "./speed-timing.ts";

/** A model does not fit into what its owner allows; the message names both sizes. */
export class OverMemoryLimit extends Error {
  override name = "OverMemoryLimit";
  /** It would not fit with all other models gone either. */
  readonly aloneToo: boolean;

  constructor(message: string, aloneToo: boolean) {
    super(message);
    this.aloneToo = aloneToo;
  }
}

/** What the owner allows. */
interface Allowed {
  /** Main memory for all models together, bytes; null: what is free. */
  readonly memoryBytes: number | null;
  /** Answers at once; null: as many as have room. */
  readonly slots: number | null;
  /** Context per answer, tokens. */
  readonly contextTokens: number;
}

/** Room for a model: answers at once, at most, and the bytes that so many take; 0 where nobody limits them. */
interface MemoryFit {
  /** Layers that go onto the graphics card; 0 without one. */
  readonly gpuLayers: number;
  readonly slots: number;
  bytes(slots: number): Promise<number>;
}

/**
 * How much of a model the graphics card takes beside one answer's context, and how many answers at once the main
 * memory is then enough for, beside `held` bytes of other models. By the library's own estimates from the file's
 * header, before anything is loaded. Throws OverMemoryLimit, and the library's InsufficientMemoryError where the card
 * lacks memory even with all layers on the processor.
 */
export async function memoryFit(
  library: LlamaLibrary,
  llama: Llama,
  { file, name }: ModelFile,
  { memoryBytes, slots, contextTokens }: Allowed,
  held: number,
): Promise<MemoryFit> {
  const most = slots ?? (SLOT_CANDIDATES.at(-1) as number);
  if (memoryBytes === null && llama.gpu === false) {
    return { gpuLayers: 0, slots: most, bytes: async () => 0 };
  }
  const info = await library.readGgufFileInfo(file, { logWarnings: false });
  const insights = await library.GgufInsights.from(info, llama);
  const contextSize = Math.min(contextTokens, insights.trainContextSize ?? contextTokens);
  const { gpuLayers } = await insights.configurationResolver.resolveModelGpuLayersV2({
    fitContext: { contextSize },
  });
  if (memoryBytes === null) return { gpuLayers, slots: most, bytes: async () => 0 };
  const bytes = await memoryNeed(insights, gpuLayers, contextSize);
  const left = memoryBytes - held;
  let least = 0;
  for (const tried of slots === null ? [...SLOT_CANDIDATES].reverse() : [slots]) {
    least = await bytes(tried);
    if (least <= left) return { gpuLayers, slots: tried, bytes };
  }
  throw new OverMemoryLimit(
    `${name} needs ${megabytes(least)}; the limit for this worker is ${megabytes(memoryBytes)}, of which ` +
      `${megabytes(Math.max(0, left))} are left. Raise WORKER_MEMORY_MB, lower WORKER_CONTEXT, or offer a smaller model.`,
    least > memoryBytes,
  );
}

/** Bytes of main memory that a model and a context of so many answers at once need. */
async function memoryNeed(
  insights: GgufInsights,
  gpuLayers: number,
  contextSize: number,
): Promise<(slots: number) => Promise<number>> {
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers });
  return async (slots) => {
    const context = await insights.estimateContextResourceRequirementsV2({
      contextSize,
      modelGpuLayers: gpuLayers,
      sequences: slots,
    });
    return model.cpuRam + context.cpuRam;
  };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
