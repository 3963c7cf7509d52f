// `npm run demo [-- --offline]`: a pool, the local room and volunteers' workers on this machine, nothing to set up.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { poolClient } from "../bot/pool/client.ts";
import { readPoolSecrets } from "../config/secrets.ts";
import { botSettings } from "../config/settings.ts";
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

const usage = "Usage: npm run demo [-- --offline] [--no-open]";
const programs: Program[] = [];
let stopping: Promise<void> | null = null;
let interrupted: NodeJS.Signals | null = null;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    interrupted ??= signal;
    void stop();
  });
}

try {
  await demo();
} catch (error) {
  if (interrupted === null) {
    const known =
      error instanceof LaunchError ||
      (error as { code?: string }).code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    console.error(known ? (error as Error).message : error);
    process.exitCode = 1;
  }
} finally {
  await stop();
}

async function demo(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      offline: { type: "boolean", default: false },
      "no-open": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) return console.log(usage);
  const { dataDir, localPort } = botSettings(process.env);

  console.log("Starting the pool, a room and a volunteer's worker …");
  const apiPort = await portFor(7420);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const common = { API_URL: apiUrl };
  const api = start("api", "api/main.ts", dataDir, {
    ...common,
    API_HOST: "127.0.0.1",
    API_PORT: `${apiPort}`,
  });
  await untilReady(api, `${apiUrl}/readyz`);

  const roomPort = await portFor(localPort);
  const room = start("bot", "bot/main.ts", dataDir, { ...common, LOCAL_PORT: `${roomPort}` });
  const bundled = worker("willow", "substrate-demo");
  const secrets = readPoolSecrets(dataDir);
  if (secrets === null) throw new LaunchError(`The pool left no secrets.json in ${dataDir}.`);
  const pool = poolClient({ url: apiUrl, serviceToken: secrets.serviceToken });
  const roomUrl = `http://127.0.0.1:${roomPort}`;
  await untilReady(room, `${roomUrl}/healthz`);
  await Promise.race([whenOneEnds([bundled, api]), fetchProgress(pool).untilSettled("willow")]);

  console.log(`\n  The local room:  ${roomUrl}\n`);
  console.log('  Two people share it. Ask, for example: "How does voting work here?"');
  console.log("  Ctrl-C stops everything; the room is kept for next time.\n");
  if (!flags["no-open"]) openBrowser(roomUrl);

  // A volunteer's machine with a larger model: it joins at once and serves when its file is there.
  const larger = worker("rowan", "smollm2-135m-instruct-q4_1", flags.offline);
  void fetchProgress(pool)
    .untilSettled("rowan")
    .then(([model]) => {
      if (model) console.log(`Node "rowan" now answers with ${model}.`);
      else console.log("The room stays on the bundled model.");
    });
  await whenOneEnds([api, room, bundled, larger]);

  function worker(name: string, models: string, offline = false): Program {
    return start(`worker-${name}`, "worker/main.ts", dataDir, {
      ...common,
      WORKER_NAME: name,
      WORKER_MODELS: models,
      WORKER_THREADS: "1",
      WORKER_SLOTS: "1",
      OFFLINE: String(offline),
    });
  }
}

function start(...args: Parameters<typeof startProgram>): Program {
  const program = startProgram(...args);
  programs.push(program);
  return program;
}

/** Workers first, then the room, the pool last: nobody is left talking to nobody. */
function stop(): Promise<void> {
  stopping ??= stopPrograms([...programs].reverse());
  return stopping;
}

/** Opens the page where there is a desktop; a failure is no problem, the address is printed. */
function openBrowser(url: string): void {
  const desktop =
    process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!desktop || !process.stdout.isTTY) return;
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? [join(process.env.SystemRoot ?? "C:\\Windows", "explorer.exe"), url]
        : ["xdg-open", url];
  spawn(command as string, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
