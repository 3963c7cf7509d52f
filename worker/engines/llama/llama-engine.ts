import { availableParallelism } from "node:os";
import type { Llama, LlamaModel } from "node-llama-cpp";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { EngineDescription, OfferedModel } from "../../../protocol/wire/gateway.ts";
import type { Log } from "../../log.ts";
import { type Engine, EngineError, type Generated, type GenerateRequest } from "../engine.ts";
import { fitConversation, promptTokens } from "./chat-prompt.ts";
import { generateTokens } from "./generate-tokens.ts";
import { type GgufHeader, readGgufHeader } from "./gguf-header.ts";
import { type LoadedModel, type ModelFile, openContext } from "./loaded-model.ts";
import { type LlamaLibrary, llamaLibrary, startLlama } from "./runtime.ts";
import { fastestThreads, measureSpeed, threadCandidates } from "./thread-timing.ts";

export interface LlamaEngineOptions {
  /** null: time 1, 2, 4 … threads on the first model and keep the fastest. */
  readonly threads: number | null;
  /** Answers written at once. */
  readonly slots: number;
  /** Context per answer, tokens; capped by each model's own. */
  readonly contextTokens: number;
  readonly log: Log;
}

interface Entry {
  readonly file: ModelFile;
  readonly header: GgufHeader;
  tokensPerSecond: number | null;
  loading: Promise<LoadedModel> | null;
  loaded: LoadedModel | null;
  /** Answers being written with it. */
  uses: number;
}

/** Milliseconds per thread count when the engine looks for the fastest, and for a mere measurement. */
const TIMING_MS = 1000;
const MEASURE_MS = 250;
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
  #threads: number | null;
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
    this.#threads = options.threads;
  }

  /** Throws RuntimeMissing. */
  static async start(options: LlamaEngineOptions): Promise<LlamaEngine> {
    const library = await llamaLibrary();
    const llama = await startLlama(library, options.threads, options.log);
    return new LlamaEngine(library, await library.getModuleVersion(), llama, options);
  }

  describe(): EngineDescription {
    return {
      name: "llama",
      library: this.#libraryName,
      release: this.#llama.llamaCppRelease.release,
      backend: this.#llama.gpu === false ? "cpu" : this.#llama.gpu,
      auditable: true,
      threads: this.#threads ?? 0,
      system: this.#llama.systemInfo.slice(0, MAX_SYSTEM_CHARS),
    };
  }

  models(): OfferedModel[] {
    return [...this.#entries.values()].map(({ file, header, tokensPerSecond, loaded }) => ({
      sha256: file.sha256,
      name: file.name,
      bytes: file.bytes,
      loaded: loaded !== null,
      contextTokens:
        loaded?.contextTokens ??
        Math.min(this.#options.contextTokens, header.trainedContext ?? this.#options.contextTokens),
      tokensPerSecond,
      declared: header.declared,
      chatTemplate: header.chatTemplateSha256,
    }));
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
      tokensPerSecond: null,
      loading: null,
      loaded: null,
      uses: 0,
    };
    try {
      entry.loaded = await this.#load(entry);
    } catch (error) {
      if (!(error instanceof this.#library.InsufficientMemoryError)) {
        throw new EngineError(
          "model_failed",
          `${file.name} (${file.file}) cannot be loaded: ${(error as Error).message}. The file may be damaged.`,
        );
      }
      this.#options.log.warn("not enough memory to keep this model loaded", { model: file.name });
    }
    this.#entries.set(file.sha256, entry);
  }

  async #load(entry: Entry): Promise<LoadedModel> {
    const model = await this.#llama.loadModel({ modelPath: entry.file.file });
    try {
      if (entry.tokensPerSecond === null) await this.#measure(entry, model);
      return await openContext(this.#library, model, entry.header, {
        threads: this.#threads ?? 1,
        slots: this.#options.slots,
        contextTokens: this.#options.contextTokens,
      });
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  /** Finds the number of threads with the first model, and each model's speed. */
  async #measure(entry: Entry, model: LlamaModel): Promise<void> {
    if (this.#threads !== null) {
      entry.tokensPerSecond = Math.round(await measureSpeed(model, this.#threads, MEASURE_MS));
      return;
    }
    const best = await fastestThreads(threadCandidates(availableParallelism()), (threads) =>
      measureSpeed(model, threads, TIMING_MS),
    );
    this.#threads = best.threads;
    entry.tokensPerSecond = Math.round(best.tokensPerSecond);
    this.#options.log.info("engine threads chosen", {
      threads: best.threads,
      tokensPerSecond: entry.tokensPerSecond,
    });
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
        const lacksMemory = error instanceof this.#library.InsufficientMemoryError;
        if (!lacksMemory || !(await this.#unloadIdle())) throw error;
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
