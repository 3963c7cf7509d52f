import type { Llama } from "node-llama-cpp";
import type {
  EngineDescription,
  OfferedModel,
  SpeedMeasured,
} from "../../../protocol/wire/gateway.ts";
import type { Engine, Generated, GenerateRequest } from "../engine.ts";
import type { ModelFile } from "./loaded-model.ts";
import { ModelShelf, type ShelfOptions } from "./model-shelf.ts";
import { type GpuChoice, type LlamaLibrary, llamaLibrary, startLlama } from "./runtime.ts";
import { writeAnswer } from "./write-answer.ts";

export interface LlamaEngineOptions extends ShelfOptions {
  readonly gpu: GpuChoice;
  /** Graphics memory, bytes; null: what is free. */
  readonly vramBytes: number | null;
}

/** `systemInfo` can be long; the wire takes this much. */
const MAX_SYSTEM_CHARS = 2000;

/** llama.cpp in this process: what it is, what it offers, and answers with the models on its shelf. */
export class LlamaEngine implements Engine {
  readonly #llama: Llama;
  readonly #options: LlamaEngineOptions;
  /** Read once: it is still asked for while the library, which then tells nothing, is being disposed. */
  readonly #about: Omit<EngineDescription, "threads">;
  readonly #shelf: ModelShelf;

  private constructor(
    library: LlamaLibrary,
    version: string,
    llama: Llama,
    options: LlamaEngineOptions,
  ) {
    this.#about = {
      name: "llama",
      library: `node-llama-cpp ${version}`,
      release: llama.llamaCppRelease.release,
      backend: llama.gpu === false ? "cpu" : llama.gpu,
      auditable: true,
      system: llama.systemInfo.slice(0, MAX_SYSTEM_CHARS),
    };
    this.#llama = llama;
    this.#options = options;
    this.#shelf = new ModelShelf(library, llama, options);
  }

  /** Throws RuntimeMissing. */
  static async start(options: LlamaEngineOptions): Promise<LlamaEngine> {
    const library = await llamaLibrary();
    const llama = await startLlama(library, options);
    return new LlamaEngine(library, await library.getModuleVersion(), llama, options);
  }

  describe(): EngineDescription {
    return { ...this.#about, threads: this.#shelf.threads ?? 0 };
  }

  models(): OfferedModel[] {
    const { contextTokens } = this.#options;
    return this.#shelf.models.map(({ file, header, fastest, loaded }) => ({
      sha256: file.sha256,
      name: file.name,
      bytes: file.bytes,
      loaded: loaded !== null,
      contextTokens:
        loaded?.contextTokens ?? Math.min(contextTokens, header.trainedContext ?? contextTokens),
      tokensPerSecond: fastest?.tokensPerSecond ?? null,
      declared: header.declared,
      chatTemplate: header.chatTemplateSha256,
    }));
  }

  /** What every model here can do: a context has as many seats as were found best for its model. */
  slots(): number {
    const each = this.#shelf.models.map((model) => model.slots);
    return each.length === 0 ? (this.#options.slots ?? 1) : Math.min(...each);
  }

  measured(): readonly SpeedMeasured[] {
    return this.#shelf.models.flatMap(({ fastest }) => fastest?.measured ?? []);
  }

  /** Takes a verified file on. Throws EngineError `model_failed`. */
  add(file: ModelFile): Promise<void> {
    return this.#shelf.add(file);
  }

  /** Offers a model no longer; an answer under way is finished. */
  remove(sha256: string): Promise<void> {
    return this.#shelf.remove(sha256);
  }

  generate(
    request: GenerateRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Generated> {
    return this.#shelf.use(request.model, (loaded, header, loadMs) =>
      writeAnswer(loaded, header, loadMs, request, onText, signal),
    );
  }

  async dispose(): Promise<void> {
    await this.#llama.dispose();
  }
}
