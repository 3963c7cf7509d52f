import { rmSync } from "node:fs";
import { type OpenMatrixDoor, openMatrixDoor } from "../../bot/matrix/open.ts";
import { Human } from "../support/matrix-human.ts";
import type { PoolProcesses } from "../support/pool-processes.ts";
import { scratch } from "../support/services.ts";
import { openHomeserver } from "../support/synapse.ts";
import type { DoorDriver } from "./door-driver.ts";
import { driveMatrix } from "./matrix-driver.ts";

export interface OpenMatrix {
  readonly bot: OpenMatrixDoor;
  readonly door: DoorDriver;
  close(): Promise<void>;
}

/** The door to a homeserver with one room and two members. */
export async function openMatrix(pool: PoolProcesses): Promise<OpenMatrix> {
  const dataDir = scratch("matrix-journey-");
  const homeserver = await openHomeserver();
  const account = await homeserver.user("substrate");
  const first = await Human.enter(homeserver, "first");
  const second = await Human.enter(homeserver, "second");
  const bot = await openMatrixDoor({
    pool: pool.client,
    homeserverUrl: homeserver.url,
    credentials: { user: account.userId, password: account.password },
    dataDir,
    inviteFrom: [first.userId],
    eventsPerSecond: 0,
    eventsBurst: 10,
    encryption: null,
    log: { info() {}, warn: console.warn, error: console.error },
  });
  const room = await first.room({ invite: [bot.userId, second.userId] });
  await second.join(room);
  await first.sees((message) => message.room === room && message.sender === bot.userId);
  const door = driveMatrix(room, bot.userId, [first, second]);
  return {
    bot,
    door,
    async close() {
      await door.close();
      await bot.close();
      await homeserver.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
