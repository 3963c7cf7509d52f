import type {
  EngineDescription,
  OfferedModel,
  SpeedMeasured,
} from "../../protocol/wire/gateway.ts";
import type { ChatMessage, FinishReason, SamplerSettings } from "../../protocol/wire/primitives.ts";

/** What an engine needs to write one answer. */
export interface GenerateRequest {
  /** SHA-256 of the model file. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly sampler: SamplerSettings;
  readonly maxTokens: number;
  /** 64 hexadecimal digits. */
  readonly seed: string;
}

/** What came out, beside the text that went to `onText`. Durations in integer milliseconds. */
export interface Generated {
  /** Ids of the answer's tokens; the one that ended it is not among them. */
  readonly tokenIds: Uint32Array;
  readonly finishReason: FinishReason;
  /** SHA-256 of the chat template's UTF-8 bytes; of nothing where there is none. */
  readonly chatTemplate: string;
  readonly usage: {
    readonly promptTokens: number;
    readonly completionTokens: number;
    /** Oldest messages left out because the context was full. */
    readonly turnsDropped: number;
  };
  readonly durationMs: {
    readonly load: number;
    readonly prefill: number;
    readonly generate: number;
  };
}

/** Runs models. One implementation a back end. */
export interface Engine {
  /** How this engine signs itself in receipts. */
  describe(): EngineDescription;
  /** Models it can run now. */
  models(): OfferedModel[];
  /** Answers it writes at once, where the engine finds that out itself; may change as models come and go. */
  slots?(): number;
  /** Settings it tried at start, and how fast each was. */
  measured?(): readonly SpeedMeasured[];
  /**
   * Writes one answer. `onText` gets its text piece by piece, each piece whole characters; their
   * concatenation is the answer. When `signal` aborts, it returns within one token with finish reason
   * `stopped` and what it has so far. Throws EngineError.
   */
  generate(
    request: GenerateRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Generated>;
  dispose(): Promise<void>;
}

/**
 * `prompt_too_long`: the last message alone does not fit the context. `model_failed`: the model cannot be
 * loaded. `engine_error`: the engine broke while it worked. The message is for a person.
 */
export class EngineError extends Error {
  override name = "EngineError";
  readonly code: "prompt_too_long" | "model_failed" | "engine_error";

  constructor(code: EngineError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
