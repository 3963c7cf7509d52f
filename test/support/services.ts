import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";

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
  const dir = scratch("postgres-");
  const port = await freePort();
  // PostgreSQL refuses to run as root: there the `postgres` user that its package made runs it.
  const asRoot = process.getuid?.() === 0;
  const run = (command: string, args: string[]): [string, string[]] =>
    asRoot
      ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", command, ...args]]
      : [command, args];
  if (asRoot) {
    chmodSync(dir, 0o777);
  }
  const data = join(dir, "data");
  const [initdb, initArgs] = run(join(bin, "initdb"), [
    "--no-sync",
    "-D",
    data,
    "-U",
    "postgres",
    "--auth=trust",
    "-E",
    "UTF8",
    "--locale=C",
  ]);
  const made = spawnSync(initdb, initArgs, { cwd: dir, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${dir}`];
  if (!options.durable) settings.push("fsync=off");
  const [server, serverArgs] = run(join(bin, "postgres"), [
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
  return service(start, url, port, dir);
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

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A fresh folder under the system's temporary folder. Short: socket paths must stay under 108 bytes. */
export function scratch(prefix: string): string {
  return mkdtempSync(join(process.env.TMPDIR ?? "/tmp", prefix));
}

async function service(
  start: () => Promise<ChildProcess>,
  url: string,
  port: number,
  dir: string,
): Promise<Service> {
  let child = await start();
  // A test that dies must not leave its services behind.
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
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
      await end("SIGKILL");
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
