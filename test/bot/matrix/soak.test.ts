import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openMatrixDoor } from "../../../bot/matrix/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";
import { chatter, ReplayHomeserver } from "./replay-homeserver.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const BATCH = 500;
const EVENTS = 20_000;

test("20,000 events in one room cost no memory and no more time each than the first", {
  timeout: 300_000,
}, async () => {
  const homeserver = await ReplayHomeserver.start();
  const dataDir = mkdtempSync(join(tmpdir(), "matrix-soak-"));
  const door = await openMatrixDoor({
    pool: poolClient({ url: "http://127.0.0.1:9", serviceToken: SERVICE_TOKEN }),
    homeserverUrl: homeserver.url,
    credentials: { token: "replayed" },
    dataDir,
    inviteFrom: [],
    eventsPerSecond: 0,
    eventsBurst: 10,
    encryption: null,
    log: { info() {}, warn() {}, error() {} },
  });
  const heapMb: number[] = [];
  const cpuMs: number[] = [];
  try {
    for (let at = 0; at < EVENTS; at += BATCH) {
      const before = process.cpuUsage();
      await homeserver.push(chatter(BATCH, at));
      const { user, system } = process.cpuUsage(before);
      cpuMs.push((user + system) / 1000);
      if ((at + BATCH) % 2000 === 0) {
        collect();
        heapMb.push(process.memoryUsage().heapUsed / 1e6);
      }
    }
  } finally {
    await door.close();
    homeserver.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  const told = JSON.stringify({ heapMb: heapMb.map(Math.round), cpuMs: cpuMs.map(Math.round) });
  // The first events fill what is filled once: caches, compiled code, the ledger's ring of ids.
  const settled = heapMb.slice(4);
  assert.ok(Math.max(...settled) <= Math.min(...settled) * 1.1, told);
  const median = (values: number[]) =>
    values.toSorted((a, b) => a - b)[values.length >> 1] as number;
  assert.ok(median(cpuMs.slice(-10)) <= median(cpuMs.slice(10, 20)) * 1.5, told);
  if (process.env.SHOW) console.log(told);
});
