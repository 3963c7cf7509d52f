import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import type { Service } from "../support/services.ts";
import type { Child } from "./child.ts";
import type { Fleet } from "./fleet.ts";
import { workerWithFullDisk } from "./full-disk.ts";
import type { Conduct } from "./swarm-node.ts";

/** How long things stay broken. */
export interface FaultTimes {
  /** A frozen process (SIGSTOP). */
  readonly frozenMs: number;
  /** A dead service, a cut line, a misbehaving node. */
  readonly awayMs: number;
}

/** One way to break a part of the pool; when `act` is over, everything is as it was before. */
export interface Fault {
  readonly name: string;
  /** Where nodes misbehave: how. */
  readonly conduct?: Conduct;
  act(fleet: Fleet, times: FaultTimes): Promise<void>;
}

/** Nodes of a hundred that misbehave together. */
const BAD_PER_HUNDRED = 10;
const SLOW_NETWORK_MS = 150;

const killed = (name: string, part: (fleet: Fleet) => Child): Fault => ({
  name: `${name} killed`,
  async act(fleet, { awayMs }) {
    await part(fleet).kill();
    await delay(awayMs);
    await part(fleet).start();
  },
});

const frozen = (name: string, part: (fleet: Fleet) => Child): Fault => ({
  name: `${name} frozen`,
  async act(fleet, { frozenMs }) {
    part(fleet).freeze();
    await delay(frozenMs);
    part(fleet).thaw();
  },
});

const serviceEnded = (
  name: string,
  part: (fleet: Fleet) => Service,
  signal: NodeJS.Signals,
): Fault => ({
  name,
  async act(fleet, { awayMs }) {
    const service = part(fleet);
    if (signal === "SIGKILL") for (const pid of childrenOf(service.pid)) send(pid, signal);
    await service.end(signal);
    await delay(awayMs);
    await service.start();
  },
});

const serviceFrozen = (name: string, part: (fleet: Fleet) => Service): Fault => ({
  name: `${name} frozen`,
  async act(fleet, { frozenMs }) {
    const { pid } = part(fleet);
    const stopped = [pid, ...childrenOf(pid)];
    for (const each of stopped) send(each, "SIGSTOP");
    await delay(frozenMs);
    for (const each of stopped) send(each, "SIGCONT");
  },
});

const weather = (name: string, become: (fleet: Fleet) => void): Fault => ({
  name,
  async act(fleet, { awayMs }) {
    become(fleet);
    await delay(awayMs);
    fleet.nodeLine.fine();
  },
});

const conduct = (how: Conduct): Fault => ({
  name: `nodes ${how}`,
  conduct: how,
  async act(fleet, { awayMs }) {
    const misbehaved = fleet.untilMisbehaved(how);
    fleet.behave(how, Math.ceil((fleet.options.nodes * BAD_PER_HUNDRED) / 100));
    await Promise.all([delay(awayMs), misbehaved]);
    fleet.behave("honest", 0);
  },
});

const clockJump = (name: string, replica: 0 | 1): Fault => ({
  name,
  async act(fleet, { awayMs }) {
    fleet.replicas[replica].signal("SIGUSR2");
    await delay(awayMs);
    fleet.replicas[replica].signal("SIGUSR2");
  },
});

export const FAULTS: readonly Fault[] = [
  killed("replica", (fleet) => fleet.replicas[0]),
  serviceEnded("redis killed", (fleet) => fleet.redis, "SIGKILL"),
  serviceEnded("postgres killed", (fleet) => fleet.postgres, "SIGKILL"),
  {
    name: "postgres backend killed",
    async act(fleet) {
      const pids = await inPostgres(fleet, `${OTHERS} limit 1`);
      for (const pid of pids) send(pid, "SIGKILL");
      // PostgreSQL throws everybody out and replays its log.
      while ((await inPostgres(fleet, "select 1 as pid").catch(() => [])).length === 0) {
        await delay(20);
      }
    },
  },
  killed("swarm", (fleet) => fleet.swarm),
  killed("bot", (fleet) => fleet.load),
  frozen("replica", (fleet) => fleet.replicas[1]),
  serviceFrozen("redis", (fleet) => fleet.redis),
  serviceFrozen("postgres", (fleet) => fleet.postgres),
  frozen("swarm", (fleet) => fleet.swarm),
  frozen("bot", (fleet) => fleet.load),
  serviceEnded("redis restarted", (fleet) => fleet.redis, "SIGTERM"),
  {
    name: "redis wiped",
    act: (fleet) => inRedis(fleet, async (redis) => void (await redis.flushall())),
  },
  {
    name: "redis out of memory",
    act: (fleet, { awayMs }) =>
      inRedis(fleet, async (redis) => {
        await redis.config("SET", "maxmemory", "1");
        await delay(awayMs);
        await redis.config("SET", "maxmemory", "0");
      }),
  },
  // SIGINT is PostgreSQL's "fast" shutdown: sessions are ended.
  serviceEnded("postgres restarted", (fleet) => fleet.postgres, "SIGINT"),
  {
    name: "postgres connections cut",
    async act(fleet) {
      for (let i = 0; i < 3; i++) {
        await inPostgres(fleet, OTHERS.replace("pid", "pg_terminate_backend(pid)::int as pid"));
        await delay(100);
      }
    },
  },
  { name: "worker's disk full", act: workerWithFullDisk },
  weather("nodes' network cut", (fleet) => fleet.nodeLine.cut()),
  weather("nodes' network slow", (fleet) => fleet.nodeLine.slow(SLOW_NETWORK_MS)),
  weather("nodes' network dark", (fleet) => fleet.nodeLine.dark()),
  clockJump("clock an hour ahead", 0),
  clockJump("clock an hour behind", 1),
  conduct("silent"),
  conduct("slow"),
  conduct("half-open"),
  conduct("flooding"),
  conduct("huge-frames"),
  conduct("finishing-twice"),
  conduct("finishing-others"),
  {
    name: "rolling restart",
    async act(fleet, { awayMs }) {
      for (const replica of fleet.replicas) {
        await replica.stop();
        await replica.start();
        await delay(awayMs);
      }
    },
  },
];

const OTHERS =
  "select pid from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'";

async function inPostgres(fleet: Fleet, statement: string): Promise<number[]> {
  const client = new pg.Client(fleet.postgres.url);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<{ pid: number }>(statement)).rows.map((row) => row.pid);
  } finally {
    await client.end().catch(() => {});
  }
}

async function inRedis(fleet: Fleet, act: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(fleet.redis.url);
  try {
    await act(redis);
  } finally {
    redis.disconnect();
  }
}

/** Processes a process has started (Linux). */
function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
