import { EventEmitter, once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Limits } from "../../api/limits.ts";
import { readPoolSecrets } from "../../config/secrets.ts";
import { residentMegabytes } from "../bench/measure.ts";
import { HANGS_MS } from "../support/awaited.ts";
import { Line } from "../support/proxy.ts";
import { freePort, type Service, scratch, startPostgres, startRedis } from "../support/services.ts";
import { Child } from "./child.ts";
import { type Question, readJournal } from "./journal.ts";
import { account, type Ledger } from "./ledger.ts";
import type { LoadReport } from "./load-process.ts";
import type { Conduct } from "./swarm-node.ts";

export interface FleetOptions {
  readonly seed: number;
  readonly nodes: number;
  /** Questions a second. */
  readonly rate: number;
  /** Between two words of an answer. */
  readonly paceMs: number;
  /** Silence after which a node counts its connection as dead. */
  readonly silenceMs: number;
  /** Of the replicas; left out: as in production. */
  readonly limits?: Partial<Limits>;
}

const HOUR_MS = 3_600_000;

/**
 * A whole pool under load, every part a process of its own: PostgreSQL, Redis, two replicas, a swarm of nodes
 * and a door's worth of people. The nodes reach the replicas through one proxy, the people through another.
 */
export class Fleet {
  readonly options: FleetOptions;
  readonly folder: string;
  readonly redis: Service;
  readonly postgres: Service;
  readonly replicas: readonly [Child, Child];
  readonly ports: readonly [number, number];
  readonly swarm: Child;
  readonly load: Child;
  /** Between nodes and replicas. */
  readonly nodeLine: Line;
  readonly #door: Line;
  readonly #journal: string;
  readonly #answers: LoadReport[] = [];
  readonly #told = new EventEmitter<{ told: []; misbehaved: [] }>();
  readonly #misbehaved: Conduct[] = [];
  readonly enrolmentToken: string;
  readonly serviceToken: string;

  private constructor(parts: {
    options: FleetOptions;
    folder: string;
    services: readonly [Service, Service];
    replicas: readonly [Child, Child];
    ports: readonly [number, number];
    lines: readonly [Line, Line];
    tokens: { enrolmentToken: string; serviceToken: string };
  }) {
    const { options, folder, lines, tokens } = parts;
    this.options = options;
    this.folder = folder;
    [this.redis, this.postgres] = parts.services;
    this.replicas = parts.replicas;
    this.ports = parts.ports;
    [this.nodeLine, this.#door] = lines;
    this.enrolmentToken = tokens.enrolmentToken;
    this.serviceToken = tokens.serviceToken;
    this.#journal = join(folder, "journal.ndjson");
    const swarm = {
      API_URL: `http://127.0.0.1:${this.nodeLine.port}`,
      ENROLMENT_TOKEN: tokens.enrolmentToken,
      KEYS: join(folder, "keys.json"),
      NODES: `${options.nodes}`,
      PACE_MS: `${options.paceMs}`,
      SILENCE_MS: `${options.silenceMs}`,
    };
    this.swarm = new Child("swarm", "test/faults/swarm-process.ts", swarm, folder);
    this.swarm.on("message", (message) => {
      this.#misbehaved.push((message as { misbehaved: Conduct }).misbehaved);
      this.#told.emit("misbehaved");
    });
    const load = {
      API_URL: `http://127.0.0.1:${this.#door.port}`,
      SERVICE_TOKEN: tokens.serviceToken,
      JOURNAL: this.#journal,
      RATE: `${options.rate}`,
      SEED: `${options.seed}`,
    };
    this.load = new Child("load", "test/faults/load-process.ts", load, folder);
    this.load.on("message", (message) => {
      const report = message as LoadReport;
      if (report.answered) this.#answers.push(report);
      this.#told.emit("told");
    });
  }

  /** Starts everything and waits until people are answered. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const folder = scratch("fleet-", { kept: true });
    const started: (() => Promise<unknown>)[] = [];
    try {
      return await Fleet.#start(options, folder, started);
    } catch (error) {
      await Promise.all(started.map((stop) => stop()));
      throw new Error(`the fleet did not start; its logs are in ${folder}`, { cause: error });
    }
  }

  static async #start(
    options: FleetOptions,
    folder: string,
    started: (() => Promise<unknown>)[],
  ): Promise<Fleet> {
    const services = await Promise.all([startRedis(), startPostgres()]);
    started.push(...services.map((service) => () => service.stop()));
    const [redis, postgres] = services;
    const ports = [await freePort(), await freePort()] as const;
    const replica = (name: string, port: number, jumpMs: number) => {
      const env = {
        DATA_DIR: folder,
        API_PORT: `${port}`,
        REDIS_URL: redis.url,
        DATABASE_URL: postgres.url,
        LIMITS: JSON.stringify(options.limits ?? {}),
        LOG_LEVEL: "warn",
        CLOCK_JUMP_MS: `${jumpMs}`,
      };
      const child = new Child(name, "test/api/support/replica-process.ts", env, folder);
      started.push(() => child.kill());
      return child;
    };
    const replicas = [
      replica("replica-a", ports[0], HOUR_MS),
      replica("replica-b", ports[1], -HOUR_MS),
    ] as const;
    // The first one makes the secrets that both use.
    await replicas[0].start();
    await replicas[1].start();
    const tokens = readPoolSecrets(folder);
    if (tokens === null) throw new Error("the replicas left no secrets");
    const lines = await Promise.all([Line.start(ports), Line.start(ports)]);
    started.push(...lines.map((line) => () => line.close()));
    const fleet = new Fleet({ options, folder, services, replicas, ports, lines, tokens });
    started.push(
      () => fleet.swarm.kill(),
      () => fleet.load.kill(),
    );
    await fleet.swarm.start();
    await fleet.load.start();
    await fleet.untilAnswered(20, Date.now());
    return fleet;
  }

  /** Waits until so many questions that were asked after `since` have an answer. */
  async untilAnswered(count: number, since: number, withinMs = HANGS_MS): Promise<void> {
    const late = AbortSignal.timeout(withinMs);
    const answered = () => this.#answers.filter((each) => each.askedAt >= since).length;
    while (answered() < count) {
      await once(this.#told, "told", { signal: late }).catch(() => {
        throw new Error(
          `only ${answered()} of ${count} questions were answered within ${withinMs} ms`,
        );
      });
    }
  }

  /** Answers a second in a span of time. */
  answerRate(from: number, to: number): number {
    const within = this.#answers.filter((each) => each.at >= from && each.at < to);
    return (within.length * 1000) / (to - from);
  }

  /** Seconds after `since` until answers come at nine tenths of `rate` again; null when they never did. */
  recoverySeconds(since: number, rate: number, until: number): number | null {
    for (let from = since; from + 2000 <= until; from += 250) {
      if (this.answerRate(from, from + 2000) >= rate * 0.9) return (from - since) / 1000;
    }
    return null;
  }

  /** Megabytes of both replicas. */
  resident(): [number, number] {
    return [residentMegabytes(this.replicas[0].pid), residentMegabytes(this.replicas[1].pid)];
  }

  behave(conduct: Conduct, nodes: number): void {
    this.swarm.send({ conduct, nodes });
  }

  /** Waits until a node has treated a job like this; gives up where other faults keep jobs from the nodes. */
  async untilMisbehaved(conduct: Conduct, withinMs = 20_000): Promise<void> {
    const late = AbortSignal.timeout(withinMs);
    const before = this.misbehaviours(conduct);
    while (this.misbehaviours(conduct) === before && !late.aborted) {
      await once(this.#told, "misbehaved", { signal: late }).catch(() => {});
    }
  }

  /** Jobs that nodes have treated like this. */
  misbehaviours(conduct: Conduct): number {
    return this.#misbehaved.filter((how) => how === conduct).length;
  }

  questions(): Question[] {
    return [...readJournal(this.#journal).values()];
  }

  /** Asks nothing more and waits until everybody was told; those who were not are in the ledger. */
  async settle(withinMs: number): Promise<void> {
    this.load.send({ rate: 0 });
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && this.questions().some(isOpen)) {
      // The journal is a file: there is no event for its last line but the report that comes with it.
      await Promise.race([once(this.#told, "told"), delay(250)]);
    }
  }

  ask(): void {
    this.load.send({ rate: this.options.rate });
  }

  account(questions = this.questions()): Promise<Ledger> {
    return account(this.postgres.url, questions);
  }

  /** Log lines of a replica that say it met something nobody thought of. */
  surprises(): string[] {
    return this.replicas.flatMap((replica) =>
      readFileSync(replica.logFile, "utf8")
        .split("\n")
        .filter((line) => /Unhandled|uncaught|TypeError|RangeError|ReferenceError/.test(line)),
    );
  }

  /** Ends everything, whatever state it is in. `keep`: logs and journal stay for whoever looks into it. */
  async close(keep = false): Promise<void> {
    await Promise.all(
      [this.load, this.swarm, ...this.replicas].map((child) => child.kill().catch(() => {})),
    );
    await Promise.all([this.nodeLine.close(), this.#door.close()]);
    await Promise.all([this.redis.stop(), this.postgres.stop()]);
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

function isOpen({ told, refused }: Question): boolean {
  return told.length === 0 && refused === null;
}
