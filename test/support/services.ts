import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { Redis } from "ioredis";
import pg from "pg";
import { keptFolder } from "./kept-folder.ts";

/** A real service on loopback, private to one test file. */
export interface Service {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the process and removes its files. */
  stop(): Promise<void>;
  /** Ends the process at once (SIGKILL) and starts it again on the same port and files. */
  restart(): Promise<void>;
  /** Ends the process with this signal; its port and files stay for `start`. */
  end(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

/** Redis 7 (or the server at `binary`) with AOF, as in production. Throws when no server is found. */
export async function startRedis(binary = redisServer()): Promise<Service> {
  const dir = scratch("redis-");
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir];
  args.push("--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction");
  const start = async () => {
    const child = spawn(binary, args, { stdio: "ignore" });
    await untilReady(child, "redis-server", async () => {
      const client = new Redis(port, "127.0.0.1", { lazyConnect: true, retryStrategy: null });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.ping();
      } finally {
        client.disconnect();
      }
    });
    return child;
  };
  return service(start, `redis://127.0.0.1:${port}`, port, dir);
}

/** PostgreSQL on loopback with an empty database; `durable` keeps fsync on (benches). Throws when not installed. */
export async function startPostgres(options: { durable?: boolean } = {}): Promise<Service> {
  const bin = postgresBin();
  const prepared = await preparedCluster(bin);
  const dir = postgresScratch();
  const port = await freePort();
  const data = join(dir, "data");
  await copyCluster(prepared, data);
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${dir}`];
  if (!options.durable) settings.push("fsync=off");
  const [server, serverArgs] = asPostgres(join(bin, "postgres"), [
    "-D",
    data,
    ...settings.flatMap((s) => ["-c", s]),
  ]);
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const start = async () => {
    const child = spawn(server, serverArgs, { stdio: "ignore", cwd: dir });
    await untilReady(child, "postgres", async () => {
      const client = new pg.Client(url);
      client.on("error", () => {});
      try {
        await client.connect();
      } finally {
        await client.end().catch(() => {});
      }
    });
    return child;
  };
  // At once as well, but taking its own processes along: none of them writes into a folder that is being removed.
  return service(start, url, port, dir, "SIGQUIT");
}

/**
 * An empty cluster that servers of the tests begin with, made on first use: `initdb` takes ten times as long as a
 * copy of what it makes.
 */
function preparedCluster(bin: string): Promise<string> {
  const version = createHash("sha256").update(bin).digest("hex").slice(0, 8);
  return keptFolder(`postgres-${version}`, async (folder) => {
    const dir = postgresScratch();
    try {
      const data = join(dir, "data");
      const args = ["--no-sync", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8"];
      await ran(...asPostgres(join(bin, "initdb"), [...args, "--locale=C"]), dir);
      await copyCluster(data, folder);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

/** Owner and modes go along: a server refuses files of somebody else. */
function copyCluster(from: string, to: string): Promise<void> {
  return ran("cp", ["-Rp", from, to], "/");
}

const asRoot = process.getuid?.() === 0;

/** A folder in which PostgreSQL may write. */
function postgresScratch(): string {
  const dir = scratch("postgres-");
  if (asRoot) chmodSync(dir, 0o777);
  return dir;
}

/** PostgreSQL refuses to run as root: there the `postgres` user that its package made runs it. */
function asPostgres(command: string, args: string[]): [string, string[]] {
  if (!asRoot) return [command, args];
  return ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", command, ...args]];
}

async function ran(command: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`${command} ended with code ${code}: ${stderr}`);
}

/** Path of a redis-server or valkey-server. Debian's redis-tools carries it under another name. */
export function redisServer(): string {
  const found = onPath("redis-server") ?? onPath("valkey-server");
  if (found) return found;
  const multi = onPath("redis-check-rdb");
  if (multi) {
    const link = join(scratch("redis-bin-"), "redis-server");
    symlinkSync(multi, link);
    return link;
  }
  throw new Error("redis-server is missing. On Debian: apt-get install redis-tools");
}

/** Folder of PostgreSQL's server programs, newest version first. */
export function postgresBin(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions) {
    const bin = join(root, version, "bin");
    if (existsSync(join(bin, "initdb"))) return bin;
  }
  const initdb = onPath("initdb");
  if (initdb) return resolve(initdb, "..");
  throw new Error("PostgreSQL is missing. On Debian: apt-get install postgresql");
}

/** A program's path, or null. */
export function onPath(program: string): string | null {
  for (const dir of (process.env.PATH ?? "").split(delimiter)) {
    if (dir && existsSync(join(dir, program))) return join(dir, program);
  }
  return null;
}

/** Below the ports that systems give to connections by themselves (Linux from 32,768, others from 49,152). */
const PORTS = { first: 10_240, perProcess: 32, processes: 700 } as const;
let portsTaken = 0;

/**
 * A TCP port on loopback for a program to listen on, also again after it was stopped: no connection and no other
 * test file takes it meanwhile, as they would take one that the system chose.
 */
export async function freePort(): Promise<number> {
  const { first, perProcess, processes } = PORTS;
  for (let tries = 0; tries < perProcess; tries++) {
    const port = first + (process.pid % processes) * perProcess + (portsTaken++ % perProcess);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error(`none of this process's ${perProcess} ports is free`);
}

const scratches = new Set<string>();
process.on("exit", () => {
  for (const folder of scratches) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    } catch {
      // A program that has not ended even now still writes there.
    }
  }
});

/**
 * A fresh folder under the system's temporary folder, gone with this process unless somebody is to look into it.
 * Short: socket paths must stay under 108 bytes.
 */
export function scratch(prefix: string, { kept = false } = {}): string {
  const folder = mkdtempSync(join(process.env.TMPDIR ?? "/tmp", prefix));
  if (!kept) scratches.add(folder);
  return folder;
}

async function service(
  start: () => Promise<ChildProcess>,
  url: string,
  port: number,
  dir: string,
  atOnce: NodeJS.Signals = "SIGKILL",
): Promise<Service> {
  let child = await start();
  // A test that dies must not leave its services behind.
  const kill = () => child.kill("SIGKILL");
  // Before its folder is removed.
  process.prependListener("exit", kill);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  };
  return {
    url,
    port,
    get pid() {
      return child.pid as number;
    },
    async stop() {
      process.off("exit", kill);
      await end(atOnce);
      rmSync(dir, { recursive: true, force: true });
    },
    async restart() {
      await end("SIGKILL");
      child = await start();
    },
    end,
    async start() {
      child = await start();
    },
  };
}

/** Asks again until the service answers; a service offers no event to wait for from outside. */
async function untilReady(child: ChildProcess, name: string, ask: () => Promise<void>) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`);
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`${name} did not start: ${(error as Error).message}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}
