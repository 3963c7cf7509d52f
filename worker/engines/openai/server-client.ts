import { ParseError } from "../../../protocol/parse.ts";
import { EngineError } from "../engine.ts";
import { broken } from "./dialect.ts";

const PATIENCE_MS = 10_000;
/** Longer lists and errors are cut off. */
const MAX_PAGE_CHARS = 10_000_000;
const MAX_ERROR_CHARS = 20_000;

/** Speaks HTTP with the volunteer's server; its key goes into every request and nowhere else. */
export class ServerClient {
  readonly #root: string;
  readonly #key: string | null;

  /** `root`: the server's address without `/v1`. */
  constructor(root: string, key: string | null) {
    this.#root = root;
    this.#key = key;
  }

  /** A page's JSON; null where there is no such page. Throws Error where nobody answers or the server is not ready. */
  async page(path: string, body?: object): Promise<unknown> {
    const response = await this.#send(path, body, AbortSignal.timeout(PATIENCE_MS));
    const text = (await response.text()).slice(0, MAX_PAGE_CHARS);
    if (response.status === 401 || response.status === 403) {
      throw new Error(`it wants a key (HTTP ${response.status}): set WORKER_OPENAI_KEY`);
    }
    if (response.status === 503) throw new Error("it is still loading its model");
    if (!response.ok) return null;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  /** Asks for an answer and returns its stream. Throws EngineError, and what `fetch` throws. */
  async answer(
    path: string,
    body: object,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send(path, body, signal);
    if (response.ok && response.body !== null) return response.body;
    // An error's text may quote the conversation: only its kind is read.
    const told = (await response.text()).slice(0, MAX_ERROR_CHARS);
    if (response.status === 400 && /context|too long|maximum.{0,20}length/i.test(told)) {
      throw new EngineError(
        "prompt_too_long",
        "The conversation does not fit the context of this server's model.",
      );
    }
    if (response.status === 404) {
      throw new EngineError("model_failed", "The server does not have this model any more.");
    }
    throw broken(
      response.status === 503
        ? "is still loading it"
        : `refused the request (HTTP ${response.status})`,
    );
  }

  #send(path: string, body: object | undefined, signal: AbortSignal): Promise<Response> {
    return fetch(this.#root + path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(this.#key === null ? {} : { authorization: `Bearer ${this.#key}` }),
        ...(body && { "content-type": "application/json" }),
      },
      redirect: "error",
      signal,
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

/** Why a server could not be asked what it offers, in words for its owner. */
export function whyAway(error: unknown): string {
  if (error instanceof ParseError) {
    return "it shows no list of models at /v1/models: is it an OpenAI-compatible server?";
  }
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name === "TimeoutError") return `it says nothing for ${PATIENCE_MS / 1000} s`;
  if (cause?.code === "ECONNREFUSED") return "nothing listens there: is it running?";
  if (cause?.code === "ECONNRESET" || cause?.code === "UND_ERR_SOCKET") {
    return "it ended the connection";
  }
  return cause?.code ?? message;
}
