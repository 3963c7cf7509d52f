// A volunteer's way into a pool, with real processes: the api, the operator's command, the worker, a terminal.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "../../config/settings.ts";
import { inviteText, readInvite } from "../../protocol/invite-text.ts";
import { generateSigningKey } from "../../protocol/keys.ts";
import type { PoolNode } from "../../protocol/wire/http.ts";
import { join as joinPool } from "../../worker/commands/join.ts";
import { limits, steer } from "../../worker/commands/steer.ts";
import { HANGS_MS } from "../support/awaited.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { freePort, onPath, scratch } from "../support/services.ts";

let pool: PoolProcesses;
const dataDir = scratch("volunteer-");
const children: ChildProcess[] = [];

before(async () => {
  pool = await startPoolProcesses({ POOL_NAME: "Grove pool" });
});
after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await pool.close();
  rmSync(dataDir, { recursive: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number>;
  said(): string;
  /** Resolves when what it printed matches. */
  until(pattern: RegExp): Promise<void>;
}

function start(command: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      ...BARE_ENVIRONMENT,
      HOME: process.env.HOME,
      TERM: "xterm",
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      look();
    });
  }
  const exit = once(child, "close").then(([code]) => Number(code));
  return {
    child,
    exit,
    said: () => text,
    until: (pattern) =>
      new Promise((done, fail) => {
        look = () => pattern.test(text) && done();
        look();
        void exit.then(() => fail(new Error(`ended without ${pattern}: ${text}`)));
      }),
  };
}

const worker = (args: readonly string[], env: Record<string, string>) =>
  start(process.execPath, ["worker/main.ts", ...args], { WORKER_ENGINE: "echo", ...env });

/** The command without a process of its own, for what it refuses. */
function joinHere(args: string[], name: string): Promise<boolean> {
  const env = { DATA_DIR: dataDir, WORKER_NAME: name, WORKER_ENGINE: "echo" };
  return joinPool(args, env, { say() {}, columns: 80, ask: null });
}

async function invite(...flags: string[]): Promise<string> {
  const run = start(process.execPath, ["launch/invite.ts", ...flags], {
    DATA_DIR: pool.dataDir,
    API_URL: pool.client.url,
  });
  assert.equal(await run.exit, 0, run.said());
  assert.match(run.said(), /reaches the pool from this machine only/);
  return /join (substrate1\.\S+)/.exec(run.said())?.[1] as string;
}

/** The node as the pool shows it, once `holds`. */
async function shown(name: string, holds: (node: PoolNode) => boolean): Promise<PoolNode> {
  const deadline = Date.now() + HANGS_MS;
  for (;;) {
    const node = (await pool.client.pool()).nodes.find((each) => each.name === name);
    if (node !== undefined && holds(node)) return node;
    assert(Date.now() < deadline, `${name}: ${JSON.stringify(node)}`);
  }
}

test("one command joins; later starts need nothing; it is steered from another terminal and drains", async () => {
  const env = { WORKER_NAME: "willow" };
  const text = await invite("--community", "grove", "--trust", "trusted", "--for", "local:ada");
  const first = worker(["join", text, "--yes", "--threads", "1", "--per-day", "50"], env);
  await first.until(/connected to the pool/);
  for (const part of [
    /Anybody who asks in this pool's rooms/,
    /Also members of grove, as a machine they trust/,
    /only dials out/,
    /at most 50 a day/,
  ]) {
    assert.match(first.said(), part);
  }
  const folder = join(dataDir, "workers", "willow");
  assert.equal(statSync(join(folder, "node.key.pem")).mode & 0o777, 0o600);
  assert.equal(statSync(join(folder, "control.sock")).mode & 0o777, 0o600);
  assert(!existsSync(join(folder, "invite.txt")), "the invite is used up and gone");
  const node = await shown("willow", (each) => each.online && each.slots === 1);
  assert.equal(node.conditions?.state, "open");
  assert.deepEqual(node.conditions?.limits, { threads: 1, memoryBytes: null, vramBytes: null });

  const pause = worker(["pause", "2h"], env);
  assert.equal(await pause.exit, 0, pause.said());
  const paused = await shown("willow", (each) => each.conditions?.state === "paused");
  assert.equal(paused.slots, 0);
  assert((paused.conditions?.until as number) > Date.now() + 7_000_000);
  const status = worker(["status", "--json"], env);
  assert.equal(await status.exit, 0);
  assert.equal(JSON.parse(status.said()).state, "paused");
  assert.equal(await worker(["resume"], env).exit, 0);
  await shown("willow", (each) => each.slots === 1);
  const hours = worker(["limits", "--hours", "daily 00:00-24:00", "--zone", "UTC"], env);
  assert.equal(await hours.exit, 0, hours.said());
  assert.match(hours.said(), /In force now/);
  assert.equal(await worker(["leave"], env).exit, 0);
  assert.equal(await first.exit, 0, first.said());

  const again = worker([], env);
  await again.until(/connected to the pool/);
  const back = await shown("willow", (each) => each.online);
  assert.equal(back.keyId, node.keyId);
  again.child.kill("SIGTERM");
  assert.equal(await again.exit, 0);
  const gone = worker(["status"], env);
  assert.equal(await gone.exit, 1);
  assert.match(gone.said(), /No worker named “willow” runs on this machine/);
});

test("a used invite, a damaged one and one from a false pool are refused before anything is made", async () => {
  const good = await invite();
  const used = worker(["join", good, "--yes"], { WORKER_NAME: "quick" });
  await used.until(/connected to the pool/);
  used.child.kill("SIGTERM");
  await used.exit;
  const { url, secret } = readInvite(good);
  const forged = inviteText({ url, secret, poolKeyId: generateSigningKey().keyId });
  const nobody = inviteText({ ...readInvite(good), url: `http://127.0.0.1:${await freePort()}` });
  for (const [text, words] of [
    [good, /This invite is used\. Ask whoever sent it/],
    [good.slice(0, -20), /This invite is damaged/],
    [forged, /not the one you were invited to[\s\S]*has not joined/],
    [nobody, /does not answer \(ECONNREFUSED\)/],
  ] as const) {
    await assert.rejects(joinHere([text, "--yes"], "stranger"), (error: Error) => {
      assert.match(error.message, words);
      return !error.message.includes(secret);
    });
  }
  assert(!existsSync(join(dataDir, "workers", "stranger")));
});

test("without a terminal nobody is assumed to agree, and wishes that make no sense are refused", async () => {
  const env = { WORKER_NAME: "silent" };
  const text = await invite();
  const unasked = worker(["join", text], env);
  assert.equal(await unasked.exit, 1);
  assert.match(unasked.said(), /Who can read what[\s\S]*run it again with --yes/);
  assert.doesNotMatch(unasked.said(), /\n\s+at /, "no stack trace");
  const told: string[] = [];
  const say = (words: string) => void told.push(words);
  const server = ["--engine", "openai", "--server", "http://127.0.0.1:1234/v1"];
  const silent = { DATA_DIR: dataDir, WORKER_NAME: "silent" };
  const asked = joinPool([text, ...server], silent, { say, columns: 120, ask: null });
  await assert.rejects(asked, /run it again with --yes/);
  assert.match(told.join(), /your server at http:\/\/127\.0\.0\.1:1234\/v1 offers/);
  assert.match(told.join(), /Your server: it gets them too[\s\S]*as your server is set/);
  for (const [flags, words] of [
    [["--hours", "soon"], /no time this worker understands/],
    [["--memory", "lots"], /--memory: "lots" will not do/],
    [["--colour", "red"], /Unknown option '--colour'/],
  ] as const) {
    await assert.rejects(joinHere([text, "--yes", ...flags], "silent"), words);
  }
  assert(!existsSync(join(dataDir, "workers", "silent", "node.key.pem")));
});

test("what steering does not understand is refused before anything is noted down", async () => {
  const env = { DATA_DIR: dataDir, WORKER_NAME: "steered" };
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  for (const [flags, words] of [
    [["--models", "nonsense"], /neither a model file here .* nor a model this worker can fetch/],
    [["--models", "test"], /test is no GGUF model file/],
    [["--per-day", "0"], /--per-day: "0" will not do. Write most answers a day, 1 or more/],
  ] as const) {
    await assert.rejects(limits(flags, env, say), words);
  }
  mkdirSync(join(dataDir, "workers", "rowan"), { recursive: true });
  await assert.rejects(steer("status", [], env, say, 0), /No worker named “.*there is .*rowan.*\)/);
  await assert.rejects(steer("leave", ["--nwo"], env, say, 0), /What is “--nwo”.*\[--now\]/);
  await assert.rejects(steer("pause", ["2h", "30min"], env, say, 0), /What is “30min”/);
  assert(!existsSync(join(dataDir, "workers", "steered")));
  await limits([], env, say);
  const shown = said.join("\n");
  assert.match(shown, /--hours {5}always {2}\(default\)[\s\S]*--zone {6}this machine's/);
});

test("on a terminal: the question, the view, p and q; and the terminal is given back", {
  skip: onPath("script") === null && "needs script(1)",
}, async () => {
  const text = await invite();
  const command = `stty cols 72 rows 20; exec "${process.execPath}" worker/main.ts join ${text}`;
  const run = start("script", ["-qec", command, "/dev/null"], {
    WORKER_NAME: "seen",
    WORKER_ENGINE: "echo",
  });
  await run.until(/Write "yes" to join: /);
  run.child.stdin?.write("yes\r");
  await run.until(/● ready/);
  assert(run.said().includes("\x1b[?1049h"), "on the alternate screen");
  await run.until(/waiting for your models/);
  run.child.stdin?.write("p");
  await shown("seen", (node) => node.conditions?.state === "paused");
  await run.until(/● paused/);
  run.child.stdin?.write("p");
  await shown("seen", (node) => node.conditions?.state === "open");
  run.child.stdin?.write("q");
  assert.equal(await run.exit, 0, run.said());
  const [, after] = run.said().split("\x1b[?7h\x1b[?25h\x1b[?1049l");
  assert.match(after ?? "", /^Left the pool\./);
});

test("no key, no token and no invite stands in what the programs print or log", async () => {
  const { serviceToken, enrolmentToken } = JSON.parse(
    readFileSync(join(pool.dataDir, "secrets.json"), "utf8"),
  ) as Record<string, string>;
  const text = await invite();
  const run = worker(["join", text, "--yes"], { WORKER_NAME: "quiet", LOG_LEVEL: "debug" });
  await run.until(/connected to the pool/);
  run.child.kill("SIGTERM");
  await run.exit;
  const pem = readFileSync(join(dataDir, "workers", "quiet", "node.key.pem"), "utf8");
  const private64 = pem.split("\n")[1] as string;
  const printed = run.said() + readFileSync(pool.api.logFile, "utf8");
  for (const secret of [serviceToken, enrolmentToken, readInvite(text).secret, private64]) {
    assert(!printed.includes(secret as string));
  }
});
