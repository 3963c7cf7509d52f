import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type MatrixDoorOptions,
  type OpenMatrixDoor,
  openMatrixDoor,
} from "../../../bot/matrix/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { Human, type ReadMessage } from "../../support/matrix-human.ts";
import {
  type Homeserver,
  type MatrixAccount,
  openHomeserver,
  startSynapse,
} from "../../support/synapse.ts";
import { type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

/** The door between a real homeserver and a pool that does what its test tells it. */
export interface MatrixHouse {
  readonly homeserver: Homeserver;
  readonly pool: FakePool;
  readonly bot: MatrixAccount;
  readonly dataDir: string;
  readonly logged: string[];
  /** Resolves when the door has logged a line like this. */
  logs(pattern: RegExp): Promise<void>;
  /** The door that is open now. */
  door(): OpenMatrixDoor;
  /** The person of this name, who enters when first called. */
  person(name: string): Promise<Human>;
  /** A room of this person with the bot in it. */
  room(owner: Human, options?: object): Promise<string>;
  shut(): Promise<void>;
  open(change?: Partial<MatrixDoorOptions>): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions extends Partial<MatrixDoorOptions> {
  /** A homeserver of its own with the limits of a fresh one. */
  readonly limits?: "default";
  /** Name of the only person who may invite the bot; without it everybody of the server may. */
  readonly host?: string;
  /** The bot logs in by its password, and can so begin again as a new device. */
  readonly byPassword?: boolean;
}

export async function openMatrixHouse(options: HouseOptions = {}): Promise<MatrixHouse> {
  const { limits, host, byPassword, ...own } = options;
  const starting = limits ? startSynapse(limits) : openHomeserver();
  const [homeserver, pool] = await Promise.all([starting, startFakePool()]);
  const people = new Map<string, Promise<Human>>();
  const person = (name: string) => {
    const human = people.get(name) ?? Human.enter(homeserver, name);
    people.set(name, human);
    return human;
  };
  const bot = await homeserver.user("substrate");
  const inviteFrom = [host === undefined ? homeserver.serverName : (await person(host)).userId];
  const dataDir = mkdtempSync(join(tmpdir(), "matrix-door-"));
  const logged: string[] = [];
  const written = new EventEmitter();
  const say = (fields: object, message: string) => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
    written.emit("line");
  };
  let door: OpenMatrixDoor | null = null;
  const open = async (change: Partial<MatrixDoorOptions> = {}) => {
    door = await openMatrixDoor({
      pool: poolClient({ url: pool.url, serviceToken: SERVICE_TOKEN }),
      homeserverUrl: homeserver.url,
      credentials: byPassword ? { user: bot.userId, password: bot.password } : { token: bot.token },
      dataDir,
      inviteFrom,
      eventsPerSecond: 0,
      eventsBurst: 10,
      encryption: null,
      log: { info: say, warn: say, error: say },
      ...own,
      ...change,
    });
  };
  await open();
  return {
    homeserver,
    pool,
    bot,
    dataDir,
    logged,
    async logs(pattern) {
      while (!logged.some((line) => pattern.test(line))) await once(written, "line");
    },
    door: () => door as OpenMatrixDoor,
    open,
    person,
    async room(owner, roomOptions = {}) {
      const room = await owner.room({ invite: [bot.userId], ...roomOptions });
      await owner.sees((message) => message.room === room && kindOf(message) === "card");
      return room;
    },
    async shut() {
      await door?.close();
      door = null;
    },
    async close() {
      await Promise.all([...people.values()].map(async (human) => (await human).close()));
      await door?.close();
      await pool.close();
      await homeserver.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a message of the bot shows; undefined for people's messages. */
export function kindOf({ content }: ReadMessage): string | undefined {
  return content["org.substrate.shown"]?.kind;
}

export function isFinal({ content }: ReadMessage): boolean {
  return content["org.substrate.shown"]?.final === true;
}
