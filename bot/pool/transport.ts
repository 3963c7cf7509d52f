import type Type from "typebox";
import { jsonParser, ParseError } from "../../protocol/parse.ts";
import { ApiError } from "../../protocol/wire/http.ts";
import { garbled, PoolError, unreachable } from "./errors.ts";

/** HTTP with the pool: every answer is checked by its schema. Throws PoolError. */
export interface Transport {
  /** An answer that is not read here: streams and files. No time limit of its own. */
  open(path: string, init?: RequestInit): Promise<Response>;
  get<T extends Type.TSchema>(
    path: string,
    schema: T,
    signal?: AbortSignal,
  ): Promise<Type.Static<T>>;
  send<T extends Type.TSchema>(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    schema: T,
    body: object,
  ): Promise<Type.Static<T>>;
}

export interface TransportOptions {
  /** Base address without a slash at its end. */
  readonly url: string;
  readonly serviceToken: string;
  readonly timeoutMs: number;
  /** In which the pool's own sentences are wanted (BCP 47); absent: English. */
  readonly language?: string;
}

const parseError = jsonParser(ApiError, "error");

/** Talks to the pool at `url`; holds no connection of its own. */
export function transport({ url, serviceToken, timeoutMs, language }: TransportOptions): Transport {
  const usual = {
    authorization: `Bearer ${serviceToken}`,
    ...(language === undefined ? {} : { "accept-language": language }),
  };

  async function open(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url + path, {
        ...init,
        headers: { ...usual, ...(init.body ? { "content-type": "application/json" } : {}) },
        redirect: "error",
      });
    } catch (error) {
      throw unreachable(url, error);
    }
    if (response.ok) return response;
    throw refusal(response.status, await response.text().catch(() => ""));
  }

  async function read<T extends Type.TSchema>(
    path: string,
    schema: T,
    init: RequestInit,
  ): Promise<Type.Static<T>> {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await open(path, { ...init, signal });
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw unreachable(url, error);
    }
    try {
      return jsonParser(schema, "answer")(text);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      throw garbled(error);
    }
  }

  return {
    open,
    get: (path, schema, signal) =>
      read(path, schema, { method: "GET", ...(signal ? { signal } : {}) }),
    send: (method, path, schema, body) =>
      read(path, schema, { method, body: JSON.stringify(body) }),
  };
}

/** `?a=1&b=2`, leaving out what is undefined; empty where nothing is left. */
export function query(values: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(values).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return known.length === 0 ? "" : `?${new URLSearchParams(known)}`;
}

function refusal(status: number, body: string): PoolError {
  try {
    const { error } = parseError(body);
    return new PoolError(error.code, error.message, status);
  } catch {
    return new PoolError(
      "pool_garbled",
      `The pool answered with status ${status} and no explanation. Try again in a moment.`,
      status,
    );
  }
}
