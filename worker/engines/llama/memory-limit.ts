import type { Llama } from "node-llama-cpp";
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
  readonly slots: number;
  bytes(slots: number): Promise<number>;
}

/** How many answers at once the memory is enough for, beside `held` bytes of other models. Throws OverMemoryLimit. */
export async function memoryFit(
  library: LlamaLibrary,
  llama: Llama,
  { file, name }: ModelFile,
  { memoryBytes, slots, contextTokens }: Allowed,
  held: number,
): Promise<MemoryFit> {
  const most = slots ?? (SLOT_CANDIDATES.at(-1) as number);
  if (memoryBytes === null) return { slots: most, bytes: async () => 0 };
  const bytes = await memoryNeed(library, llama, file, contextTokens);
  const left = memoryBytes - held;
  let least = 0;
  for (const tried of slots === null ? [...SLOT_CANDIDATES].reverse() : [slots]) {
    least = await bytes(tried);
    if (least <= left) return { slots: tried, bytes };
  }
  throw new OverMemoryLimit(
    `${name} needs ${megabytes(least)}; the limit for this worker is ${megabytes(memoryBytes)}, of which ` +
      `${megabytes(Math.max(0, left))} are left. Raise WORKER_MEMORY_MB, lower WORKER_CONTEXT, or offer a smaller model.`,
    least > memoryBytes,
  );
}

/**
 * Bytes of main memory that a model and a context of so many answers at once need, by the library's own estimate
 * from the file's header, before anything is loaded.
 */
async function memoryNeed(
  library: LlamaLibrary,
  llama: Llama,
  file: string,
  contextTokens: number,
): Promise<(slots: number) => Promise<number>> {
  const info = await library.readGgufFileInfo(file, { logWarnings: false });
  const insights = await library.GgufInsights.from(info, llama);
  const gpuLayers = llama.gpu === false ? 0 : insights.totalLayers;
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers });
  return async (slots) => {
    const context = await insights.estimateContextResourceRequirementsV2({
      contextSize: contextTokens,
      modelGpuLayers: gpuLayers,
      sequences: slots,
    });
    return model.cpuRam + context.cpuRam;
  };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
