import {
  type AgainRequest,
  type AskRequest,
  type CancelRequest,
  Job,
  type JobEvent,
  PoolModels,
  PoolStatus,
  Provenance,
} from "../../protocol/wire/http.ts";
import { PoolError } from "./errors.ts";
import { followEvents } from "./events.ts";
import { type GovernanceCalls, governanceCalls } from "./governance.ts";
import { type InviteCalls, inviteCalls } from "./invites.ts";
import { type MemberCalls, memberCalls } from "./members.ts";
import { type ModerationCalls, moderationCalls } from "./moderation.ts";
import { type PolicyCalls, policyCalls } from "./policy.ts";
import { query, transport } from "./transport.ts";

/** A zip of an answer and its receipt, as the pool streams it. */
export interface ExportStream {
  readonly contentType: string;
  readonly body: ReadableStream<Uint8Array>;
}

/** What the door vouches for of who presses Stop. */
export type StopRights = Omit<CancelRequest, "member">;

/** The pool as a door sees it. Every method throws PoolError. */
export interface PoolClient
  extends PolicyCalls,
    MemberCalls,
    ModerationCalls,
    InviteCalls,
    GovernanceCalls {
  readonly url: string;
  /** The same pool, its own sentences in this language (BCP 47); one it does not speak is English. */
  speaking(language: string): PoolClient;
  /** Safe to repeat: the same (community, requestKey) gives the same job. */
  ask(request: AskRequest): Promise<Job>;
  again(jobId: string, request: AgainRequest): Promise<Job>;
  /** For the asker and, with `rights`, for moderators of the answer's community. */
  cancel(jobId: string, member: string, rights?: StopRights): Promise<Job>;
  job(jobId: string): Promise<Job>;
  /** Events until `end`; survives dropped connections (bot/pool/events.ts). */
  events(jobId: string, signal?: AbortSignal): AsyncGenerator<JobEvent>;
  /** `viewer`: the account that looks; private answers are told to their asker only. */
  provenance(jobId: string, viewer?: string): Promise<Provenance>;
  models(): Promise<PoolModels>;
  pool(): Promise<PoolStatus>;
  exportPack(jobId: string, viewer?: string): Promise<ExportStream>;
}

export interface PoolClientOptions {
  /** Base address, for example `http://127.0.0.1:7420`. */
  readonly url: string;
  readonly serviceToken: string;
  /** An answer to a plain request that takes longer counts as unreachable. */
  readonly timeoutMs?: number;
  readonly language?: string;
}

/** A client of the pool's HTTP API (protocol/wire). Each area's calls stand in a file of their own. */
export function poolClient({
  url: address,
  serviceToken,
  timeoutMs = 15_000,
  language,
}: PoolClientOptions): PoolClient {
  const url = address.replace(/\/+$/, "");
  const line = transport({ url, serviceToken, timeoutMs, language });
  return {
    url,
    speaking: (wanted) => poolClient({ url, serviceToken, timeoutMs, language: wanted }),
    ask: (request) => line.send("POST", "/v1/jobs", Job, request),
    again: (jobId, request) => line.send("POST", `/v1/jobs/${jobId}/again`, Job, request),
    cancel: (jobId, member, rights = {}) =>
      line.send("POST", `/v1/jobs/${jobId}/cancel`, Job, { member, ...rights }),
    job: (jobId) => line.get(`/v1/jobs/${jobId}`, Job),
    events: (jobId, signal) =>
      followEvents((stop) => line.open(`/v1/jobs/${jobId}/events`, { signal: stop }), { signal }),
    provenance: (jobId, viewer) =>
      line.get(`/v1/jobs/${jobId}/provenance${query({ viewer })}`, Provenance),
    models: () => line.get("/v1/models", PoolModels),
    pool: () => line.get("/v1/pool", PoolStatus),
    async exportPack(jobId, viewer) {
      const response = await line.open(`/v1/jobs/${jobId}/export${query({ viewer })}`);
      if (!response.body)
        throw new PoolError("pool_garbled", "The pool sent an empty export.", 502);
      return {
        contentType: response.headers.get("content-type") ?? "application/zip",
        body: response.body,
      };
    },
    ...policyCalls(line),
    ...memberCalls(line),
    ...moderationCalls(line),
    ...inviteCalls(line),
    ...governanceCalls(line),
  };
}
