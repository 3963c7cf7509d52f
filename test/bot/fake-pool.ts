import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type Type from "typebox";
import { valueParser } from "../../protocol/parse.ts";
import {
  AgainRequest,
  type Answer,
  AskRequest,
  CancelRequest,
  Job,
  type JobEvent,
  JobEvents,
  PoolModels,
  PoolStatus,
  Provenance,
} from "../../protocol/wire/http.ts";
import { FakeCommunity, FakeRefusal } from "./fake-community.ts";
import {
  answerOf,
  poolModels,
  poolStatus,
  provenanceOf,
  SERVICE_TOKEN,
  SHA,
} from "./pool-fixtures.ts";

/**
 * A pool that does what a test tells it, over real HTTP. Everything it takes and gives is checked with the
 * schemas of protocol/wire/http.ts, so that it cannot drift from the contract. Used where a test needs a
 * node to leave, hang or be slow at an exact moment; the journeys use the real pool.
 */
export interface FakePool {
  readonly url: string;
  readonly asked: readonly Type.Static<typeof AskRequest>[];
  readonly askedAgain: readonly Type.Static<typeof AgainRequest>[];
  readonly cancelled: readonly Type.Static<typeof CancelRequest>[];
  readonly community: FakeCommunity;
  status: Type.Static<typeof PoolStatus>;
  models: Type.Static<typeof PoolModels>;
  /** The next request to this `METHOD path` start is refused once. */
  refuseOnce(route: string, status: number, code: string, message: string): void;
  /** As above, but all requests until the returned function is called. */
  refuseUntil(route: string, status: number, code: string, message: string): () => void;
  /** The newest job. */
  last(): FakeJob;
  jobs(): readonly FakeJob[];
  /** Called at once for each new job; the default leaves it waiting. The pool answers when it has returned. */
  onJob: (job: FakeJob) => unknown;
  /** Ends all event streams without `end`, as a dying proxy does. */
  dropStreams(): void;
  close(): Promise<void>;
}

/** A job as its test drives it; each step is told to all who follow. */
export class FakeJob {
  job: Type.Static<typeof Job>;
  #text = "";
  #attempt = 0;
  readonly followers = new Set<ServerResponse>();

  constructor(job: Type.Static<typeof Job>) {
    this.job = job;
  }

  queued(ahead: number, etaMs: number | null, notice: string | null = null): void {
    this.#change({ state: "queued", ahead, etaMs, node: null });
    this.#tell({ event: "queued", data: { ahead, etaMs, notice } });
  }

  start(name = "maple"): void {
    this.#attempt++;
    this.#text = "";
    const node = { keyId: SHA.key, name, role: "generate" };
    this.#change({ state: "running", node, ahead: null, etaMs: null });
    this.#tell({ event: "started", data: { attempt: this.#attempt, node } });
  }

  text(text: string): void {
    const data = { attempt: this.#attempt, offset: this.#text.length, text };
    this.#text += text;
    this.#tell({ event: "text", data });
  }

  moved(message = 'The node "maple" left; the answer starts again on another node.'): void {
    const lost = { attempt: this.#attempt, node: this.job.node, code: "node_left", message };
    this.#change({ state: "queued", node: null, ahead: 0 });
    this.#change({ lostAttempts: [...this.job.lostAttempts, lost] });
    this.#tell({ event: "moved", data: lost });
  }

  done(extra: Partial<Type.Static<typeof Answer>> = {}): void {
    const answer = { ...answerOf(this.#text, this.job.node?.name ?? "maple"), ...extra };
    this.end({ state: "done", answer });
  }

  end(change: Partial<Type.Static<typeof Job>>): void {
    if (this.ended) return;
    this.#change({ ahead: null, etaMs: null, node: null, ...change });
    this.#tell({ event: "end", data: this.job });
    for (const response of this.followers) response.end();
    this.followers.clear();
  }

  get ended(): boolean {
    return this.job.state !== "queued" && this.job.state !== "running";
  }

  cancel(): void {
    const answer = this.#text
      ? {
          ...answerOf(this.#text, this.job.node?.name ?? "maple"),
          finishReason: "stopped" as const,
        }
      : null;
    this.end({ state: "cancelled", answer });
  }

  /** A new follower hears the present state first, as the pool promises. */
  follow(response: ServerResponse): void {
    const { job } = this;
    this.followers.add(response);
    response.on("close", () => this.followers.delete(response));
    if (this.ended) {
      write(response, { event: "end", data: job });
      response.end();
    } else if (job.node) {
      write(response, { event: "started", data: { attempt: this.#attempt, node: job.node } });
      const all = { attempt: this.#attempt, offset: 0, text: this.#text };
      if (this.#text) write(response, { event: "text", data: all });
    } else {
      const { ahead, etaMs } = job;
      write(response, { event: "queued", data: { ahead: ahead ?? 0, etaMs, notice: null } });
    }
  }

  #change(change: Partial<Type.Static<typeof Job>>): void {
    this.job = { ...this.job, ...change };
  }

  #tell(event: JobEvent): void {
    for (const response of this.followers) write(response, event);
  }
}

function write(response: ServerResponse, { event, data }: JobEvent): void {
  valueParser(JobEvents[event], event)(data);
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Starts a fake pool on a free port of loopback, or on `port`. */
export async function startFakePool(port = 0): Promise<FakePool> {
  const jobs = new Map<string, FakeJob>();
  const byKey = new Map<string, string>();
  const asked: Type.Static<typeof AskRequest>[] = [];
  const askedAgain: Type.Static<typeof AgainRequest>[] = [];
  const cancelled: Type.Static<typeof CancelRequest>[] = [];
  const community = new FakeCommunity();
  const refusals: {
    readonly route: string;
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly once: boolean;
  }[] = [];
  const server: Server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => {
      if (error instanceof FakeRefusal) refuse(response, error.status, error.code, error.message);
      else send(response, 400, { error: { code: "bad_request", message: error.message } });
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${request.url}`;
    if (request.headers.authorization !== `Bearer ${SERVICE_TOKEN}`) {
      return refuse(response, 401, "unauthorised", "The service token is missing or wrong.");
    }
    const refusal = refusals.find((one) => route.startsWith(one.route));
    if (refusal?.once) refusals.splice(refusals.indexOf(refusal), 1);
    if (refusal) return refuse(response, refusal.status, refusal.code, refusal.message);
    if (route === "GET /v1/pool") return checked(response, PoolStatus, fake.status);
    if (route === "GET /v1/models") return checked(response, PoolModels, fake.models);
    if (/^\/v1\/(communities|members|nodes|reports|invites)|\/reports$/.test(request.url ?? "")) {
      const body = request.method === "GET" ? null : await bodyOf(request);
      const answer = community.answer(request.method ?? "", request.url ?? "", body);
      if (answer) return checked(response, answer.schema, answer.value);
    }
    if (route === "POST /v1/jobs") {
      const ask = valueParser(AskRequest, "ask")(await bodyOf(request));
      if (ask.prompt.length > 8000) {
        const message =
          "The question has more than 8,000 characters. Shorten it and send it again.";
        return refuse(response, 400, "prompt_too_long", message);
      }
      asked.push(ask);
      return checked(response, Job, (await newJob(ask, ask.continues ?? null)).job);
    }
    const [, id = "", what = ""] = /^\/v1\/jobs\/([^/?]+)\/?([^?]*)/.exec(request.url ?? "") ?? [];
    const job = jobs.get(id);
    if (!job) return refuse(response, 404, "no_such_job", "The pool knows no such answer.");
    if (what === "") return checked(response, Job, job.job);
    if (what === "again") {
      const again = valueParser(AgainRequest, "again")(await bodyOf(request));
      askedAgain.push(again);
      return checked(
        response,
        Job,
        (await newJob({ ...job.job, ...again }, job.job.continues)).job,
      );
    }
    if (what === "cancel") {
      const cancel = valueParser(CancelRequest, "cancel")(await bodyOf(request));
      if (cancel.member !== job.job.member && !cancel.moderator) {
        const message = "Only the person who asked, or a moderator of this place, may stop this.";
        return refuse(response, 403, "may_not_stop", message);
      }
      cancelled.push(cancel);
      job.cancel();
      return checked(response, Job, job.job);
    }
    if (what === "provenance") return checked(response, Provenance, provenanceOf(job.job));
    if (what === "export") {
      response.writeHead(200, { "content-type": "application/zip" });
      response.end(Buffer.from("PK\x05\x06".padEnd(22, "\0"), "latin1"));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    job.follow(response);
  }

  async function newJob(
    ask: { community: string; member: string; room: string; requestKey: string },
    continues: string | null,
  ): Promise<FakeJob> {
    const key = `${ask.community} ${ask.requestKey}`;
    const known = jobs.get(byKey.get(key) ?? "");
    if (known) return known;
    const job = new FakeJob({
      id: randomUUID(),
      state: "queued",
      community: ask.community,
      member: ask.member,
      room: ask.room,
      createdAt: Date.now(),
      model: fake.status.defaultModel ?? { sha256: SHA.model, name: "Substrate demo" },
      seedCommitment: SHA.other,
      continues,
      ahead: 0,
      etaMs: null,
      node: null,
      lostAttempts: [],
      answer: null,
      notice: null,
    });
    jobs.set(job.job.id, job);
    byKey.set(key, job.job.id);
    await fake.onJob(job);
    return job;
  }

  const fake: FakePool = {
    url: "",
    asked,
    askedAgain,
    cancelled,
    community,
    status: poolStatus(),
    models: poolModels(),
    refuseOnce: (route, status, code, message) =>
      refusals.push({ route, status, code, message, once: true }),
    refuseUntil(route, status, code, message) {
      const refusal = { route, status, code, message, once: false };
      refusals.push(refusal);
      return () => void refusals.splice(refusals.indexOf(refusal), 1);
    },
    last: () => [...jobs.values()].at(-1) as FakeJob,
    jobs: () => [...jobs.values()],
    onJob: () => {},
    dropStreams() {
      for (const job of jobs.values()) for (const one of job.followers) one.destroy();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

function checked<T extends Type.TSchema>(
  response: ServerResponse,
  schema: T,
  value: Type.Static<T>,
): void {
  valueParser(schema, "the fake pool's answer")(value);
  send(response, 200, value);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, { error: { code, message } });
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
