// Readers who stop reading: what they cost, and when they are let go.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
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

  it("are let go after a while: they may come again", async () => {
    const letGo = Promise.withResolvers<void>();
    const server = createServer((_, response) => {
      response.on("close", letGo.resolve);
      const stream = new EventStream(response, 10);
      let offset = 0;
      const write = () => {
        if (response.destroyed) return;
        stream.send({ event: "text", data: { attempt: 1, offset, text: PIECE } });
        offset += PIECE.length;
        setImmediate(write);
      };
      write();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const reader = connect(port, "127.0.0.1").on("error", () => {});
    reader.write("GET / HTTP/1.1\r\nhost: pool\r\n\r\n");
    reader.pause();
    await letGo.promise;
    reader.destroy();
    server.close();
  });
});

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
