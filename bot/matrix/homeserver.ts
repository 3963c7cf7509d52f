import Type from "typebox";
import { ParseError, valueParser } from "../../protocol/parse.ts";
import { type Clock, wallClock } from "../stream/pacer.ts";
import type { EventBudget } from "./budget.ts";

/** The homeserver said no, or nothing. `status` is 0 when there was no answer. */
export class MatrixRefusal extends Error {
  override name = "MatrixRefusal";
  readonly status: number;
  /** `M_FORBIDDEN`, `M_LIMIT_EXCEEDED` …; empty where the answer named none. */
  readonly code: string;
  /** What a 429 asked for, milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(status: number, code: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** True where the same request may work later: no answer, too many requests, or a fault on their side. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export interface HomeserverOptions {
  /** `https://matrix.example.org` */
  readonly url: string;
  readonly token: string;
  readonly budget: EventBudget;
  readonly clock?: Clock;
  /** A request without an answer for so long counts as lost, and is sent again with the same transaction id. */
  readonly timeoutMs?: number;
}

export interface Sending {
  /** The same id gives the same event, however often it is sent (spec: transaction identifiers). */
  readonly txnId: string;
  /** False: the event may be left out when there is no room for it; it is tried once. */
  readonly must: boolean;
  /** How long one that may be left out waits for room. */
  readonly patienceMs?: number;
  readonly signal: AbortSignal;
}

/** An event before it is sent, as it goes out: encrypted where its room is. */
export interface Unsent {
  readonly type: string;
  readonly content: object;
}

const FIRST_GAP_MS = 500;
const LONGEST_GAP_MS = 30_000;

const parseSent = valueParser(Type.Object({ event_id: Type.String() }), "answer to an event");

/**
 * The client-server API, as far as the door writes and looks up. Not the SDK's own sending: its queue is one
 * for all rooms, and one refusal in it rejects everything that waits there.
 */
export class Homeserver {
  readonly url: string;
  readonly #token: string;
  readonly #budget: EventBudget;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(options: HomeserverOptions) {
    this.url = options.url.replace(/\/+$/, "");
    this.#token = options.token;
    this.#budget = options.budget;
    this.#clock = options.clock ?? wallClock;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /**
   * Sends an event and returns its id; null when it was left out. It is made when there is room for it, so
   * that it tells the newest. What must be sent is sent again until the homeserver takes it or refuses it
   * for good. Throws MatrixRefusal, or AbortError when the signal fires.
   */
  async send(room: string, make: () => Promise<Unsent>, how: Sending): Promise<string | null> {
    const sent = once(make);
    return this.#event(async () => {
      const { type, content } = await sent();
      const path = `/rooms/${enc(room)}/send/${enc(type)}/${enc(how.txnId)}`;
      return this.request("PUT", path, content, how.signal);
    }, how);
  }

  /** Sets a state event; the same rules. */
  async setState(
    room: string,
    type: string,
    key: string,
    content: object,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `/rooms/${enc(room)}/state/${enc(type)}/${enc(key)}`;
    await this.#event(() => this.request("PUT", path, content, signal), {
      txnId: "",
      must: true,
      signal,
    });
  }

  /** Takes an event away; nothing happens when it is gone already. */
  async redact(room: string, id: string, how: Sending): Promise<void> {
    const path = `/rooms/${enc(room)}/redact/${enc(id)}/${enc(how.txnId)}`;
    const request = () => this.request("PUT", path, {}, how.signal);
    await this.#event(request, how).catch((error: unknown) => {
      if (!(error instanceof MatrixRefusal && error.status === 404)) throw error;
    });
  }

  /** Any other request, once; a faulty answer is a MatrixRefusal too. `path`: below v3, or in full. */
  async request(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<unknown> {
    return this.#fetch(method, path.startsWith("/_matrix/") ? path : `/_matrix/client/v3${path}`, {
      ...(body ? { body: JSON.stringify(body), type: "application/json" } : {}),
      signal,
    });
  }

  /** Any other request, again and again while that may help. */
  async persist(method: string, path: string, body: object, signal: AbortSignal): Promise<unknown> {
    return this.#persist(() => this.request(method, path, body, signal), signal);
  }

  /** Looks something up, again and again while that may help. */
  async lookUp(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#persist(() => this.request("GET", path, undefined, signal), signal);
  }

  /** Stores a file and returns its `mxc:` address. Throws MatrixRefusal. */
  async upload(
    bytes: Uint8Array,
    type: string,
    name: string,
    signal: AbortSignal,
  ): Promise<string> {
    const query = new URLSearchParams({ filename: name });
    const answer = await this.#fetch("POST", `/_matrix/media/v3/upload?${query}`, {
      body: bytes,
      type,
      signal,
    });
    return checked(parseUploaded, answer).content_uri;
  }

  /** Waits before another try. Rejects with the signal's reason. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      const onAbort = () => {
        cancel();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  async #event(
    request: () => Promise<unknown>,
    { must, patienceMs = 0, signal }: Sending,
  ): Promise<string | null> {
    if (must) {
      const answer = await this.#persist(async () => {
        await this.#budget.take(signal);
        return request();
      }, signal);
      return checked(parseSent, answer).event_id;
    }
    if (!(await this.#budget.takeSpare(patienceMs, signal))) return null;
    try {
      return checked(parseSent, await request()).event_id;
    } catch (error) {
      this.#heed(error, FIRST_GAP_MS);
      throw error;
    }
  }

  async #persist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let gapMs = FIRST_GAP_MS; ; gapMs = Math.min(gapMs * 2, LONGEST_GAP_MS)) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof MatrixRefusal && error.transient)) throw error;
        this.#heed(error, gapMs);
        await this.pause(error.retryAfterMs ?? gapMs, signal);
      }
    }
  }

  /** A 429 holds for the whole account. */
  #heed(error: unknown, gapMs: number): void {
    if (error instanceof MatrixRefusal && error.status === 429) {
      this.#budget.refused(error.retryAfterMs ?? gapMs);
    }
  }

  async #fetch(
    method: string,
    path: string,
    {
      body,
      type,
      signal,
    }: { body?: string | Uint8Array; type?: string; signal?: AbortSignal | undefined },
  ): Promise<unknown> {
    const late = new AbortController();
    const cancel = this.#clock.after(this.#timeoutMs, () => late.abort(noAnswer(this.#timeoutMs)));
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url + path, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(type ? { "content-type": type } : {}),
        },
        ...(body === undefined ? {} : { body: body as BodyInit }),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
        redirect: "error",
      });
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      throw new MatrixRefusal(0, "", `The homeserver does not answer (${String(error)}).`);
    } finally {
      cancel();
    }
    if (response.ok) return parsed(text);
    throw refusalOf(response, text);
  }
}

const parseUploaded = valueParser(Type.Object({ content_uri: Type.String() }), "answer to a file");

function checked<T>(parse: (value: unknown) => T, value: unknown): T {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new MatrixRefusal(502, "", `The homeserver's answer makes no sense: ${error.message}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MatrixRefusal(502, "", "The homeserver's answer is no JSON.");
  }
}

function refusalOf(response: Response, text: string): MatrixRefusal {
  let body: Record<string, unknown> = {};
  try {
    body = (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    // A proxy's own page.
  }
  const { errcode, error, retry_after_ms: ms } = body;
  // The body's field is deprecated, the header is in whole seconds: take whichever is there.
  const header = Number(response.headers.get("retry-after") ?? Number.NaN) * 1000;
  const wait = typeof ms === "number" ? ms : header;
  return new MatrixRefusal(
    response.status,
    typeof errcode === "string" ? errcode : "",
    typeof error === "string" ? error : `The homeserver answered with status ${response.status}.`,
    Number.isFinite(wait) && wait >= 0 ? Math.min(wait, 600_000) : null,
  );
}

/** The same event again for another try, because a transaction id stands for one content. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Why a request was given up. */
export function noAnswer(ms: number): DOMException {
  return new DOMException(`no answer within ${ms / 1000} s`, "TimeoutError");
}

/** Where the relations of an event are: not below v3 (client-server API, aggregations). */
export function relationsPath(room: string, event: string, kind: string): string {
  return `/_matrix/client/v1/rooms/${enc(room)}/relations/${enc(event)}/${kind}`;
}

/** An id as part of a path. */
export function enc(part: string): string {
  return encodeURIComponent(part);
}
