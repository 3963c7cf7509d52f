import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { connectRedis, pingRedis } from "./redis.ts";

/** A Redis of our own on loopback, ended with this process. */
export interface PrivateRedis {
  readonly url: string;
  close(): Promise<void>;
}

/** A port found free may be somebody else's by the time the server asks for it; then it tries another. */
const MAX_TRIES = 5;

/**
 * Starts `redis-server` or `valkey-server` from PATH on a free loopback port, with a password and with its
 * append-only file in the data folder, so that a demo runs the production code path. One that outlived a
 * killed predecessor is taken over: two on one folder would spoil its file. Null when neither is installed.
 */
export async function startPrivateRedis(
  dataDir: string,
  portToTry: () => Promise<number> = freePort,
): Promise<PrivateRedis | null> {
  const program = onPath("redis-server") ?? onPath("valkey-server");
  if (program === null) return null;
  const dir = join(dataDir, "redis");
  const card = join(dir, "address");
  mkdirSync(dir, { recursive: true });
  const running = await survivor(card);
  if (running !== null) return { url: running, close: () => shutDown(running, card) };

  for (let tries = 1; ; tries++) {
    const url = addressOn(await portToTry());
    writeFileSync(card, url.href, { mode: 0o600 });
    const child = startServer(program, url, dir);
    if (await ready(child, url.href)) return ownServer(child, url.href, card);
    if (child.exitCode === null || tries === MAX_TRIES) {
      child.kill("SIGKILL");
      throw new Error(
        `The private redis-server did not get ready (exit code ${child.exitCode ?? "none"}). ` +
          "Set REDIS_URL to use one of your own.",
      );
    }
  }
}

function addressOn(port: number): URL {
  return new URL(`redis://:${randomBytes(24).toString("base64url")}@127.0.0.1:${port}`);
}

/** It ends with this process at the latest. */
function startServer(program: string, { port, password }: URL, dir: string): ChildProcess {
  // Its own group: Ctrl-C in a terminal must reach this process first, which gives leases back.
  const child = spawn(program, ["-"], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  // By standard input, because arguments can be read by everyone on the machine.
  child.stdin.end(
    [
      ...[`port ${port}`, "bind 127.0.0.1", `requirepass ${password}`, `dir "${dir}"`],
      ...["appendonly yes", "appendfsync everysec", 'save ""', "maxmemory-policy noeviction"],
    ].join("\n"),
  );
  return child;
}

function ownServer(child: ChildProcess, url: string, card: string): PrivateRedis {
  return {
    url,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(card, { force: true });
    },
  };
}

/** Address of the one a predecessor left running, or null. */
async function survivor(card: string): Promise<string | null> {
  if (!existsSync(card)) return null;
  const url = readFileSync(card, "utf8");
  return (await answers(url)) ? url : null;
}

/** Whoever listens there instead may say nothing at all. */
async function answers(url: string): Promise<boolean> {
  try {
    const connection = await connectRedis(url, () => {}, {
      maxRetriesPerRequest: 1,
      commandTimeout: 2000,
    });
    try {
      await pingRedis(connection);
      return true;
    } finally {
      connection.disconnect();
    }
  } catch {
    return false;
  }
}

async function shutDown(url: string, card: string): Promise<void> {
  const connection = await connectRedis(url, () => {}, { maxRetriesPerRequest: 1 });
  // It answers by closing the connection.
  await connection.shutdown().catch(() => {});
  connection.disconnect();
  rmSync(card, { force: true });
}

/**
 * False when it ended instead, or was not ready in half a minute. It has no way to tell us, so it is asked until
 * it answers; loading a long file takes a while.
 */
async function ready(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  const ended = once(child, "exit").then(() => false);
  while (!(await Promise.race([answers(url), ended]))) {
    if (child.exitCode !== null || Date.now() > deadline) return false;
    await new Promise((done) => setTimeout(done, 20));
  }
  return true;
}

function onPath(program: string): string | null {
  for (const dir of (process.env.PATH ?? "").split(delimiter)) {
    if (dir !== "" && existsSync(join(dir, program))) return join(dir, program);
  }
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
