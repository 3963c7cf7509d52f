import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { announce } from "../governance/announcer.ts";
import type { PoolClient } from "../pool/client.ts";
import { watchPool } from "../pool/watch.ts";
import { wallClock } from "../stream/pacer.ts";
import { localTeller } from "./governance-teller.ts";
import { openJournal } from "./journal.ts";
import { LocalDoor } from "./local-door.ts";
import { openPeople } from "./people.ts";
import { openRoom } from "./room.ts";
import { addRoomRoutes, newServer } from "./server.ts";

export interface LocalRoomOptions {
  readonly pool: PoolClient;
  /** Its folder `local-room` keeps messages, names and secrets. */
  readonly dataDir: string;
  /** A loopback address: the page knows no passwords. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly community: string;
  /** Fastify's logger setting: false, or pino options. */
  readonly logger: boolean | object;
}

export interface OpenRoom {
  /** `http://127.0.0.1:7400/` */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the local room's door: takes up what was under way, then listens. */
export async function openLocalRoom(options: LocalRoomOptions): Promise<OpenRoom> {
  const { pool, host } = options;
  const folder = join(options.dataDir, "local-room");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const watch = watchPool(pool);
  const room = openRoom(openJournal(join(folder, "messages.jsonl")), Date.now, randomUUID);
  const people = openPeople(join(folder, "people.json"));
  const app = newServer(options.logger);
  const { community } = options;
  const door = new LocalDoor({ community, pool, watch, people, room, log: app.log });
  addRoomRoutes(app, door, host);
  await door.resume();
  const closing = new AbortController();
  const telling = announce({
    ...{ door: "local", pool, log: app.log, signal: closing.signal, clock: wallClock },
    teller: localTeller(door, pool),
  });
  await app.listen({ host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/`,
    async close() {
      watch.close();
      closing.abort();
      await Promise.all([door.close(), telling]);
      await app.close();
    },
  };
}
