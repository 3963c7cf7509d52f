import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { type PoolClient, poolClient } from "../../bot/pool/client.ts";
import { readPoolSecrets } from "../../config/secrets.ts";
import { fetchProgress } from "../../launch/fetch-progress.ts";
import {
  type Program,
  portFor,
  startProgram,
  stopPrograms,
  untilReady,
} from "../../launch/programs.ts";
import type { AskOptions, Job } from "../../protocol/wire/http.ts";
import { scratch } from "../support/services.ts";

/** A pool of real processes on this machine, with settings of their own and records in a scratch folder. */
export interface BenchPool {
  readonly client: PoolClient;
  readonly api: Program;
  /** Starts a worker and waits until the pool sees its models. */
  worker(name: string, settings: Record<string, string>): Promise<Program>;
  close(): Promise<void>;
}

/** Starts the api; the embedded default unless settings name a database and a Redis. */
export async function benchPool(settings: Record<string, string> = {}): Promise<BenchPool> {
  const dataDir = scratch("substrate-bench-");
  const port = await portFor(0);
  const apiUrl = `http://127.0.0.1:${port}`;
  const programs: Program[] = [];
  const api = startProgram("api", "api/main.ts", dataDir, {
    API_URL: apiUrl,
    API_PORT: `${port}`,
    LOG_LEVEL: "warn",
    ...settings,
  });
  programs.push(api);
  await untilReady(api, `${apiUrl}/readyz`);
  const { serviceToken } = readPoolSecrets(dataDir) as { serviceToken: string };
  const client = poolClient({ url: apiUrl, serviceToken });
  return {
    client,
    api,
    async worker(name, own) {
      const program = startProgram(name, "worker/main.ts", dataDir, {
        API_URL: apiUrl,
        WORKER_NAME: name,
        WORKER_THREADS: "1",
        LOG_LEVEL: "warn",
        ...own,
      });
      programs.push(program);
      await fetchProgress(client).untilSettled(name);
      return program;
    },
    async close() {
      await stopPrograms([...programs].reverse());
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** When things happened to one question, in milliseconds of performance.now(). */
export interface AskTimes {
  readonly acceptedAt: number;
  readonly startedAt: number;
  readonly firstTextAt: number;
  readonly lastTextAt: number;
  readonly job: Job;
}

/** Asks and follows the answer to its end, as a door does. Throws when there is no answer. */
export async function timedAsk(
  client: PoolClient,
  prompt: string,
  options: AskOptions = {},
): Promise<AskTimes> {
  const accepted = await client.ask({
    community: "bench",
    member: "bench",
    room: "bench",
    requestKey: randomUUID(),
    prompt,
    options,
  });
  const acceptedAt = performance.now();
  let startedAt = Number.NaN;
  let firstTextAt = Number.NaN;
  let lastTextAt = Number.NaN;
  for await (const { event, data } of client.events(accepted.id)) {
    const now = performance.now();
    if (event === "started") startedAt = now;
    if (event === "text") {
      if (Number.isNaN(firstTextAt)) firstTextAt = now;
      lastTextAt = now;
    }
    if (event === "end") {
      if (data.state !== "done")
        throw new Error(`job ended as ${data.state}: ${data.notice?.message}`);
      return { acceptedAt, startedAt, firstTextAt, lastTextAt, job: data };
    }
  }
  throw new Error("the events ended without an end");
}
