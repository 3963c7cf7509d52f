import { rmSync } from "node:fs";
import { type PoolClient, poolClient } from "../../bot/pool/client.ts";
import { readPoolSecrets } from "../../config/secrets.ts";
import { fetchProgress } from "../../launch/fetch-progress.ts";
import { type Program, startProgram, stopPrograms, untilReady } from "../../launch/programs.ts";
import { TEST_MODELS } from "./models.ts";
import { prepareRecords } from "./prepared-records.ts";
import { freePort, scratch } from "./services.ts";

/** A pool of real processes on this machine, with settings of their own and records in a scratch folder. */
export interface PoolProcesses {
  readonly client: PoolClient;
  readonly api: Program;
  readonly dataDir: string;
  /** Everything that was started, by name. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Starts a worker and waits until the pool sees its models. */
  worker(name: string, settings: Record<string, string>): Promise<Program>;
  /** Starts the bot with its local room; resolves to the page's address. */
  room(settings?: Record<string, string>): Promise<string>;
  close(): Promise<void>;
}

/** Starts the api; the embedded default unless settings name a database and a Redis. */
export async function startPoolProcesses(
  settings: Record<string, string> = {},
): Promise<PoolProcesses> {
  const dataDir = scratch("substrate-pool-");
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const programs = new Map<string, Program>();
  const start = (name: string, file: string, own: Record<string, string>) => {
    const program = startProgram(name, file, dataDir, {
      API_URL: apiUrl,
      LOG_LEVEL: "warn",
      ...own,
    });
    programs.set(name, program);
    return program;
  };
  const close = async () => {
    await stopPrograms([...programs.values()].reverse());
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    if (settings.DATABASE_URL === undefined) await prepareRecords(dataDir);
    // Limits are counted as they always are, but drivers ask faster than people.
    const unhurried = { RATE_ASKS_PER_MEMBER: "1000000", RATE_ASKS_PER_COMMUNITY: "1000000" };
    const own = { API_PORT: `${port}`, ...unhurried, ...settings };
    const api = start("api", "api/main.ts", own);
    await untilReady(api, `${apiUrl}/readyz`);
    const { serviceToken } = readPoolSecrets(dataDir) as { serviceToken: string };
    const client = poolClient({ url: apiUrl, serviceToken });
    return {
      client,
      api,
      dataDir,
      programs,
      async worker(name, own) {
        const program = start(name, "worker/main.ts", {
          WORKER_NAME: name,
          WORKER_THREADS: "1",
          WORKER_SLOTS: "1",
          WORKER_CACHE: TEST_MODELS,
          ...own,
        });
        await fetchProgress(client).untilSettled(name, own.WORKER_MODELS?.split(",").length);
        return program;
      },
      async room(own = {}) {
        const roomPort = await freePort();
        const url = `http://127.0.0.1:${roomPort}`;
        const bot = start("bot", "bot/main.ts", { LOCAL_PORT: `${roomPort}`, ...own });
        await untilReady(bot, `${url}/healthz`);
        return url;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
