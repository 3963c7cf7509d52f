import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../config/settings.ts";
import { scratch } from "./services.ts";
import { synapsePython } from "./synapse-install.ts";

/** A user of the homeserver with a session of its own. */
export interface MatrixAccount {
  readonly userId: string;
  readonly token: string;
  readonly deviceId: string;
  readonly password: string;
}

/** A real Synapse on loopback, private to one test file: SQLite, no federation. */
export interface Homeserver {
  readonly url: string;
  readonly serverName: string;
  readonly pid: number;
  /** Makes a user. Names are free to choose; the reply has a session already. */
  user(name: string): Promise<MatrixAccount>;
  /** What an operator does for the bot alone, by the script that we hand out: no limit on its messages. */
  liftLimits(account: MatrixAccount): Promise<void>;
  /** Ends the process and starts it again on the same port and files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SynapseOptions {
  /** `default`: the limits every fresh Synapse has. */
  readonly limits?: "lifted" | "default";
}

const SERVER_NAME = "localhost";
const SECRET = "only for tests";

/** Starts a homeserver, 2–3 s; its package is installed on first use. */
export async function startSynapse(options: SynapseOptions = {}): Promise<Homeserver> {
  const python = await synapsePython();
  const folder = scratch("synapse-");
  const file = join(folder, "homeserver.json");
  const configure = (port: number) =>
    // JSON is YAML, which Synapse reads.
    writeFileSync(file, JSON.stringify(configOf(folder, port, options.limits ?? "lifted")));
  configure(0);
  const args = ["-m", "synapse.app.homeserver", "-c", file];
  // Its own `--generate-keys` would start Python once more, for one line: algorithm, name, seed.
  const seed = randomBytes(32).toString("base64").replace(/=+$/, "");
  writeFileSync(join(folder, "signing.key"), `ed25519 a_test ${seed}\n`, { mode: 0o600 });

  let child: ChildProcess;
  const kill = () => child.kill("SIGKILL");
  async function start(): Promise<number> {
    child = spawn(python, args, { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
    const last: string[] = [];
    for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
      const port = /Synapse now listening on TCP port (\d+)/.exec(line)?.[1];
      if (port) {
        child.stderr?.resume();
        return Number(port);
      }
      if (last.push(line) > 20) last.shift();
    }
    throw new Error(`Synapse did not start:\n${last.join("\n")}`);
  }
  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  process.on("exit", kill);
  const port = await start();
  configure(port);
  const url = `http://127.0.0.1:${port}`;
  let admin: Promise<MatrixAccount> | undefined;

  async function register(name: string, isAdmin: boolean): Promise<MatrixAccount> {
    const path = `${url}/_synapse/admin/v1/register`;
    const { nonce } = (await json(await fetch(path))) as { nonce: string };
    const password = `password of ${name}`;
    const mac = createHmac("sha1", SECRET)
      .update([nonce, name, password, isAdmin ? "admin" : "notadmin"].join("\0"))
      .digest("hex");
    const body = { nonce, username: name, password, admin: isAdmin, mac };
    const made = (await json(
      await fetch(path, { method: "POST", body: JSON.stringify(body) }),
    )) as { user_id: string; access_token: string; device_id: string };
    const { user_id: userId, access_token: token, device_id: deviceId } = made;
    return { userId, token, deviceId, password };
  }

  return {
    url,
    serverName: SERVER_NAME,
    get pid() {
      return child.pid as number;
    },
    user: (name) => register(name, false),
    async liftLimits({ userId }) {
      admin ??= register("operator", true);
      const { token } = await admin;
      const script = join(ROOT, "config/synapse/bot-rate-limit.sh");
      const child = spawn("sh", [script, url, userId], {
        env: { PATH: process.env.PATH, ADMIN_TOKEN: token },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [code] = await once(child, "exit");
      if (code !== 0) throw new Error(`${script} ended with code ${code}`);
    },
    async restart() {
      await end();
      await start();
    },
    async stop() {
      process.off("exit", kill);
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(folder: string, port: number, limits: "lifted" | "default"): object {
  return {
    server_name: SERVER_NAME,
    report_stats: false,
    listeners: [
      {
        port,
        type: "http",
        tls: false,
        bind_addresses: ["127.0.0.1"],
        resources: [{ names: ["client"] }],
      },
    ],
    database: { name: "sqlite3", args: { database: join(folder, "homeserver.db") } },
    signing_key_path: join(folder, "signing.key"),
    pid_file: join(folder, "homeserver.pid"),
    media_store_path: join(folder, "media"),
    registration_shared_secret: SECRET,
    macaroon_secret_key: SECRET,
    form_secret: SECRET,
    federation_domain_whitelist: [],
    trusted_key_servers: [],
    bcrypt_rounds: 4,
    presence: { enabled: false },
    ...(limits === "lifted" ? LIFTED : {}),
  };
}

const FREE = { per_second: 10_000, burst_count: 10_000 };
const LIFTED = {
  rc_message: FREE,
  rc_registration: FREE,
  rc_login: { address: FREE, account: FREE, failed_attempts: FREE },
  rc_joins: { local: FREE, remote: FREE },
  rc_joins_per_room: FREE,
  rc_invites: { per_room: FREE, per_user: FREE, per_issuer: FREE },
  rc_room_creation: FREE,
  rc_admin_redaction: FREE,
  rc_key_requests: FREE,
  rc_profile: FREE,
  rc_user_directory: FREE,
};

async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`Synapse answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
