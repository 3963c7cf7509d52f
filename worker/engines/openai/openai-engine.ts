import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { EngineDescription, OfferedModel } from "../../../protocol/wire/gateway.ts";
import type { ChatMessage, FinishReason } from "../../../protocol/wire/primitives.ts";
import type { Log } from "../../log.ts";
import { WORKER_VERSION } from "../../version.ts";
import { type Engine, EngineError, type Generated, type GenerateRequest } from "../engine.ts";
import { requireNear } from "./address.ts";
import { broken, chatPieces } from "./chat-stream.ts";
import { type ServedModel, type ServerKind, serverFacts } from "./server-facts.ts";
import { WholeText } from "./whole-text.ts";

export interface OpenAiEngineOptions {
  /** With its `/v1`. */
  readonly url: string;
  /** Sent as a bearer token, written nowhere. */
  readonly key: string | null;
  /** Addresses beyond the local network are allowed. */
  readonly remote: boolean;
  /** Ids to offer, as the server lists them; the default setting offers all. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  readonly log: Log;
  /** What the server offers has changed. */
  readonly onModels: () => void;
}

/** Models come and go with the owner's `ollama pull`; a server may start after the worker. */
const LOOK_EVERY_MS = 30_000;
const PATIENCE_MS = 10_000;
/** A server that sends nothing for so long has lost the request. */
const SILENT_MS = 120_000;
/** The default of WORKER_MODELS: meant for the engine `llama`, and no wish here. */
const NO_WISH = "substrate-demo";
const MAX_NAME_CHARS = 160;
/** Servers that take `top_k` and `min_p` beside OpenAI's own settings. */
const MORE_SAMPLERS = new Set(["llama-server", "vLLM", "LM Studio"]);

/**
 * A server of the volunteer's own that speaks OpenAI's API. It chooses tokens itself and shows no scores of
 * ours, so nothing it writes can be re-scored: `auditable: false`, and the answer says so.
 *
 *   away ──answers──► here (models known) ──does not answer──► away (models withdrawn)
 */
export class OpenAiEngine implements Engine {
  readonly #options: OpenAiEngineOptions;
  readonly #root: string;
  #kind: ServerKind = { name: "OpenAI-compatible server", version: "" };
  #models: ServedModel[] = [];
  #here: boolean | null = null;
  #timer: NodeJS.Timeout | null = null;

  private constructor(options: OpenAiEngineOptions) {
    this.#options = options;
    this.#root = options.url.replace(/\/+$/, "").replace(/\/v1$/, "");
  }

  /** Throws ServerRefused for an address that is not the volunteer's own. A server that is away is waited for. */
  static async start(options: OpenAiEngineOptions): Promise<OpenAiEngine> {
    if (!options.remote) await requireNear(options.url);
    const engine = new OpenAiEngine(options);
    await engine.#look();
    engine.#timer = setInterval(() => void engine.#look(), LOOK_EVERY_MS);
    engine.#timer.unref();
    return engine;
  }

  describe(): EngineDescription {
    const { name, version } = this.#kind;
    return {
      name: "openai",
      library: `${name} ${version}`.trim().slice(0, 80),
      release: version === "" ? WORKER_VERSION : version.slice(0, 80),
      backend: "server",
      auditable: false,
      threads: 0,
      system:
        `${name} on the volunteer's side writes the answers. It chooses tokens itself, so nobody can re-score them, ` +
        "and which weights and settings it really used is its word.",
    };
  }

  models(): OfferedModel[] {
    return this.#models.map((model) => ({
      sha256: model.sha256,
      name: offeredName(model),
      bytes: model.bytes,
      loaded: true,
      contextTokens: model.contextTokens || this.#options.contextTokens,
      tokensPerSecond: null,
      declared: { ...model.declared, "substrate.digest_of": digestInWords(model, this.#kind) },
      chatTemplate: null,
    }));
  }

  async generate(
    request: GenerateRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Generated> {
    const model = this.#models.find((each) => each.sha256 === request.model);
    if (model === undefined) {
      throw new EngineError("model_failed", "The server does not offer this model any more.");
    }
    let messages = request.messages;
    for (let turnsDropped = 0; ; turnsDropped++) {
      try {
        return await this.#chat(model, { ...request, messages }, turnsDropped, onText, signal);
      } catch (error) {
        const shorter = withoutOldest(messages);
        const tooLong = error instanceof EngineError && error.code === "prompt_too_long";
        if (!tooLong || shorter === null) throw error;
        messages = shorter;
      }
    }
  }

  async dispose(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async #chat(
    model: ServedModel,
    request: GenerateRequest,
    turnsDropped: number,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Generated> {
    const started = performance.now();
    let firstAt: number | null = null;
    const text = new WholeText();
    let written = 0;
    let bytes = 0;
    let usage: { prompt: number; completion: number } | null = null;
    let finish: FinishReason = "stop";
    const give = (piece: string) => {
      if (piece === "") return;
      firstAt ??= performance.now();
      bytes += Buffer.byteLength(piece);
      onText(piece);
    };
    const silence = new AbortController();
    const quiet = setTimeout(() => silence.abort(), SILENT_MS);
    try {
      const body = await this.#ask(model, request, AbortSignal.any([signal, silence.signal]));
      for await (const piece of chatPieces(body)) {
        quiet.refresh();
        if (piece.model !== null && !sameModel(piece.model, model.id)) {
          throw broken("answered with another model than the one asked for");
        }
        if (piece.usage !== null) usage = piece.usage;
        if (piece.finish === "length") finish = "length";
        if (piece.text === "") continue;
        written += 1;
        give(text.push(piece.text));
        // Each piece is one token or more: a server that goes on past the order is cut off.
        if (written >= request.maxTokens && piece.finish === null) {
          finish = "length";
          break;
        }
      }
    } catch (error) {
      if (signal.aborted) finish = "stopped";
      else if (silence.signal.aborted) throw broken("has gone silent");
      else if (error instanceof EngineError) throw error;
      else throw broken("broke off the answer");
    } finally {
      clearTimeout(quiet);
    }
    give(text.end());
    const ended = performance.now();
    const tokens = tokensOf(usage, finish, written, bytes, request.maxTokens);
    return {
      tokenIds: Uint32Array.from({ length: tokens }, (_, i) => i),
      finishReason: finish,
      chatTemplate: sha256Hex(),
      usage: {
        promptTokens: Math.max(0, usage?.prompt ?? 0),
        completionTokens: tokens,
        turnsDropped,
      },
      durationMs: {
        load: 0,
        prefill: Math.round((firstAt ?? ended) - started),
        generate: Math.round(ended - (firstAt ?? ended)),
      },
    };
  }

  async #ask(
    model: ServedModel,
    { messages, sampler, maxTokens, seed }: GenerateRequest,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const response = await fetch(`${this.#root}/v1/chat/completions`, {
      method: "POST",
      headers: { ...this.#headers(), "content-type": "application/json" },
      redirect: "error",
      signal,
      body: JSON.stringify({
        model: model.id,
        messages,
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: maxTokens,
        temperature: sampler.temperatureMilli / 1000,
        top_p: sampler.topPMilli / 1000,
        ...(MORE_SAMPLERS.has(this.#kind.name)
          ? { top_k: sampler.topK, min_p: sampler.minPMilli / 1000 }
          : {}),
        // 31 bits: what every one of these servers reads as an integer.
        seed: Number.parseInt(seed.slice(0, 8), 16) >>> 1,
      }),
    });
    if (response.ok && response.body !== null) return response.body;
    // An error's text may quote the conversation: only its kind is read.
    const told = (await response.text()).slice(0, 20_000);
    if (response.status === 400 && /context|too long|maximum.{0,20}length/i.test(told)) {
      throw new EngineError(
        "prompt_too_long",
        "The conversation does not fit the context of this server's model.",
      );
    }
    throw broken(`refused the request (HTTP ${response.status})`);
  }

  /** Learns what the server offers now, and tells where that has changed. */
  async #look(): Promise<void> {
    const { log, models: wanted, onModels } = this.#options;
    const before = JSON.stringify(this.#models);
    try {
      const facts = await serverFacts((path, body) => this.#get(path, body));
      const wishes = wanted.filter((each) => each !== NO_WISH);
      this.#kind = facts.kind;
      this.#models = facts.models.filter(({ id }) => wishes.length === 0 || wishes.includes(id));
      if (this.#here !== true) {
        log.info("connected to your server", {
          server: facts.kind.name,
          models: this.#models.length,
        });
        for (const why of facts.leftOut) log.warn(`a model is not offered: ${why}`);
        for (const wish of wishes) {
          if (!facts.models.some(({ id }) => id === wish)) {
            log.warn(`your server has no model “${wish}”`);
          }
        }
      }
      this.#here = true;
    } catch (error) {
      if (this.#here !== false) {
        log.warn("your server does not answer; looking again every 30 s", {
          url: this.#root,
          reason: (error as Error).message,
        });
      }
      this.#here = false;
      this.#models = [];
    }
    if (JSON.stringify(this.#models) !== before) onModels();
  }

  async #get(path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#root + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...this.#headers(), ...(body && { "content-type": "application/json" }) },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 401 || response.status === 403) {
      throw new Error(`it wants a key (HTTP ${response.status}): set WORKER_OPENAI_KEY`);
    }
    if (!response.ok) return null;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  #headers(): Record<string, string> {
    const { key } = this.#options;
    return key === null ? {} : { authorization: `Bearer ${key}` };
  }
}

/** The name people see says what the digest beside it is worth. */
function offeredName(model: ServedModel): string {
  const name = model.id.slice(0, MAX_NAME_CHARS).toWellFormed() || "model";
  return model.digestOf === "file" ? name : `${name} (weights not identified)`;
}

function digestInWords({ digestOf }: ServedModel, { name }: ServerKind): string {
  return digestOf === "file"
    ? `the model file, as ${name} names it; nobody else has read that file`
    : `what ${name} says about the model; not the weights`;
}

/** Servers leave out a tag or a folder of the name they were asked for. */
function sameModel(told: string, asked: string): boolean {
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/:latest$/, "")
      .split("/")
      .at(-1);
  return told === "" || bare(told) === bare(asked);
}

/**
 * Tokens to count. The server's number, where it can be true: each token has at least a byte of text, and no
 * more were ordered. Else the pieces that came.
 */
function tokensOf(
  usage: { completion: number } | null,
  finish: FinishReason,
  pieces: number,
  bytes: number,
  most: number,
): number {
  const told = usage !== null && finish !== "stopped" ? usage.completion : pieces;
  return Math.max(0, Math.min(told, bytes, most));
}

/** The conversation without its oldest turn; null when only what must stay is left. */
function withoutOldest(messages: readonly ChatMessage[]): ChatMessage[] | null {
  const first = messages.findIndex((message) => message.role !== "system");
  if (first < 0 || first === messages.length - 1) return null;
  return messages.filter((_, i) => i !== first);
}
