import { existsSync, readFileSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, dirname, join, resolve } from "node:path";
import { type ApiSettings, ROOT } from "../../config/settings.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const GIGABYTE = 1_073_741_824;

/** This machine: the program and its packages, disk, secrets, ports. */
export async function examineMachine(settings: ApiSettings): Promise<Finding[]> {
  return [
    node(process.versions.node),
    packages(ROOT),
    ...(settings.redisUrl === null ? [ownRedis()] : []),
    await disk(settings.dataDir),
    ...secrets(settings),
    ...(await Promise.all([
      port("API_PORT", settings.apiHost, settings.apiPort),
      ...(settings.metricsPort === null
        ? []
        : [port("METRICS_PORT", settings.metricsHost, settings.metricsPort)]),
    ])),
  ];
}

export function node(version: string): Finding {
  if (Number(version.split(".")[0]) >= 24) return ok("machine.node", `Node ${version}`);
  return problem(
    "machine.node",
    `Node ${version}`,
    "The program's TypeScript runs on Node 24 or newer.",
    "Start by npm run …, or with node_modules/.bin/node, which npm ci installs.",
  );
}

/** Whether the packages installed under `root` are those of its lock file. */
export function packages(root: string): Finding {
  const check = "machine.packages";
  const versions = (file: string) => {
    const { packages } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
      packages: Record<string, { version?: string }>;
    };
    return packages;
  };
  let installed: ReturnType<typeof versions>;
  const locked = versions("package-lock.json");
  try {
    installed = versions("node_modules/.package-lock.json");
  } catch {
    const remedy = "Run npm ci in the program's folder.";
    return problem(check, "npm has not installed them", "The program cannot start.", remedy);
  }
  const wrong = Object.entries(installed)
    .filter(([place, { version }]) => place in locked && locked[place]?.version !== version)
    .map(([place, { version }]) => `${place.replace(/^.*node_modules\//, "")} ${version}`);
  if (wrong.length === 0) return ok(check, "as the lock file says");
  return warning(
    check,
    `${wrong.length} other than the lock file says: ${wrong.slice(0, 3).join(", ")}`,
    "Nobody has tried the pool with these versions.",
    "Run npm ci in the program's folder, and restart.",
  );
}

function ownRedis(): Finding {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .some((dir) => ["redis-server", "valkey-server"].some((name) => existsSync(join(dir, name))));
  if (found) return ok("machine.redis", "REDIS_URL is not set; the api starts a Redis of its own");
  return warning(
    "machine.redis",
    "REDIS_URL is not set, and there is neither redis-server nor valkey-server",
    "The queue runs inside the api: slow, and for one process only.",
    "Install redis-server, or set REDIS_URL.",
  );
}

async function disk(dataDir: string): Promise<Finding> {
  // The folder may not have been made yet; the nearest one above it lies on the same disk.
  let dir = dataDir;
  while (!existsSync(dir) && dir !== dirname(dir)) dir = dirname(dir);
  const { bavail, bsize } = await statfs(dir);
  return judgeSpace(dataDir, bavail * bsize);
}

export function judgeSpace(dataDir: string, bytes: number): Finding {
  const found = `${(bytes / GIGABYTE).toFixed(1)} GB free for ${dataDir}`;
  if (bytes >= 2 * GIGABYTE) return ok("machine.disk", found);
  return (bytes < GIGABYTE / 4 ? problem : warning)(
    "machine.disk",
    found,
    "On a full disk records, queue and model files can no longer be written.",
    "Free space, or set DATA_DIR to a folder on a larger disk.",
  );
}

/** Files that hold secrets must be their owner's alone. Windows has no such modes. */
export function secrets(
  settings: Pick<ApiSettings, "dataDir" | "poolKeyFile" | "databaseUrl" | "serviceToken">,
): Finding[] {
  const check = "machine.secrets";
  const files = [join(settings.dataDir, "secrets.json")];
  if (settings.poolKeyFile !== null) files.push(resolve(ROOT, settings.poolKeyFile));
  const findings = files.filter(existsSync).map((file) => {
    const mode = statSync(file).mode & 0o777;
    if (process.platform === "win32" || (mode & 0o077) === 0) {
      return ok(check, `${file} is readable by its owner only`);
    }
    return problem(
      check,
      `${file} has mode ${mode.toString(8)}`,
      "Other users of this machine can read it and sign orders, or ask, in the pool's name.",
      `chmod 600 ${file}; if others may have read it, make new secrets (docs/operator.md).`,
    );
  });
  if (settings.poolKeyFile !== null && !existsSync(files[1] as string)) {
    findings.push(
      problem(
        check,
        `POOL_KEY_FILE: there is no ${files[1]}`,
        "The api cannot start: nodes would not know this pool.",
        "Copy the pool's key there, or make one: openssl genpkey -algorithm ed25519 -out FILE.",
      ),
    );
  }
  const shared = settings.serviceToken !== null && settings.poolKeyFile !== null;
  if (settings.databaseUrl !== null && !shared) {
    findings.push(
      warning(
        check,
        "DATABASE_URL is set, but SERVICE_TOKEN or POOL_KEY_FILE is not",
        "A replica on another machine would make secrets of its own, and nodes would take it for another pool.",
        "With one machine this is fine. With several give the same tokens and key to each.",
      ),
    );
  }
  return findings;
}

async function port(key: string, host: string, wanted: number): Promise<Finding> {
  const check = `machine.${key.toLowerCase().replace("_", "-")}`;
  const free = await new Promise<NodeJS.ErrnoException | null>((done) => {
    const server = createServer();
    server.once("error", done);
    server.listen(wanted, host, () => server.close(() => done(null)));
  });
  const place = `${host}:${wanted}`;
  if (free === null) return ok(check, `${place} is free`);
  if (free.code === "EADDRINUSE") {
    if (await isPool(host, wanted, key)) return ok(check, `the pool listens at ${place}`);
    return problem(
      check,
      `another program listens at ${place}`,
      "The api cannot start here.",
      `Stop that program, or set ${key} to a free port.`,
    );
  }
  return problem(
    check,
    `${place} cannot be listened on: ${free.message}`,
    "The api cannot start here.",
    free.code === "EACCES"
      ? `Ports below 1024 belong to root: set ${key} to a higher one and let the proxy listen there.`
      : `Mend ${key.replace("PORT", "HOST")}: it must be an address of this machine.`,
  );
}

/** Whether who listens there answers as this program does. */
async function isPool(host: string, port: number, key: string): Promise<boolean> {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host;
  try {
    const path = key === "METRICS_PORT" ? "/metrics" : "/healthz";
    const url = `http://${name}:${port}${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    return text.includes("substrate_asks_total") || text === '{"status":"alive"}';
  } catch {
    return false;
  }
}
