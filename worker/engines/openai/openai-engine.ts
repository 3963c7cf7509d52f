import { setTimeout as delay } from "node:timers/promises";
import type { EngineDescription, OfferedModel } from "../../../protocol/wire/gateway.ts";
import type { ChatMessage } from "../../../protocol/wire/primitives.ts";
import type { Log } from "../../log.ts";
import { WORKER_VERSION } from "../../version.ts";
import { type Engine, EngineError, type Generated, type GenerateRequest } from "../engine.ts";
import { requireNear } from "./address.ts";
import { ollamaChat } from "./ollama-chat.ts";
import { openAiChat } from "./openai-chat.ts";
import type { ServedModel, ServerKind } from "./served-model.ts";
import { ServerClient, whyAway } from "./server-client.ts";
import { ServerFacts } from "./server-facts.ts";
import { streamedAnswer } from "./streamed-answer.ts";

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
  /** How often to look at a server that is there, and at one that is away; milliseconds. */
  readonly lookEveryMs?: { readonly here: number; readonly away: number };
}

/** Models come and go with the owner's `ollama pull`; a server may start after the worker. */
const LOOK_EVERY_MS = { here: 30_000, away: 5_000 };
/** A failed answer waits so long for that look, at most. */
const LOOK_BEFORE_FAILING_MS = 2_000;
/** The default of WORKER_MODELS: meant for the engine `llama`, and no wish here. */
const NO_WISH = "substrate-demo";
const MAX_NAME_CHARS = 160;

/**
 * A server of the volunteer's own that speaks OpenAI's API. It chooses tokens itself and shows no scores of
 * ours, so nothing it writes can be re-scored: `auditable: false`, and the answer says so.
 *
 *   away ──answers──► here (models known) ──does not answer──► away (models withdrawn)
 *
 * It is looked at every so often, and at once when an answer failed.
 */
export class OpenAiEngine implements Engine {
  readonly #options: OpenAiEngineOptions;
  readonly #root: string;
  readonly #client: ServerClient;
  readonly #facts: ServerFacts;
  #wishes: readonly string[];
  #kind: ServerKind = { name: "OpenAI-compatible server", version: "" };
  #models: ServedModel[] = [];
  #here: boolean | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #disposed = false;

  private constructor(options: OpenAiEngineOptions) {
    this.#options = options;
    this.#wishes = wishesOf(options.models);
    this.#root = options.url.replace(/\/+$/, "").replace(/\/v1$/, "");
    this.#client = new ServerClient(this.#root, options.key);
    this.#facts = new ServerFacts((path, body) => this.#client.page(path, body));
  }

  /** Throws ServerRefused for an address that is not the volunteer's own. A server that is away is waited for. */
  static async start(options: OpenAiEngineOptions): Promise<OpenAiEngine> {
    if (!options.remote) await requireNear(options.url);
    const engine = new OpenAiEngine(options);
    await engine.look();
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
      loaded: model.loaded,
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
    const dialect = this.#kind.name === "Ollama" ? ollamaChat : openAiChat(this.#kind.name);
    let { messages } = request;
    for (;;) {
      try {
        const fitting = { ...request, messages };
        const { usage, ...written } = await streamedAnswer(
          this.#client,
          dialect,
          model.id,
          fitting,
          onText,
          signal,
        );
        const turnsDropped = request.messages.length - messages.length;
        return { ...written, usage: { ...usage, turnsDropped } };
      } catch (error) {
        const tooLong = error instanceof EngineError && error.code === "prompt_too_long";
        const shorter = withoutOldest(messages);
        if (tooLong && shorter !== null) {
          messages = shorter;
          continue;
        }
        // The server may be gone, or the model: the pool should hear of that before it sends the job here again.
        if (!tooLong) await Promise.race([this.look(), delay(LOOK_BEFORE_FAILING_MS)]);
        throw error;
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Offers these from now on, by the names the server lists them under. */
  async offer(models: readonly string[]): Promise<void> {
    this.#wishes = wishesOf(models);
    await this.#looking;
    await this.look();
  }

  /** Learns what the server offers now, tells where that has changed, and looks again by itself later. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
      if (this.#timer !== null) clearTimeout(this.#timer);
      if (this.#disposed) return;
      const { here, away } = this.#options.lookEveryMs ?? LOOK_EVERY_MS;
      this.#timer = setTimeout(() => void this.look(), this.#here === true ? here : away);
      this.#timer.unref();
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { log, onModels } = this.#options;
    const before = JSON.stringify(this.#models);
    const offered = namesOf(this.#models);
    const wishes = this.#wishes;
    try {
      const facts = await this.#facts.learn();
      this.#kind = facts.kind;
      this.#models = facts.models.filter(({ id }) => wishes.length === 0 || wishes.includes(id));
      if (this.#here !== true || namesOf(this.#models) !== offered) {
        log.info(
          this.#here === true ? "your server's models changed" : "connected to your server",
          {
            server: facts.kind.name,
            models: namesOf(this.#models) || "none",
          },
        );
        for (const why of facts.leftOut) log.warn(`a model is not offered: ${why}`);
        for (const wish of wishes.filter((each) => !facts.models.some(({ id }) => id === each))) {
          log.warn(`your server has no model “${wish}”`);
        }
      }
      this.#here = true;
    } catch (error) {
      if (this.#here !== false) {
        log.warn("your server cannot be used now; looking again every few seconds", {
          url: this.#root,
          reason: whyAway(error),
        });
      }
      this.#here = false;
      this.#models = [];
    }
    if (JSON.stringify(this.#models) !== before) onModels();
  }
}

function wishesOf(models: readonly string[]): string[] {
  return models.filter((each) => each !== NO_WISH);
}

function namesOf(models: readonly ServedModel[]): string {
  return models.map(({ name }) => name).join(", ");
}

/** The name people see says what the digest beside it is worth. */
function offeredName(model: ServedModel): string {
  const name = model.name.slice(0, MAX_NAME_CHARS).toWellFormed() || "model";
  return model.digestOf === "file" ? name : `${name} (weights not identified)`;
}

function digestInWords({ digestOf }: ServedModel, { name }: ServerKind): string {
  return digestOf === "file"
    ? `the model file, as ${name} names it; nobody else has read that file`
    : `what ${name} says about the model; not the weights`;
}

/**
 * The conversation without its oldest turn, a question and its answer: some models' templates take no conversation
 * that begins with an answer. Null when only what must stay is left.
 */
function withoutOldest(messages: readonly ChatMessage[]): ChatMessage[] | null {
  const system = messages.filter(({ role }) => role === "system");
  const [, ...turns] = messages.filter(({ role }) => role !== "system");
  const next = turns.findIndex(({ role }) => role === "user");
  return next < 0 ? null : [...system, ...turns.slice(next)];
}
