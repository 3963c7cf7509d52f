import type { Llama } from "node-llama-cpp";
import { EngineError } from "../engine.ts";
import { type GgufHeader, readGgufHeader } from "./gguf-header.ts";
import { type LoadedModel, type ModelFile, openContext } from "./loaded-model.ts";
import { memoryFit, OverMemoryLimit } from "./memory-limit.ts";
import type { LlamaLibrary } from "./runtime.ts";
import { SpeedFinder, type SpeedWishes } from "./speed-finder.ts";
import type { FastestSetting } from "./speed-timing.ts";

export interface ShelfOptions extends SpeedWishes {
  /** Main memory for all models together, bytes; null: what is free. */
  readonly memoryBytes: number | null;
  /** Context per answer, tokens; capped by each model's own. */
  readonly contextTokens: number;
}

/** A model on the shelf. */
export interface ShelfModel {
  readonly file: ModelFile;
  readonly header: GgufHeader;
  /** What was found best for it; null until it was loaded once. */
  readonly fastest: FastestSetting | null;
  readonly loaded: LoadedModel | null;
  /** Answers it has room for at once. */
  readonly slots: number;
}

interface Entry extends ShelfModel {
  fastest: FastestSetting | null;
  loading: Promise<LoadedModel> | null;
  loaded: LoadedModel | null;
  /** Main memory it takes while loaded, bytes; 0 where nobody limits it. */
  memoryBytes: number;
  /** Answers being written with it. */
  uses: number;
}

/**
 * The models of one llama.cpp, within the owner's memory. A model is `known` (file and header read), then
 * `loading`, then `loaded`; it goes back to `known` only when another needs its memory and no answer uses it.
 */
export class ModelShelf {
  readonly #library: LlamaLibrary;
  readonly #llama: Llama;
  readonly #options: ShelfOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #speed: SpeedFinder;
  #adding: Promise<unknown> = Promise.resolve();

  constructor(library: LlamaLibrary, llama: Llama, options: ShelfOptions) {
    this.#library = library;
    this.#llama = llama;
    this.#options = options;
    this.#speed = new SpeedFinder(library, llama, options);
  }

  get models(): readonly ShelfModel[] {
    return [...this.#entries.values()];
  }

  /** Null until the first model has been timed. */
  get threads(): number | null {
    return this.#speed.threads;
  }

  /**
   * Takes a verified file on: reads its header, loads it, measures it. Where memory lacks, the model stays on
   * the shelf and is loaded when it is used. Throws EngineError `model_failed`.
   */
  async add(file: ModelFile): Promise<void> {
    // One at a time: the first model also finds the number of threads.
    const turn = this.#adding.then(() => this.#add(file));
    this.#adding = turn.catch(() => {});
    await turn;
  }

  /** Offers a model no longer; an answer under way is finished. */
  async remove(sha256: string): Promise<void> {
    const entry = this.#entries.get(sha256);
    this.#entries.delete(sha256);
    if (entry !== undefined) await this.#unloadRemoved(entry);
  }

  /**
   * Uses a model, which stays loaded until `write` is done. `loadMs`: how long loading took, integer
   * milliseconds. Throws EngineError `model_failed`, and what `write` throws.
   */
  async use<T>(
    sha256: string,
    write: (loaded: LoadedModel, header: GgufHeader, loadMs: number) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(sha256);
    if (entry === undefined) {
      throw new EngineError("model_failed", `The model ${sha256} is not on this node.`);
    }
    entry.uses += 1;
    try {
      const started = performance.now();
      const loaded = await this.#ensureLoaded(entry);
      return await write(loaded, entry.header, Math.round(performance.now() - started));
    } finally {
      entry.uses -= 1;
      if (this.#entries.get(sha256) !== entry) await this.#unloadRemoved(entry);
    }
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
    const entry = this.#known(file, header);
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
      if (error instanceof OverMemoryLimit && error.aloneToo) {
        throw new EngineError("model_failed", error.message);
      }
      if (!(error instanceof OverMemoryLimit) && !this.#anyLoaded()) {
        throw new EngineError(
          "model_failed",
          `${file.name} does not fit into the memory here: ${(error as Error).message}. ` +
            "Lower WORKER_CONTEXT, raise WORKER_VRAM_MB (0: the processor alone), or offer a smaller model.",
        );
      }
      this.#options.log.warn("not enough memory to keep this model loaded", { model: file.name });
    }
    this.#entries.set(file.sha256, entry);
  }

  #known(file: ModelFile, header: GgufHeader): Entry {
    const fixed = this.#options.slots;
    return {
      file,
      header,
      fastest: null,
      loading: null,
      loaded: null,
      memoryBytes: 0,
      uses: 0,
      get slots() {
        return this.loaded?.seats ?? fixed ?? this.fastest?.slots ?? 1;
      },
    };
  }

  async #load(entry: Entry): Promise<LoadedModel> {
    const held = this.#held(entry);
    const fit = await memoryFit(this.#library, this.#llama, entry.file, this.#options, held);
    const model = await this.#llama.loadModel({
      modelPath: entry.file.file,
      gpuLayers: fit.gpuLayers,
    });
    try {
      entry.fastest ??= await this.#speed.find(entry.file, model, fit.slots);
      for (let slots = Math.min(fit.slots, entry.slots); ; slots = Math.floor(slots / 2)) {
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

  #lacksMemory(error: unknown): boolean {
    return (
      error instanceof this.#library.InsufficientMemoryError || error instanceof OverMemoryLimit
    );
  }

  #anyLoaded(): boolean {
    return this.models.some(({ loaded }) => loaded !== null);
  }

  /** Bytes that models other than this one hold. */
  #held(entry: Entry): number {
    const others = [...this.#entries.values()].filter((each) => each !== entry);
    return others.reduce((sum, each) => sum + (each.loaded === null ? 0 : each.memoryBytes), 0);
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
}
