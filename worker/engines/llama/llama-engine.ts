import type { Llama } from "node-llama-cpp";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type {
  EngineDescription,
  OfferedModel,
  SpeedMeasured,
} from "../../../protocol/wire/gateway.ts";
import { type Engine, EngineError, type Generated, type GenerateRequest } from "../engine.ts";
import { fitConversation, promptTokens } from "./chat-prompt.ts";
import { generateTokens } from "./generate-tokens.ts";
import { type GgufHeader, readGgufHeader } from "./gguf-header.ts";
import { type LoadedModel, type ModelFile, openContext } from "./loaded-model.ts";
import { memoryNeed, OverMemoryLimit } from "./memory-limit.ts";
import { type GpuChoice, type LlamaLibrary, llamaLibrary, startLlama } from "./runtime.ts";
import { SpeedFinder, type SpeedWishes } from "./speed-finder.ts";
import { type FastestSetting, SLOT_CANDIDATES } from "./speed-timing.ts";

export interface LlamaEngineOptions extends SpeedWishes {
  /** Main memory for all models together, bytes; null: what is free. */
  readonly memoryBytes: number | null;
  readonly gpu: GpuChoice;
  /** Graphics memory, bytes; null: what is free. */
  readonly vramBytes: number | null;
  /** Context per answer, tokens; capped by each model's own. */
  readonly contextTokens: number;
}

interface Entry {
  readonly file: ModelFile;
  readonly header: GgufHeader;
  fastest: FastestSetting | null;
  loading: Promise<LoadedModel> | null;
  loaded: LoadedModel | null;
  /** Main memory it takes while loaded, bytes; 0 where nobody limits it. */
  memoryBytes: number;
  /** Answers being written with it. */
  uses: number;
}

/** `systemInfo` can be long; the wire takes this much. */
const MAX_SYSTEM_CHARS = 2000;

/**
 * llama.cpp in this process. A model is `known` (file and header read), then `loading`, then `loaded`; it goes
 * back to `known` only when another model needs its memory and no answer uses it.
 */
export class LlamaEngine implements Engine {
  readonly #library: LlamaLibrary;
  readonly #llama: Llama;
  readonly #options: LlamaEngineOptions;
  /** For receipts, for example `node-llama-cpp 3.21.1`. */
  readonly #libraryName: string;
  readonly #entries = new Map<string, Entry>();
  readonly #speed: SpeedFinder;
  #adding: Promise<unknown> = Promise.resolve();

  private constructor(
    library: LlamaLibrary,
    version: string,
    llama: Llama,
    options: LlamaEngineOptions,
  ) {
    this.#library = library;
    this.#libraryName = `node-llama-cpp ${version}`;
    this.#llama = llama;
    this.#options = options;
    this.#speed = new SpeedFinder(library, llama, options);
  }

  /** Throws RuntimeMissing. */
  static async start(options: LlamaEngineOptions): Promise<LlamaEngine> {
    const library = await llamaLibrary();
    const llama = await startLlama(library, options);
    return new LlamaEngine(library, await library.getModuleVersion(), llama, options);
  }

  describe(): EngineDescription {
    return {
      name: "llama",
      library: this.#libraryName,
      release: this.#llama.llamaCppRelease.release,
      backend: this.#llama.gpu === false ? "cpu" : this.#llama.gpu,
      auditable: true,
      threads: this.#speed.threads ?? 0,
      system: this.#llama.systemInfo.slice(0, MAX_SYSTEM_CHARS),
    };
  }

  models(): OfferedModel[] {
    return [...this.#entries.values()].map(({ file, header, fastest, loaded }) => ({
      sha256: file.sha256,
      name: file.name,
      bytes: file.bytes,
      loaded: loaded !== null,
      contextTokens:
        loaded?.contextTokens ??
        Math.min(this.#options.contextTokens, header.trainedContext ?? this.#options.contextTokens),
      tokensPerSecond: fastest?.tokensPerSecond ?? null,
      declared: header.declared,
      chatTemplate: header.chatTemplateSha256,
    }));
  }

  /** What every model here can do: a context has as many seats as were found best for its model. */
  slots(): number {
    const each = [...this.#entries.values()].map((entry) => this.#slotsOf(entry));
    return each.length === 0 ? (this.#options.slots ?? 1) : Math.min(...each);
  }

  measured(): readonly SpeedMeasured[] {
    return [...this.#entries.values()].flatMap((entry) => entry.fastest?.measured ?? []);
  }

  /** Offers a model no longer; an answer under way is finished. */
  async remove(sha256: string): Promise<void> {
    const entry = this.#entries.get(sha256);
    this.#entries.delete(sha256);
    if (entry !== undefined) await this.#unloadRemoved(entry);
  }

  /**
   * Takes a verified file on: reads its header, loads it, measures it. Where memory lacks, the model stays on
   * the list and is loaded when a job asks for it. Throws EngineError `model_failed`.
   */
  async add(file: ModelFile): Promise<void> {
    // One at a time: the first model also finds the number of threads.
    const turn = this.#adding.then(() => this.#add(file));
    this.#adding = turn.catch(() => {});
    await turn;
  }

  async generate(
    request: GenerateRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Generated> {
    const entry = this.#entries.get(request.model);
    if (entry === undefined) {
      throw new EngineError("model_failed", `The model ${request.model} is not on this node.`);
    }
    entry.uses += 1;
    try {
      const started = performance.now();
      const loaded = await this.#ensureLoaded(entry);
      const loadMs = Math.round(performance.now() - started);
      return await this.#answer(entry, loaded, loadMs, request, onText, signal);
    } finally {
      entry.uses -= 1;
      if (this.#entries.get(request.model) !== entry) await this.#unloadRemoved(entry);
    }
  }

  async dispose(): Promise<void> {
    await this.#llama.dispose();
  }

  async #add(file: ModelFile): Promise<void> {
    let header: GgufHeader;
    try {
      header = await readGgufHeader(this.#library, file.file);
    } catch (error) {
      throw new EngineError(
        "model_failed",
        `${file.name} (${file.file}) is not a readable GGUF model: ${(error as Error).message}`,
      );
    }
    const entry: Entry = {
      file,
      header,
      fastest: null,
      loading: null,
      loaded: null,
      memoryBytes: 0,
      uses: 0,
    };
    try {
      entry.loaded = await this.#load(entry);
    } catch (error) {
      if (!this.#lacksMemory(error)) {
        throw new EngineError(
          "model_failed",
          `${file.name} (${file.file}) cannot be loaded: ${(error as Error).message}. The file may be damaged.`,
        );
      }
      // Alone it would not fit either: offering it would only fail jobs.
      if (
        error instanceof OverMemoryLimit &&
        entry.memoryBytes > (this.#options.memoryBytes ?? 0)
      ) {
        throw new EngineError("model_failed", error.message);
      }
      this.#options.log.warn("not enough memory to keep this model loaded", { model: file.name });
    }
    this.#entries.set(file.sha256, entry);
  }

  async #load(entry: Entry): Promise<LoadedModel> {
    const fit = await this.#memoryFit(entry);
    const model = await this.#llama.loadModel({ modelPath: entry.file.file });
    try {
      entry.fastest ??= await this.#speed.find(entry.file, model, fit.slots);
      for (let slots = Math.min(fit.slots, this.#slotsOf(entry)); ; slots = Math.floor(slots / 2)) {
        try {
          entry.memoryBytes = await fit.bytes(slots);
          return await openContext(this.#library, model, entry.header, {
            threads: this.#speed.threads ?? 1,
            slots,
            together: entry.fastest.together,
            contextTokens: this.#options.contextTokens,
          });
        } catch (error) {
          // A number that somebody fixed is kept or refused; a measured one may shrink.
          const fixed = this.#options.slots !== null || slots === 1;
          if (fixed || !this.#lacksMemory(error)) throw error;
        }
      }
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  #slotsOf(entry: Entry): number {
    if (entry.loaded !== null) return entry.loaded.seats;
    return this.#options.slots ?? entry.fastest?.slots ?? 1;
  }

  #lacksMemory(error: unknown): boolean {
    return (
      error instanceof this.#library.InsufficientMemoryError || error instanceof OverMemoryLimit
    );
  }

  /** Bytes that models other than this one hold. */
  #held(entry: Entry): number {
    const others = [...this.#entries.values()].filter((each) => each !== entry);
    return others.reduce((sum, each) => sum + (each.loaded === null ? 0 : each.memoryBytes), 0);
  }

  /** Answers at once for which the owner's memory is enough, at most, and the bytes of fewer. Throws OverMemoryLimit. */
  async #memoryFit(
    entry: Entry,
  ): Promise<{ slots: number; bytes(slots: number): Promise<number> }> {
    const { memoryBytes, slots, contextTokens } = this.#options;
    const most = slots ?? (SLOT_CANDIDATES.at(-1) as number);
    if (memoryBytes === null) return { slots: most, bytes: async () => 0 };
    const need = await memoryNeed(this.#library, this.#llama, entry.file.file, contextTokens);
    const bytes = async (tried: number) => need.model + (await need.context(tried));
    const left = memoryBytes - this.#held(entry);
    for (const tried of slots === null ? [...SLOT_CANDIDATES].reverse() : [slots]) {
      entry.memoryBytes = await bytes(tried);
      if (entry.memoryBytes <= left) return { slots: tried, bytes };
    }
    throw new OverMemoryLimit(
      `${entry.file.name} needs ${megabytes(entry.memoryBytes)}; the limit for this worker is ` +
        `${megabytes(memoryBytes)}, of which ${megabytes(Math.max(0, left))} are left. Raise WORKER_MEMORY_MB, lower ` +
        "WORKER_CONTEXT, or offer a smaller model.",
    );
  }

  async #unloadRemoved(entry: Entry): Promise<void> {
    if (entry.uses > 0 || entry.loaded === null) return;
    const { model } = entry.loaded;
    entry.loaded = null;
    await model.dispose();
  }

  async #ensureLoaded(entry: Entry): Promise<LoadedModel> {
    if (entry.loaded !== null) return entry.loaded;
    entry.loading ??= this.#loadMakingRoom(entry).finally(() => {
      entry.loading = null;
    });
    entry.loaded = await entry.loading;
    return entry.loaded;
  }

  async #loadMakingRoom(entry: Entry): Promise<LoadedModel> {
    try {
      try {
        return await this.#load(entry);
      } catch (error) {
        if (!this.#lacksMemory(error) || !(await this.#unloadIdle())) throw error;
        return await this.#load(entry);
      }
    } catch (error) {
      throw new EngineError(
        "model_failed",
        `${entry.file.name} cannot be loaded: ${(error as Error).message}`,
      );
    }
  }

  /** Frees the memory of models that no answer uses; false when there is none. */
  async #unloadIdle(): Promise<boolean> {
    let freed = false;
    for (const entry of this.#entries.values()) {
      if (entry.loaded === null || entry.uses > 0) continue;
      const { model } = entry.loaded;
      entry.loaded = null;
      await model.dispose();
      freed = true;
    }
    return freed;
  }

  async #answer(
    entry: Entry,
    loaded: LoadedModel,
    loadMs: number,
    request: GenerateRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Generated> {
    const { model, wrapper, contextTokens } = loaded;
    // Where an answer may be longer than half the context, the conversation still gets the other half.
    const reserved = Math.min(request.maxTokens, Math.floor(contextTokens / 2));
    const prompt = fitConversation(request.messages, contextTokens - reserved, (messages) =>
      promptTokens(messages, model, wrapper),
    );
    const seat = loaded.free.pop();
    if (seat === undefined) throw new EngineError("engine_error", "No sequence is free.");
    try {
      await seat.cleared;
      const run = await generateTokens(seat.sequence, model, prompt.tokens, {
        sampler: request.sampler,
        seed: request.seed,
        maxTokens: Math.min(request.maxTokens, contextTokens - prompt.tokens.length),
        onText,
        signal,
      });
      return {
        tokenIds: run.tokenIds,
        finishReason: run.finishReason,
        chatTemplate: entry.header.chatTemplateSha256 ?? sha256Hex(),
        usage: {
          promptTokens: prompt.tokens.length,
          completionTokens: run.tokenIds.length,
          turnsDropped: prompt.turnsDropped,
        },
        durationMs: { load: loadMs, prefill: run.prefillMs, generate: run.generateMs },
      };
    } finally {
      // Nothing of one job's text is left for the next: neither in memory nor as a cached prefix. The answer
      // need not wait for it, only the next answer.
      seat.cleared = seat.sequence.clearHistory();
      seat.cleared.catch(() => {});
      loaded.free.push(seat);
    }
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
