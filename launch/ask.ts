// `npm run ask -- "question" [--model NAME] [--save DIR] [--offline]`: ask without a browser.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type PoolClient, poolClient } from "../bot/pool/client.ts";
import { PoolError } from "../bot/pool/errors.ts";
import { answerFooter } from "../bot/views/plain.ts";
import { readPoolSecrets } from "../config/secrets.ts";
import { botSettings } from "../config/settings.ts";
import { unzipPack } from "../protocol/export/zip.ts";
import type { Job } from "../protocol/wire/http.ts";
import { fetchProgress } from "./fetch-progress.ts";
import {
  LaunchError,
  type Program,
  portFor,
  startProgram,
  stopPrograms,
  untilReady,
  whenOneEnds,
} from "./programs.ts";

const usage = 'Usage: npm run ask -- "your question" [--model NAME] [--save DIR] [--offline]';
const DEFAULT_MODELS = ["substrate-demo", "smollm2-135m-instruct-q4_1"];
const NODE_NAME = "this-machine";

class Failure extends Error {}

const programs: Program[] = [];
const stopSignal = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // The first one stops the answer, which keeps its signed part; a second one ends the program.
  process.on(signal, () => {
    if (stopSignal.signal.aborted) process.exit(1);
    stopSignal.abort();
  });
}

try {
  await ask();
} catch (error) {
  const told =
    error instanceof Failure || error instanceof PoolError || error instanceof LaunchError;
  const badFlag = String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
  console.error(
    told ? (error as Error).message : badFlag ? `${(error as Error).message}\n${usage}` : error,
  );
  process.exitCode = 1;
} finally {
  await stopPrograms([...programs].reverse());
}

async function ask(): Promise<void> {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string" },
      save: { type: "string" },
      offline: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) return console.log(usage);
  const prompt = positionals.join(" ");
  if (prompt.trim() === "") throw new Failure(`There is no question.\n${usage}`);

  const pool = (await runningPool()) ?? (await ownPool(flags.model, flags.offline));
  const job = await pool.ask({
    community: "local",
    member: "terminal",
    room: "terminal",
    requestKey: randomUUID(),
    prompt,
    options: { wait: true, ...(flags.model ? { model: flags.model } : {}) },
  });
  const finished = await follow(pool, job);
  if (finished.answer === null) {
    throw new Failure(
      finished.notice?.message ?? `The job ended as ${finished.state}, without an answer.`,
    );
  }
  process.stdout.write(`\n\n${answerFooter(finished.answer).join("\n")}\n`);
  if (flags.save) {
    const folder = await save(pool, finished, resolve(flags.save));
    console.log(`Saved in ${folder}. Verify it: npm run verify -- ${folder}`);
  }
  if (finished.state !== "done") process.exitCode = 1;
}

/** The pool that `npm run demo` or `npm run api` runs on this machine, if any. */
async function runningPool(): Promise<PoolClient | null> {
  const { dataDir } = botSettings(process.env);
  const secrets = readPoolSecrets(dataDir);
  const card = await readFile(join(dataDir, "pool.json"), "utf8").catch(() => null);
  if (secrets === null || card === null) return null;
  const { apiUrl } = JSON.parse(card) as { apiUrl: string };
  const pool = poolClient({ url: apiUrl, serviceToken: secrets.serviceToken });
  return pool.pool().then(
    () => pool,
    () => null,
  );
}

/** A pool and one worker of our own, for this one question. */
async function ownPool(model: string | undefined, offline: boolean): Promise<PoolClient> {
  const { dataDir } = botSettings(process.env);
  const apiPort = await portFor(7420);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  console.error("Starting a pool on this machine for the question …");
  const api = startProgram("api", "api/main.ts", dataDir, {
    API_URL: apiUrl,
    API_HOST: "127.0.0.1",
    API_PORT: `${apiPort}`,
  });
  programs.push(api);
  await untilReady(api, `${apiUrl}/readyz`);
  const secrets = readPoolSecrets(dataDir);
  if (secrets === null) throw new LaunchError(`The pool left no secrets.json in ${dataDir}.`);
  const pool = poolClient({ url: apiUrl, serviceToken: secrets.serviceToken });
  const models = model ? [model] : DEFAULT_MODELS;
  const worker = startProgram("worker", "worker/main.ts", dataDir, {
    API_URL: apiUrl,
    WORKER_NAME: NODE_NAME,
    WORKER_MODELS: models.join(),
    WORKER_THREADS: process.env.WORKER_THREADS ?? "1",
    WORKER_SLOTS: process.env.WORKER_SLOTS ?? "1",
    OFFLINE: String(offline),
  });
  programs.push(worker);
  const ready = await Promise.race([
    fetchProgress(pool).untilSettled(NODE_NAME, models.length),
    whenOneEnds(programs),
    once(stopSignal.signal, "abort").then(() => []),
  ]);
  if (stopSignal.signal.aborted) throw new Failure("Stopped before the question was asked.");
  if (ready.length === 0) throw new Failure("No model could be had for the question (see above).");
  return pool;
}

/** Prints what happens to the job until it ends; Ctrl-C stops the answer, not the program. */
async function follow(pool: PoolClient, job: Job): Promise<Job> {
  stopSignal.signal.addEventListener(
    "abort",
    () => void pool.cancel(job.id, "terminal").catch(() => {}),
  );
  let shown = 0;
  for await (const { event, data } of pool.events(job.id)) {
    if (event === "queued") console.error(data.notice ?? `Waiting: ${data.ahead} ahead.`);
    if (event === "moved") {
      process.stdout.write("\n");
      console.error(data.message);
      shown = 0;
    }
    if (event === "text") {
      // After a dropped connection the text comes again from its start.
      const fresh = data.text.slice(Math.max(0, shown - data.offset));
      process.stdout.write(printable(fresh));
      shown = Math.max(shown, data.offset + data.text.length);
    }
    if (event === "end") return data;
  }
  return pool.job(job.id);
}

/** Model text is hostile: no control sequence reaches the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === "\n" || c === "\t" ? c : ""));
}

/** Writes the export pack below `dir` and returns the folder. */
async function save(pool: PoolClient, job: Job, dir: string): Promise<string> {
  const { body } = await pool.exportPack(job.id);
  const files = unzipPack(new Uint8Array(await new Response(body).arrayBuffer()));
  const folder = join(dir, `answer-${job.answer?.receiptId ?? job.id}`);
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  return folder;
}
