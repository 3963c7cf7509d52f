import { Redis } from "ioredis";
import { isLoopback, soon } from "./address.ts";
import { clockSkew, judgeSkew } from "./clock.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const ANSWER_MS = 5_000;

/** Redis or Valkey behind REDIS_URL or BUS_URL (`key`); the bus holds nothing, so durability is asked of the queue only. */
export async function examineRedis(url: string, key: "REDIS_URL" | "BUS_URL"): Promise<Finding[]> {
  const name = key === "REDIS_URL" ? "redis" : "bus";
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
  });
  let refused: Error | null = null;
  client.on("error", (error) => {
    refused ??= error;
  });
  try {
    await soon(ANSWER_MS, client.connect());
    return await soon(2 * ANSWER_MS, examine(client, name, new URL(url)));
  } catch (error) {
    return [unreachable(name, key, refused ?? (error as Error))];
  } finally {
    client.disconnect();
  }
}

async function examine(client: Redis, name: string, url: URL): Promise<Finding[]> {
  const info = parseInfo(await client.info());
  const findings: Finding[] = [version(name, info)];

  if (info.role === "slave" || info.role === "replica") {
    findings.push(
      problem(
        `${name}.role`,
        "this is a replica",
        "Nothing can be written here, so no question gets into the queue.",
        "Point the URL at the primary.",
      ),
    );
  }
  if (name === "redis") findings.push(eviction(info), await appendOnly(client, info));
  const [used, most] = [Number(info.used_memory), Number(info.maxmemory)];
  if (most > 0 && used > 0.8 * most) {
    findings.push(
      warning(
        `${name}.memory`,
        `${Math.round((used / most) * 100)} % of maxmemory is used`,
        "When it is full no question gets into the queue until it drains; none is lost.",
        "Raise maxmemory, or find out why jobs wait (substrate_queue_depth).",
      ),
    );
  }
  const open = url.password === "" && url.protocol === "redis:";
  if (!isLoopback(url.hostname) && open) {
    findings.push(
      problem(
        `${name}.password`,
        `${url.hostname} lets anybody in who reaches it, unencrypted`,
        "Who reaches it can empty the queue, read the stream of answers and forge events.",
        "Set requirepass (or an ACL user) and bind it to a private network; use rediss:// across networks.",
      ),
    );
  }
  const skew = await clockSkew(async () => {
    const [seconds, microseconds] = await client.time();
    return Number(seconds) * 1000 + Number(microseconds) / 1000;
  }, Date.now);
  findings.push(judgeSkew(`${name}.clock`, "Redis'", skew));
  return findings;
}

function version(name: string, info: Info): Finding {
  const valkey = info.valkey_version;
  const version = info.redis_version ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const found = valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`;
  if (valkey !== undefined || major > 6 || (major === 6 && minor >= 2)) {
    return ok(`${name}.version`, found);
  }
  return problem(
    `${name}.version`,
    found,
    "The queue's scripts need 6.2 or newer.",
    "Install Redis 6.2 or newer, or Valkey.",
  );
}

function eviction(info: Info): Finding {
  const found = `maxmemory-policy ${info.maxmemory_policy}`;
  if (info.maxmemory_policy === "noeviction") return ok("redis.eviction", found);
  return problem(
    "redis.eviction",
    found,
    "When memory gets short Redis throws parts of the queue away; jobs wait until the pool notices and adds them again.",
    "redis-cli CONFIG SET maxmemory-policy noeviction, and write it into redis.conf.",
  );
}

async function appendOnly(client: Redis, info: Info): Promise<Finding> {
  if (info.aof_enabled !== "1") {
    return warning(
      "redis.aof",
      "the append-only file is off",
      "After a restart of Redis the queue is empty and refilled from the records: waiting jobs come some seconds late, in order.",
      "redis-cli CONFIG SET appendonly yes, and write it into redis.conf.",
    );
  }
  if (info.aof_last_write_status !== "ok") {
    return problem(
      "redis.aof",
      `the append-only file cannot be written (${info.aof_last_write_status})`,
      "Redis refuses writes: no question gets into the queue.",
      "Free space on Redis' disk, and see its log.",
    );
  }
  // Some hosts forbid CONFIG.
  const fsync = await client.config("GET", "appendfsync").catch(() => null);
  const how = Array.isArray(fsync) ? ` (appendfsync ${fsync[1]})` : "";
  return ok("redis.aof", `the append-only file is on${how}`);
}

function unreachable(name: string, key: string, error: Error): Finding {
  const { message } = error;
  const remedy = /NOAUTH|WRONGPASS|AUTH/.test(message)
    ? `Write the password into ${key}: redis://:PASSWORD@host:6379.`
    : /ECONNREFUSED/.test(message)
      ? "Start Redis, and let it listen there (bind, port)."
      : `See that Redis runs, that the host in ${key} is right and that a firewall lets this machine in.`;
  return problem(
    `${name}.reachable`,
    `${key} cannot be used: ${message}`,
    "Questions are kept in the records, but no node gets one before the queue is back.",
    remedy,
  );
}

type Info = Readonly<Record<string, string | undefined>>;

/** `key:value` lines of INFO. */
function parseInfo(text: string): Info {
  return Object.fromEntries(
    text.split("\r\n").flatMap((line) => {
      const at = line.indexOf(":");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
