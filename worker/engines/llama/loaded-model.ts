import type { ChatWrapper, LlamaContext, LlamaContextSequence, LlamaModel } from "node-llama-cpp";
import { exactBatches } from "./exact-batches.ts";
import type { GgufHeader } from "./gguf-header.ts";
import type { LlamaLibrary } from "./runtime.ts";

/** A model file that can be run: where it lies and what it is. */
export interface ModelFile {
  readonly sha256: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** One answer's place in the context. */
export interface Seat {
  readonly sequence: LlamaContextSequence;
  /** Settles when nothing of the answer before is left in it. */
  cleared: Promise<void>;
}

/** Weights in memory, with a context of `slots` sequences. */
export interface LoadedModel {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly wrapper: ChatWrapper;
  /** Tokens of prompt and answer together, per sequence. */
  readonly contextTokens: number;
  /** Answers it has room for at once. */
  readonly seats: number;
  /** Seats no answer is using. */
  readonly free: Seat[];
}

/** Makes the context and its sequences over loaded weights. Throws what the library throws (memory). */
export async function openContext(
  library: LlamaLibrary,
  model: LlamaModel,
  header: GgufHeader,
  options: {
    readonly threads: number;
    readonly slots: number;
    /** Answers whose next tokens may share a batch. */
    readonly together: number;
    readonly contextTokens: number;
  },
): Promise<LoadedModel> {
  const contextTokens = Math.min(options.contextTokens, model.trainContextSize);
  const context = await model.createContext({
    contextSize: contextTokens,
    sequences: options.slots,
    threads: options.threads,
    batching: { itemPrioritizationStrategy: exactBatches(options.together) },
  });
  const wrapper =
    header.chatTemplate === null
      ? new library.GeneralChatWrapper()
      : new library.JinjaTemplateChatWrapper({
          template: header.chatTemplate,
          tokenizer: model.tokenizer,
        });
  return {
    model,
    context,
    wrapper,
    contextTokens: Math.min(contextTokens, context.contextSize),
    seats: options.slots,
    free: Array.from({ length: options.slots }, () => ({
      sequence: context.getSequence(),
      cleared: Promise.resolve(),
    })),
  };
}
