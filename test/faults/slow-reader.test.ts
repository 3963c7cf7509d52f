// Readers who stop reading: what they cost, and when they are let go.
import assert from "node:assert/strict";
import { once } from "node:events";
import { IncomingMessage, request, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { EventStream } from "../../api/jobs/event-stream.ts";
import { ECHO, FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

const MEGABYTE = 1_048_576;
const READERS = 12;
/** Two-byte characters, so that every one of them is a byte more in memory than it needs to be. */
const PIECE = "я".repeat(20_000);
/** 880 kB of UTF-8 an attempt: just below what one answer may have. */
const PIECES = 22;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

describe("readers who stop reading", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    pool = await TestPool.start(
      { redisUrl: redis.url, databaseUrl: postgres.url, metricsPort: 0 },
      { limits: { pollMs: 50, avoidMs: 0 } },
    );
  });
  after(async () => {
    await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  it("cost at most 2 MB each, however much is written for them", async () => {
    const node = new FakeNode("talker");
    await pool.connect(node);
    node.ready([ECHO], READERS);
    await pool.untilOnline(node);
    const jobs = await Promise.all(
      Array.from({ length: READERS }, (_, i) => pool.ask(`question ${i}`)),
    );
    const readers = await Promise.all(jobs.map((job) => stopped(pool, job.id)));
    // Each question is tried twice, so that there is text of an attempt that is lost as well.
    for (const last of [false, true]) {
      for (let i = 0; i < READERS; i++) {
        if (node.jobs.length === 0) await once(node, "job");
        const work = node.jobs.shift()!;
        for (let piece = 0; piece < PIECES; piece++) node.say(work, PIECE);
        if (last) node.finish(work);
        else node.send({ type: "fail", lease: work.lease, code: "engine_error", message: "no" });
      }
    }
    await Promise.all(jobs.map((job) => pool.ended(job.id)));
    await settled();
    const stuck = held();
    for (const reader of readers) reader.destroy();
    await pool.until(async () => (await followed(pool)) === 0);
    await settled();
    const each = (stuck - held()) / READERS / MEGABYTE;
    assert(each < 2, `each reader costs ${each.toFixed(2)} MB`);
  });
});

// The kernel holds megabytes for a connection before its writer notices anything: these readers have no kernel.
describe("a reader whose connection takes nothing at all", () => {
  it("makes the pool hold less than 1 MB of text: the final state fits in below 2 MB", async () => {
    await settled();
    const before = held();
    const stuck = Array.from({ length: READERS }, () => stuckReader(60_000));
    for (const { stream } of stuck) {
      for (let i = 0; i < 3 * PIECES; i++) {
        // Every reader has its own copy, as with questions of their own.
        const text = Buffer.from(PIECE).toString();
        stream.send({ event: "text", data: { attempt: 1, offset: i * PIECE.length, text } });
      }
    }
    await settled();
    const each = (held() - before) / READERS / MEGABYTE;
    for (const { response } of stuck) response.destroy();
    // The final state is to fit in as well, with an answer of 1 MB.
    assert(each < 1, `each reader costs ${each.toFixed(2)} MB before the final state`);
    assert(each > 0.03, `${each.toFixed(2)} MB: nothing was held, so nothing was tried`);
  });

  it("is let go after four keep-alives that it did not take, and not before", (t) => {
    t.mock.timers.enable({ apis: ["setInterval"] });
    const { response, stream, take } = stuckReader(1000);
    const piece = (offset: number) =>
      stream.send({ event: "text", data: { attempt: 1, offset, text: PIECE } });
    piece(0);
    t.mock.timers.tick(3000);
    assert(!response.destroyed, "it may still come back");
    take();
    piece(PIECE.length);
    t.mock.timers.tick(3000);
    assert(!response.destroyed, "it took something: counting begins anew");
    t.mock.timers.tick(1000);
    assert(response.destroyed);
  });
});

/** An event stream over a connection that takes what it has been given only when `take` says so. */
function stuckReader(keepAliveMs: number) {
  let taken: (() => void)[] = [];
  const line = new Duplex({
    read() {},
    write: (_chunk, _encoding, done) => void taken.push(done),
  });
  const socket = Object.assign(line, { setNoDelay() {} }) as unknown as Socket;
  const response = new ServerResponse(new IncomingMessage(socket));
  response.assignSocket(socket);
  const stream = new EventStream(response, keepAliveMs);
  const take = () => {
    while (taken.length > 0) {
      const due = taken;
      taken = [];
      for (const done of due) done();
    }
  };
  return { response, stream, take };
}

/** Follows a job and takes nothing after the first bytes. */
async function stopped(pool: TestPool, job: string): Promise<IncomingMessage> {
  const asking = request(`${pool.api.url}/v1/jobs/${job}/events`, {
    headers: { authorization: `Bearer ${pool.api.serviceToken}` },
    agent: false,
  });
  asking.on("error", () => {});
  asking.end();
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  response.on("error", () => {});
  response.socket.pause();
  return response;
}

/** Jobs that somebody follows, by the pool's own count. */
async function followed(pool: TestPool): Promise<number> {
  const text = await (await fetch(pool.api.metricsUrl as string)).text();
  return Number(/^\w*followed_jobs(?:\{.*\})? (\d+)$/m.exec(text)?.[1]);
}

/** Collects garbage until no more comes free: what buffers hold is only freed after their owners. */
async function settled(): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; held() < before - MEGABYTE / 4; ) {
    before = held();
    await new Promise(setImmediate);
    collect();
  }
}

/** Memory this process holds on to, with what lies outside JavaScript's heap. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
