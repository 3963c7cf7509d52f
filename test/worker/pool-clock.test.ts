// A volunteer's machine whose clock is wrong: orders are reckoned by the pool's.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { workerSettings } from "../../config/settings.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { generateSigningKey } from "../../protocol/keys.ts";
import { signPoolTime } from "../../protocol/pool-time.ts";
import { PoolClock } from "../../worker/connection/pool-clock.ts";
import { createLog } from "../../worker/log.ts";
import { statusLines } from "../../worker/terminal/draw.ts";
import { type RunningWorker, startWorker } from "../../worker/worker.ts";
import { scratch } from "../support/services.ts";
import {
  manifestFor,
  type NodeLink,
  newLease,
  SmallGateway,
  signedManifest,
} from "./small-gateway.ts";

const HOUR = 3_600_000;
const TOKEN = "enrolment-token-of-this-test-pool-0";

describe("reckoning the pool's time", () => {
  const clocks = () => {
    const at = { own: 5_000_000, steady: 100 };
    const pass = (milliseconds: number) => {
      at.own += milliseconds;
      at.steady += milliseconds;
    };
    const clock = new PoolClock(
      () => at.own,
      () => at.steady,
    );
    return { at, pass, clock };
  };

  test("before a pool has told its time, the machine's own clock counts", () => {
    const { clock, pass } = clocks();
    pass(7);
    assert.equal(clock.now(), 5_000_007);
    assert.equal(clock.ahead, 0);
  });

  test("half of the way is taken off, and time goes on from there", () => {
    const { clock, pass } = clocks();
    const asked = clock.mark();
    pass(400);
    clock.learn(9_000_000, asked);
    assert.equal(clock.now(), 9_000_200);
    pass(1000);
    assert.equal(clock.now(), 9_001_200);
    assert.equal(clock.ahead, 5_000_400 - 9_000_200);
  });

  test("whoever sets the machine's clock right does not move the pool's", () => {
    const { at, clock, pass } = clocks();
    clock.learn(at.own - HOUR, clock.mark());
    assert.equal(clock.ahead, HOUR);
    at.own -= HOUR;
    pass(50);
    assert.equal(clock.now(), 5_000_050 - HOUR);
    assert.equal(clock.ahead, 0);
  });

  test("a minute apart is right enough; an answer that took ten seconds and more says nothing", () => {
    const { at, clock, pass } = clocks();
    clock.learn(at.own - 60_000, clock.mark());
    assert.equal(clock.ahead, 0);
    const asked = clock.mark();
    pass(10_001);
    clock.learn(1, asked);
    assert.equal(clock.now(), at.own - 60_000);
  });
});

describe("a worker", () => {
  const dataDir = scratch("pool-clock-");
  let gateway: SmallGateway;
  let worker: RunningWorker | null;
  let lines: string[];
  beforeEach(async () => {
    gateway = await SmallGateway.start();
    worker = null;
    lines = [];
  });
  afterEach(async () => {
    await worker?.leave(0);
    await gateway.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(now: () => number): Promise<void> {
    worker = await startWorker(
      workerSettings({
        DATA_DIR: dataDir,
        API_URL: gateway.url,
        WORKER_ENGINE: "echo",
        WORKER_NAME: "willow",
        ENROLMENT_TOKEN: TOKEN,
      }),
      createLog({
        level: "debug",
        node: "willow",
        forPeople: true,
        write: (line) => lines.push(line),
        now,
      }),
      { now },
    );
  }

  async function order(node: NodeLink, changes: object = {}) {
    const lease = newLease();
    const manifest = manifestFor(node.nodeId, ECHO_MODEL, "what time is it?", changes);
    node.send({ type: "job", lease, manifest: signedManifest(gateway.key, manifest) });
    return node.answer(lease);
  }

  for (const [off, words] of [
    [HOUR, "60 min ahead of"],
    [-HOUR, "60 min behind"],
  ] as const) {
    test(`whose clock is ${words} the pool's answers, and says so in words`, async () => {
      await start(() => Date.now() + off);
      const node = await gateway.node();
      assert.equal((await order(node)).text, "Echo: what time is it?");
      const { end } = await order(node, { expiresAt: Date.now() - 1000 });
      assert.match(end.type === "fail" ? end.message : "", /^expired/);
      const warnings = lines.filter((line) => line.includes(`clock is ${words} the pool's`));
      assert.equal(warnings.length, 1);
      const shown = statusLines((worker as RunningWorker).status(), 100, Date.now() + off);
      assert(shown.some((line) => line.startsWith(`clock   ${words} the pool's`)));
      node.socket.terminate();
      const again = await gateway.node();
      assert.equal((await order(again)).end.type, "finish");
      assert.equal(lines.filter((line) => line.includes("the pool's:")).length, 1, "said once");
    });
  }

  test("whose clock is set right while it runs goes on, and says so when it meets the pool again", async () => {
    let off = HOUR;
    await start(() => Date.now() + off);
    const node = await gateway.node();
    await node.frame("ready");
    off = 0;
    assert.equal((await order(node)).end.type, "finish");
    node.socket.terminate();
    await (await gateway.node()).frame("ready");
    assert(lines.some((line) => line.includes("clock agrees with the pool's again")));
  });

  test("with a pool from before goes by its own clock", async () => {
    gateway.time = null;
    await start(() => Date.now() + HOUR);
    const node = await gateway.node();
    assert.equal(node.hello.timeNonce, undefined);
    const { end } = await order(node);
    assert.match(
      end.type === "fail" ? end.message : "",
      /^expired: .*the clock this worker goes by/,
    );
  });

  for (const [what, lie] of [
    ["signed by somebody else", (nonce: string) => signPoolTime(generateSigningKey(), nonce, 1)],
    ["told before, to another question", () => signPoolTime(gateway.key, "00".repeat(32), 1)],
  ] as const) {
    test(`takes no time that was ${what}`, async () => {
      gateway.time = lie;
      await start(Date.now);
      await (await gateway.node()).closed();
      gateway.time = null;
      const node = await gateway.node();
      assert.equal((await order(node)).end.type, "finish", "it goes by its own clock");
      assert(lines.some((line) => /does not understand.*pool's time/.test(line)));
    });
  }
});
