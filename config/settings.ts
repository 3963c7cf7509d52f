import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { Convert } from "typebox/value";

/** Root of the repository: relative paths in settings are relative to it. */
export const ROOT = resolve(import.meta.dirname, "..");

/** One or more settings are wrong; the message lists each key and what to write. */
export class SettingsError extends Error {
  override name = "SettingsError";
}

interface Setting<T extends Type.TSchema = Type.TSchema> {
  readonly schema: T;
  /** Used when neither the environment nor the file names the key; undefined: the key is required. */
  readonly fallback: unknown;
  /** What to write, for error messages and `.env` files. */
  readonly help: string;
}

const port = Type.Integer({ minimum: 0, maximum: 65535 });
const text = Type.String({ minLength: 1, maxLength: 500 });
const url = (...schemes: string[]) =>
  Type.String({ pattern: `^(${schemes.join("|")})://[^\\s]+$`, maxLength: 2000 });
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** An IP address, or a network as address/bits. */
const address = Type.String({
  pattern:
    "^([0-9]{1,3}(\\.[0-9]{1,3}){3}(/([0-9]|[12][0-9]|3[0-2]))?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(/[0-9]{1,3})?)$",
});
/** 32 or more characters that fit in an HTTP header. */
const secret = Type.String({ pattern: "^[\\x21-\\x7e]{32,200}$" });

function setting<T extends Type.TSchema>(schema: T, fallback: unknown, help: string): Setting<T> {
  return { schema, fallback, help };
}

function perMinute(fallback: number, what: string): Setting<Type.TInteger> {
  return setting(Type.Integer({ minimum: 0 }), fallback, `most ${what} a minute; 0: no limit`);
}

/** Every key there is, for all three programs; the same names in the environment and in the file. */
const SETTINGS = {
  DATA_DIR: setting(text, ".substrate", "a folder for records, keys and models"),
  LOG_LEVEL: setting(
    Type.Union(["fatal", "error", "warn", "info", "debug", "silent"].map((l) => Type.Literal(l))),
    "info",
    "fatal, error, warn, info, debug or silent",
  ),
  API_URL: setting(url("http", "https"), "http://127.0.0.1:7420", "where the pool's API listens"),

  DATABASE_URL: setting(
    orNull(url("postgres", "postgresql")),
    null,
    "postgresql://user:password@host/database; absent: records in DATA_DIR",
  ),
  REDIS_URL: setting(
    orNull(url("redis", "rediss")),
    null,
    "redis://host:6379; absent: a private redis-server, or the in-process queue",
  ),
  BUS_URL: setting(orNull(url("redis", "rediss")), null, "a second Redis for token relay"),
  API_HOST: setting(text, "127.0.0.1", "address to listen on"),
  API_PORT: setting(port, 7420, "a port, 0 for any free one"),
  POOL_NAME: setting(text, "The Substrate (local)", "the pool's name, shown to volunteers"),
  POOL_MODERATORS: setting(
    Type.Array(text, { maxItems: 200 }),
    [],
    "accounts that moderate the whole pool, separated by commas, as doors name them: discord:1234, matrix:@ada:example.org",
  ),
  PUBLIC_URL: setting(
    orNull(url("http", "https")),
    null,
    "address under which volunteers reach the pool, written into invites",
  ),
  SERVICE_TOKEN: setting(orNull(secret), null, "32 or more random characters; doors present it"),
  SERVICE_TOKEN_NEXT: setting(
    orNull(secret),
    null,
    "a second service token that is accepted too, while doors change over to it",
  ),
  ENROLMENT_TOKEN: setting(
    orNull(secret),
    null,
    "32 or more random characters; a node's first visit",
  ),
  POOL_KEY_FILE: setting(
    orNull(text),
    null,
    "PKCS #8 PEM of an Ed25519 key; share it among replicas",
  ),
  TRUSTED_PROXY: setting(
    Type.Array(address, { maxItems: 50 }),
    [],
    "addresses or networks of your own reverse proxies, separated by commas: 127.0.0.1, 10.0.0.0/8",
  ),
  METRICS_HOST: setting(text, "127.0.0.1", "address for Prometheus, not a public one"),
  METRICS_PORT: setting(
    orNull(port),
    null,
    "port of GET /metrics, 0 for any free one; absent: no metrics",
  ),
  RATE_ASKS_PER_MEMBER: perMinute(20, "questions of one member"),
  RATE_ASKS_PER_COMMUNITY: perMinute(600, "questions of one community"),
  RATE_OPEN_PER_ADDRESS: perMinute(600, "requests without a token from one address"),
  RATE_REFUSED_PER_ADDRESS: perMinute(60, "wrong tokens and refused nodes from one address"),
  RATE_HELLOS_PER_KEY: perMinute(30, "connections of one node key"),
  MAX_PROMPT_CHARS: setting(
    Type.Integer({ minimum: 1, maximum: 200_000 }),
    8000,
    "longest prompt, characters",
  ),
  WAIT_LIMIT_MS: setting(
    Type.Integer({ minimum: 1000 }),
    600_000,
    "how long a job may wait, milliseconds",
  ),
  JOB_LIMIT_MS: setting(
    Type.Integer({ minimum: 1000 }),
    300_000,
    "how long a node may work on one job, milliseconds",
  ),

  BOT_DOORS: setting(
    Type.Array(
      Type.Union([Type.Literal("local"), Type.Literal("discord"), Type.Literal("matrix")]),
      {
        minItems: 1,
      },
    ),
    ["local"],
    "doors to open, separated by commas: local, discord, matrix",
  ),
  DISCORD_TOKEN: setting(
    orNull(text),
    null,
    "the bot's token from Discord's developer portal, for the door discord",
  ),
  DISCORD_API_URL: setting(
    url("http", "https"),
    "https://discord.com/api",
    "Discord's API, without a version",
  ),
  DISCORD_MESSAGE_CONTENT: setting(
    Type.Boolean(),
    false,
    "true: in its own threads no mention is needed (switch the message content intent on in the developer portal)",
  ),
  MATRIX_HOMESERVER_URL: setting(
    orNull(url("http", "https")),
    null,
    "the address clients use, for example https://matrix.example.org, for the door matrix",
  ),
  MATRIX_USER: setting(orNull(text), null, "the bot's user id, for example @substrate:example.org"),
  MATRIX_TOKEN: setting(orNull(text), null, "the bot's access token; or give MATRIX_PASSWORD_FILE"),
  MATRIX_PASSWORD_FILE: setting(orNull(text), null, "a file that holds the bot's password"),
  MATRIX_INVITE_FROM: setting(
    Type.Array(text, { maxItems: 1000 }),
    [],
    "users (@anna:example.org) and servers (example.org) that may invite the bot, separated by commas; * is everybody",
  ),
  MATRIX_EVENTS_PER_SECOND: setting(
    Type.Number({ minimum: 0, maximum: 1000 }),
    0.2,
    "events a second that the homeserver allows the bot (Synapse's default is 0.2); 0: no limit",
  ),
  MATRIX_EVENTS_BURST: setting(
    Type.Integer({ minimum: 1, maximum: 10_000 }),
    10,
    "events it may send at once after a quiet time (Synapse's default is 10)",
  ),
  MATRIX_ENCRYPTION: setting(
    Type.Boolean(),
    false,
    "true: also in encrypted rooms; needs MATRIX_STORE_KEY",
  ),
  MATRIX_STORE_KEY: setting(
    orNull(secret),
    null,
    "32 or more random characters; they seal the bot's keys on disk and its backup at the homeserver",
  ),
  LOCAL_HOST: setting(text, "127.0.0.1", "address of the local room's page"),
  LOCAL_PORT: setting(port, 7400, "port of the local room's page, 0 for any free one"),
  COMMUNITY: setting(text, "local", "name of the local room's community"),

  WORKER_NAME: setting(
    Type.String({ pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,59}$" }),
    defaultNodeName(),
    "the node's name: letters, digits, space, dot, dash; at most 60",
  ),
  WORKER_ENGINE: setting(
    Type.Union([Type.Literal("llama"), Type.Literal("openai"), Type.Literal("echo")]),
    "llama",
    "llama, openai (a server of yours that speaks OpenAI's API, see WORKER_OPENAI_URL) or echo",
  ),
  WORKER_MODELS: setting(
    Type.Array(text, { maxItems: 50 }),
    ["substrate-demo"],
    "models to offer, separated by commas: id, SHA-256 or path of a GGUF file",
  ),
  WORKER_SLOTS: setting(
    orNull(Type.Integer({ minimum: 1, maximum: 64 })),
    null,
    "answers written at once, 1 to 64; absent: what gives most tokens a second is measured at start",
  ),
  WORKER_THREADS: setting(
    orNull(Type.Integer({ minimum: 1, maximum: 512 })),
    null,
    "engine threads; absent: the fastest is measured at start",
  ),
  WORKER_MAX_THREADS: setting(
    orNull(Type.Integer({ minimum: 1, maximum: 512 })),
    null,
    "most engine threads that are tried at start, 1 or more; absent: the processor's cores",
  ),
  WORKER_HOURS: setting(
    orNull(text),
    null,
    "days and hours in which to work, for example mon-fri 20:00-08:00, sat-sun; absent: always",
  ),
  WORKER_TIME_ZONE: setting(
    orNull(text),
    null,
    "time zone of WORKER_HOURS, for example Europe/Berlin; absent: this machine's",
  ),
  WORKER_ANSWERS_PER_DAY: setting(
    orNull(Type.Integer({ minimum: 1 })),
    null,
    "most answers a day, 1 or more; absent: no limit",
  ),
  WORKER_MEMORY_MB: setting(
    orNull(Type.Integer({ minimum: 64 })),
    null,
    "memory for models in megabytes, 64 or more; absent: what is free",
  ),
  WORKER_GPU: setting(
    Type.Union(["off", "auto", "cuda", "vulkan", "metal"].map((g) => Type.Literal(g))),
    "auto",
    "auto, off, cuda, vulkan or metal; install a card's engine with: npm run worker -- gpu",
  ),
  WORKER_VRAM_MB: setting(
    orNull(Type.Integer({ minimum: 0 })),
    null,
    "graphics memory for models in megabytes, 0 for none; absent: what is free",
  ),
  WORKER_DRAIN_SECONDS: setting(
    Type.Integer({ minimum: 0, maximum: 3600 }),
    10,
    "time that running answers get to finish when a service manager stops the worker",
  ),
  WORKER_OPENAI_URL: setting(
    url("http", "https"),
    "http://127.0.0.1:11434/v1",
    "address of your OpenAI-compatible server, with its /v1",
  ),
  WORKER_OPENAI_KEY: setting(orNull(text), null, "that server's key, where it wants one"),
  WORKER_OPENAI_REMOTE: setting(
    Type.Boolean(),
    false,
    "true: the server may be on the internet; whoever runs it then reads the members' questions",
  ),
  WORKER_CONTEXT: setting(
    Type.Integer({ minimum: 128, maximum: 1_048_576 }),
    2048,
    "context in tokens, at most the model's own",
  ),
  WORKER_CACHE: setting(
    orNull(text),
    null,
    "folder for fetched models; absent: models/ in DATA_DIR",
  ),
  OFFLINE: setting(Type.Boolean(), false, "true: never fetch a model"),
} satisfies Record<string, Setting>;

type Key = keyof typeof SETTINGS;
type CamelCase<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Lowercase<A>}${Capitalize<CamelCase<B>>}`
  : Lowercase<S>;
type Values<K extends Key> = {
  readonly [P in K as CamelCase<P>]: Type.Static<(typeof SETTINGS)[P]["schema"]>;
};

const COMMON = ["DATA_DIR", "LOG_LEVEL", "API_URL"] as const;
const API = [
  ...COMMON,
  "DATABASE_URL",
  "REDIS_URL",
  "BUS_URL",
  "API_HOST",
  "API_PORT",
  "POOL_NAME",
  "POOL_MODERATORS",
  "PUBLIC_URL",
  "SERVICE_TOKEN",
  "SERVICE_TOKEN_NEXT",
  "ENROLMENT_TOKEN",
  "POOL_KEY_FILE",
  "TRUSTED_PROXY",
  "METRICS_HOST",
  "METRICS_PORT",
  "RATE_ASKS_PER_MEMBER",
  "RATE_ASKS_PER_COMMUNITY",
  "RATE_OPEN_PER_ADDRESS",
  "RATE_REFUSED_PER_ADDRESS",
  "RATE_HELLOS_PER_KEY",
  "MAX_PROMPT_CHARS",
  "WAIT_LIMIT_MS",
  "JOB_LIMIT_MS",
] as const;
const BOT = [
  ...COMMON,
  "SERVICE_TOKEN",
  "BOT_DOORS",
  "DISCORD_TOKEN",
  "DISCORD_API_URL",
  "DISCORD_MESSAGE_CONTENT",
  "MATRIX_HOMESERVER_URL",
  "MATRIX_USER",
  "MATRIX_TOKEN",
  "MATRIX_PASSWORD_FILE",
  "MATRIX_INVITE_FROM",
  "MATRIX_EVENTS_PER_SECOND",
  "MATRIX_EVENTS_BURST",
  "MATRIX_ENCRYPTION",
  "MATRIX_STORE_KEY",
  "LOCAL_HOST",
  "LOCAL_PORT",
  "COMMUNITY",
] as const;
const WORKER = [
  ...COMMON,
  "ENROLMENT_TOKEN",
  "WORKER_NAME",
  "WORKER_ENGINE",
  "WORKER_MODELS",
  "WORKER_SLOTS",
  "WORKER_THREADS",
  "WORKER_MAX_THREADS",
  "WORKER_HOURS",
  "WORKER_TIME_ZONE",
  "WORKER_ANSWERS_PER_DAY",
  "WORKER_MEMORY_MB",
  "WORKER_GPU",
  "WORKER_VRAM_MB",
  "WORKER_DRAIN_SECONDS",
  "WORKER_OPENAI_URL",
  "WORKER_OPENAI_KEY",
  "WORKER_OPENAI_REMOTE",
  "WORKER_CONTEXT",
  "WORKER_CACHE",
  "OFFLINE",
] as const;

export type ApiSettings = Values<(typeof API)[number]>;
export type BotSettings = Values<(typeof BOT)[number]>;
export type WorkerSettings = Values<(typeof WORKER)[number]>;
/** Every setting under the program that reads it first; for the example of an environment file. */
export function settingsByProgram(): { program: string; keys: [key: string, Setting][] }[] {
  const seen = new Set<Key>();
  const fresh = (keys: readonly Key[]): [string, Setting][] =>
    keys.flatMap((key) => {
      if (seen.has(key)) return [];
      seen.add(key);
      return [[key, SETTINGS[key]]];
    });
  return [
    { program: "all programs", keys: fresh(COMMON) },
    { program: "npm run api", keys: fresh(API) },
    { program: "npm run bot", keys: fresh(BOT) },
    { program: "npm run worker", keys: fresh(WORKER) },
  ];
}

/** Environment variables, as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the pool service. Throws SettingsError. */
export const apiSettings = (env: Environment): ApiSettings => read(API, env);
/** Settings of the chat doors. Throws SettingsError. */
export const botSettings = (env: Environment): BotSettings => read(BOT, env);
/**
 * Settings of a volunteer's worker. `remembered`: what the worker noted down for itself when it joined, by the
 * same names; environment and file go before it. Throws SettingsError.
 */
export const workerSettings = (
  env: Environment,
  remembered: Readonly<Record<string, unknown>> = {},
): WorkerSettings => read(WORKER, env, remembered);

function read<K extends Key>(
  keys: readonly K[],
  env: Environment,
  remembered: Readonly<Record<string, unknown>> = {},
): Values<K> {
  const problems: string[] = [];
  const file = readFile(env.SUBSTRATE_CONFIG ?? null, problems);
  const values: Record<string, unknown> = {};
  for (const key of keys) {
    const { schema, fallback, help } = SETTINGS[key];
    const written =
      env[key] !== undefined && env[key] !== "" ? env[key] : (file[key] ?? remembered[key]);
    const value = written === undefined ? fallback : convert(schema, written);
    if (!Compile(schema).Check(value)) {
      problems.push(`${key}: ${shown(key, written)} will not do. Write ${help}.`);
    }
    values[camelCase(key)] = value;
  }
  if (problems.length > 0) {
    throw new SettingsError(`Settings need mending:\n${problems.map((p) => `  ${p}`).join("\n")}`);
  }
  values.dataDir = resolve(ROOT, values.dataDir as string);
  return Object.freeze(values) as unknown as Values<K>;
}

/** The optional file `substrate.json` in the root, or the one SUBSTRATE_CONFIG names: keys as above. */
function readFile(path: string | null, problems: string[]): Record<string, unknown> {
  const file = resolve(ROOT, path ?? "substrate.json");
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    if (path !== null || (error as NodeJS.ErrnoException).code !== "ENOENT") {
      problems.push(`SUBSTRATE_CONFIG: cannot read ${file} (${(error as Error).message})`);
    }
    return {};
  }
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new TypeError('it must hold one object, { "KEY": value, … }');
    }
    for (const key of Object.keys(value)) {
      if (!(key in SETTINGS)) {
        problems.push(
          `${key} (in ${file}): no such setting. Keys: ${Object.keys(SETTINGS).join(", ")}`,
        );
      }
    }
    return value as Record<string, unknown>;
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`);
    return {};
  }
}

function convert(schema: Type.TSchema, written: unknown): unknown {
  if (Type.IsArray(schema) && typeof written === "string") {
    return written
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }
  if (typeof written !== "string" || Type.IsString(schema)) return written;
  // Null is for what is not written: a `0` that is too small must be refused, not turned into "no limit".
  const options = Type.IsUnion(schema)
    ? schema.anyOf.filter((each) => !Type.IsNull(each))
    : [schema];
  return Convert(Type.Union(options), written);
}

/** A refused value as the message may show it: never a secret. */
function shown(key: string, written: unknown): string {
  if (written === undefined) return "nothing";
  if (/TOKEN|KEY|_URL$/.test(key)) return "the value given";
  return JSON.stringify(written);
}

function camelCase(key: string): string {
  return key.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function defaultNodeName(): string {
  const name = hostname()
    .replace(/[^\p{L}\p{N} ._-]/gu, "-")
    .slice(0, 60);
  return /^[\p{L}\p{N}]/u.test(name) ? name : "node";
}

/** Folder of fetched models: WORKER_CACHE, or `models` in the data folder. */
export function modelCacheDir(settings: WorkerSettings): string {
  return settings.workerCache === null
    ? join(settings.dataDir, "models")
    : resolve(ROOT, settings.workerCache);
}
