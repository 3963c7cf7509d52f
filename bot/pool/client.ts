import type Type from "typebox";
import { jsonParser, ParseError } from "../../protocol/parse.ts";
import {
  type AgainRequest,
  ApiError,
  type AskRequest,
  Job,
  type JobEvent,
  PoolModels,
  PoolStatus,
  Provenance,
} from "../../protocol/wire/http.ts";
import { garbled, PoolError, unreachable } from "./errors.ts";
import { followEvents } from "./events.ts";

/** A zip of an answer and its receipt, as the pool streams it. */
export interface ExportStream {
  readonly contentType: string;
  readonly body: ReadableStream<Uint8Array>;
}

/** The pool as a door sees it. Every method throws PoolError. */
export interface PoolClient {
  readonly url: string;
  /** Safe to repeat: the same (community, requestKey) gives the same job. */
  ask(request: AskRequest): Promise<Job>;
  again(jobId: string, request: AgainRequest): Promise<Job>;
  cancel(jobId: string, member: string): Promise<Job>;
  job(jobId: string): Promise<Job>;
  /** Events until `end`; survives dropped connections (bot/pool/events.ts). */
  events(jobId: string, signal?: AbortSignal): AsyncGenerator<JobEvent>;
  provenance(jobId: string): Promise<Provenance>;
  models(): Promise<PoolModels>;
  pool(): Promise<PoolStatus>;
  exportPack(jobId: string): Promise<ExportStream>;
}

export interface PoolClientOptions {
  /** Base address, for example `http://127.0.0.1:7420`. */
  readonly url: string;
  readonly serviceToken: string;
  /** An answer to a plain request that takes longer counts as unreachable. */
  readonly timeoutMs?: number;
}

const parseJob = parser(Job, "job");
const parseProvenance = parser(Provenance, "provenance");
const parseModels = parser(PoolModels, "models");
const parsePool = parser(PoolStatus, "pool");
const parseError = jsonParser(ApiError, "error");

/** A client of the pool's HTTP API (protocol/wire/http.ts). Holds no connection of its own. */
export function poolClient(options: PoolClientOptions): PoolClient {
  const url = options.url.replace(/\/+$/, "");
  const timeoutMs = options.timeoutMs ?? 15_000;
  const authorization = `Bearer ${options.serviceToken}`;

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url + path, {
        ...init,
        headers: { authorization, ...(init.body ? { "content-type": "application/json" } : {}) },
        redirect: "error",
      });
    } catch (error) {
      throw unreachable(url, error);
    }
    if (response.ok) return response;
    throw refusal(response.status, await response.text().catch(() => ""));
  }

  async function read<T>(path: string, parse: (text: string) => T, body?: object): Promise<T> {
    const response = await send(path, {
      method: body ? "POST" : "GET",
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    });
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw unreachable(url, error);
    }
    return parse(text);
  }

  return {
    url,
    ask: (request) => read("/v1/jobs", parseJob, request),
    again: (jobId, request) => read(`/v1/jobs/${jobId}/again`, parseJob, request),
    cancel: (jobId, member) => read(`/v1/jobs/${jobId}/cancel`, parseJob, { member }),
    job: (jobId) => read(`/v1/jobs/${jobId}`, parseJob),
    events: (jobId, signal) =>
      followEvents((stop) => send(`/v1/jobs/${jobId}/events`, { signal: stop }), { signal }),
    provenance: (jobId) => read(`/v1/jobs/${jobId}/provenance`, parseProvenance),
    models: () => read("/v1/models", parseModels),
    pool: () => read("/v1/pool", parsePool),
    async exportPack(jobId) {
      const response = await send(`/v1/jobs/${jobId}/export`);
      if (!response.body)
        throw new PoolError("pool_garbled", "The pool sent an empty export.", 502);
      return {
        contentType: response.headers.get("content-type") ?? "application/zip",
        body: response.body,
      };
    },
  };
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

/** Parses a body at the door; a body of another shape is the pool's fault and is said so. */
function parser<T extends Type.TSchema>(schema: T, what: string) {
  const parse = jsonParser(schema, what);
  return (text: string): Type.Static<T> => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      throw garbled(error);
    }
  };
}
