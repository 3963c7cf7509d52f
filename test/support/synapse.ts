import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
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

/** A real Synapse on loopback: SQLite, no federation. */
export interface Homeserver {
  readonly url: string;
  readonly serverName: string;
  /** Makes a user who is shown by this name; ids are never the same twice. The reply has a session already. */
  user(name: string): Promise<MatrixAccount>;
  /** What an operator does for the bot alone, by the script that we hand out: no limit on its messages. */
  liftLimits(account: MatrixAccount): Promise<void>;
  stop(): Promise<void>;
}

/** `default`: the limits every fresh Synapse has. */
export type Limits = "lifted" | "default";

const SERVER_NAME = "localhost";
const SECRET = "only for tests";
/** Where a whole run of the tests has a homeserver for every file (test/run.ts). */
const SHARED_URL = "TEST_HOMESERVER_URL";

/**
 * A homeserver that asks nobody to wait: the one that all test files of a run share, or for a file that runs
 * alone one of its own.
 */
export async function openHomeserver(): Promise<Homeserver> {
  const url = process.env[SHARED_URL];
  return url ? homeserverAt(url, async () => {}) : startSynapse("lifted");
}

/** Starts the homeserver that test files share, and tells the processes begun from here where it is. */
export async function shareHomeserver(): Promise<Homeserver> {
  const shared = await startSynapse("lifted");
  process.env[SHARED_URL] = shared.url;
  return shared;
}

/** Starts a homeserver for one file alone, 2–3 s; its package is installed on first use. */
export async function startSynapse(limits: Limits): Promise<Homeserver> {
  const python = await synapsePython();
  const folder = scratch("synapse-");
  const file = join(folder, "homeserver.json");
  // JSON is YAML, which Synapse reads.
  writeFileSync(file, JSON.stringify(configOf(folder, limits)));
  // Its own `--generate-keys` would start Python once more, for one line: algorithm, name, seed.
  const seed = randomBytes(32).toString("base64").replace(/=+$/, "");
  writeFileSync(join(folder, "signing.key"), `ed25519 a_test ${seed}\n`, { mode: 0o600 });
  const child = spawn(python, ["-m", "synapse.app.homeserver", "-c", file], {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: folder,
  });
  // A test that dies must not leave its homeserver behind.
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  const port = await listening(child);
  return homeserverAt(`http://127.0.0.1:${port}`, async () => {
    process.off("exit", kill);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      kill();
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The port it chose, as its log tells it. */
async function listening(child: ChildProcess): Promise<number> {
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

function homeserverAt(url: string, stop: () => Promise<void>): Homeserver {
  async function register(name: string, isAdmin: boolean): Promise<MatrixAccount> {
    const path = `${url}/_synapse/admin/v1/register`;
    const { nonce } = (await json(await fetch(path))) as { nonce: string };
    const username = `${name}-${randomUUID().slice(0, 8)}`;
    const password = `password of ${name}`;
    const mac = createHmac("sha1", SECRET)
      .update([nonce, username, password, isAdmin ? "admin" : "notadmin"].join("\0"))
      .digest("hex");
    const body = { nonce, username, displayname: name, password, admin: isAdmin, mac };
    const made = (await json(
      await fetch(path, { method: "POST", body: JSON.stringify(body) }),
    )) as { user_id: string; access_token: string; device_id: string };
    const { user_id: userId, access_token: token, device_id: deviceId } = made;
    return { userId, token, deviceId, password };
  }

  return {
    url,
    serverName: SERVER_NAME,
    user: (name) => register(name, false),
    async liftLimits({ userId }) {
      const { token } = await register("operator", true);
      const script = join(ROOT, "config/synapse/bot-rate-limit.sh");
      const child = spawn("sh", [script, url, userId], {
        env: { PATH: process.env.PATH, ADMIN_TOKEN: token },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [code] = await once(child, "exit");
      if (code !== 0) throw new Error(`${script} ended with code ${code}`);
    },
    stop,
  };
}

function configOf(folder: string, limits: Limits): object {
  return {
    server_name: SERVER_NAME,
    report_stats: false,
    listeners: [
      {
        port: 0,
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
