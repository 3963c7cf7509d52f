import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { type RunningApi, type StartOptions, startApi } from "../../../api/start.ts";
import { type ApiSettings, apiSettings } from "../../../config/settings.ts";
import type {
  AskRequest,
  Job,
  JobEvent,
  PoolModels,
  PoolStatus,
  Provenance,
} from "../../../protocol/wire/http.ts";
import { HANGS_MS } from "../../support/awaited.ts";
import { prepareRecords } from "../../support/prepared-records.ts";
import { scratch } from "../../support/services.ts";
import { FakeNode } from "./fake-node.ts";

/** A pool service of a test's own, as an outsider sees it: HTTP and WebSocket only. */
export class TestPool {
  readonly api: RunningApi;
  readonly dataDir: string;
  readonly log: string[];
  readonly #nodes: FakeNode[] = [];

  constructor(api: RunningApi, dataDir: string, log: string[]) {
    this.api = api;
    this.dataDir = dataDir;
    this.log = log;
  }

  /** `share`: another pool's data folder, for a second replica with the same secrets. */
  static async start(
    settings: Partial<ApiSettings> = {},
    options: Omit<StartOptions, "settings"> = {},
    share?: TestPool,
  ): Promise<TestPool> {
    const dataDir = share?.dataDir ?? scratch("pool-");
    const log: string[] = [];
    const base = apiSettings({
      DATA_DIR: dataDir,
      API_PORT: "0",
      LOG_LEVEL: "debug",
      ...UNHURRIED,
    });
    const all = { ...base, ...settings };
    if (all.databaseUrl === null) await prepareRecords(all.dataDir);
    const api = await startApi({
      ...options,
      settings: all,
      logStream: { write: (line) => log.push(line) },
    });
    return new TestPool(api, dataDir, log);
  }

  request(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const { token = this.api.serviceToken, ...rest } = init;
    return fetch(`${this.api.url}${path}`, {
      ...rest,
      headers: { authorization: `Bearer ${token}`, ...rest.headers },
    });
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
    const response = await this.request(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Sends a body and gives the answer, with the error's code and message at hand where it is one. */
  async send<T = unknown>(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    sent: unknown = {},
  ): Promise<{ status: number; body: T; code?: string; message?: string; headers: Headers }> {
    const response = await this.request(path, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sent),
    });
    const body = (await response.json()) as T & { error?: { code: string; message: string } };
    return { status: response.status, body, ...body.error, headers: response.headers };
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Asks and expects a new job. */
  async ask(prompt: string, more: Partial<AskRequest> = {}): Promise<Job> {
    const { status, body } = await this.post("/v1/jobs", question(prompt, more));
    if (status !== 201) throw new Error(`ask: ${status} ${JSON.stringify(body)}`);
    return body as Job;
  }

  job(id: string): Promise<Job> {
    return this.get(`/v1/jobs/${id}`);
  }

  provenance(id: string): Promise<Provenance> {
    return this.get(`/v1/jobs/${id}/provenance`);
  }

  status(): Promise<PoolStatus> {
    return this.get("/v1/pool");
  }

  async models(): Promise<PoolModels["models"]> {
    return (await this.get<PoolModels>("/v1/models")).models;
  }

  async cancel(id: string): Promise<Job> {
    return (await this.post(`/v1/jobs/${id}/cancel`, { member: "m" })).body as Job;
  }

  /** A job's events until it ends. */
  async *events(id: string): AsyncGenerator<JobEvent> {
    const response = await this.request(`/v1/jobs/${id}/events`);
    if (response.body === null || !response.ok) throw new Error(`events: ${response.status}`);
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() as string;
      for (const block of blocks) {
        const match = /^event: (\w+)\ndata: (.*)$/.exec(block);
        if (match) yield { event: match[1], data: JSON.parse(match[2] as string) } as JobEvent;
      }
    }
  }

  /** All events until the end. */
  async follow(id: string): Promise<JobEvent[]> {
    const events: JobEvent[] = [];
    for await (const event of this.events(id)) events.push(event);
    return events;
  }

  /** Waits for the job's end and gives its final state. */
  async ended(id: string): Promise<Job> {
    for await (const { event, data } of this.events(id)) if (event === "end") return data;
    throw new Error("the event stream ended without an end");
  }

  /** A node that is connected, ready and known to the pool. */
  async node(name: string, node = new FakeNode(name)): Promise<FakeNode> {
    await this.connect(node);
    node.ready();
    await this.untilOnline(node);
    return node;
  }

  async connect(node: FakeNode): Promise<void> {
    const answer = await node.connect(this.api.url, this.api.enrolmentToken);
    if (answer.type !== "welcome") throw new Error(`not welcome: ${JSON.stringify(answer)}`);
    this.#nodes.push(node);
  }

  /** HTTP offers no event for it, so the status is asked until it shows the node. */
  async untilOnline(node: FakeNode, online = true): Promise<void> {
    await this.until(async () => {
      const known = (await this.status()).nodes.find((each) => each.keyId === node.key.keyId);
      return (known?.online ?? false) === online && (!online || known!.slots > 0);
    });
  }

  /** Asks again until it holds. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + HANGS_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`it never happened: ${holds}`);
    }
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) node.kill();
    await this.api.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Tests ask faster than people, all from one address. */
export const UNHURRIED = {
  RATE_ASKS_PER_MEMBER: "0",
  RATE_ASKS_PER_COMMUNITY: "0",
  RATE_OPEN_PER_ADDRESS: "0",
  RATE_REFUSED_PER_ADDRESS: "0",
  RATE_HELLOS_PER_KEY: "0",
};

const DAY_MS = 86_400_000;

/** A clock that stood at noon (UTC) when it was made: nobody's day ends in the middle of a test. */
export function clockFromNoon(): () => number {
  const ahead = DAY_MS / 2 - (Date.now() % DAY_MS);
  return () => Date.now() + ahead;
}

export function question(prompt: string, more: Partial<AskRequest> = {}): AskRequest {
  return { community: "c", member: "m", room: "r", requestKey: randomUUID(), prompt, ...more };
}

/** Text of the last attempt, as a reader has it who follows the events. */
export function shownText(events: readonly JobEvent[]): string {
  let text = "";
  for (const { event, data } of events) {
    if (event === "started") text = "";
    if (event === "text") text = text.slice(0, data.offset) + data.text;
  }
  return text;
}
