// How many writes commands to Redis take that are sent at nearly the same moment.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it, mock } from "node:test";
import type { Redis } from "ioredis";
import { connectRedis } from "../../api/queue/redis.ts";
import { connectRateRedis } from "../../api/rate/redis.ts";
import { type Service, startRedis } from "../support/services.ts";

describe("commands to Redis", () => {
  let redis: Service;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());

  const fail = (error: Error) => {
    throw error;
  };

  /** Sends two commands each in two callbacks of one turn of the event loop. */
  async function writes(connection: Redis): Promise<number> {
    const stream = connection.stream as unknown as Record<"_write" | "_writev", () => void>;
    const counted = [mock.method(stream, "_write"), mock.method(stream, "_writev")];
    const answers: Promise<string>[] = [];
    const ask = () => answers.push(connection.ping(), connection.ping());
    setImmediate(ask);
    await new Promise<void>((done) => setImmediate(() => done(void ask())));
    assert.deepEqual(await Promise.all(answers), ["PONG", "PONG", "PONG", "PONG"]);
    connection.disconnect();
    await once(connection, "end");
    return counted.reduce((sum, method) => sum + method.mock.callCount(), 0);
  }

  it("share a write with those of the same callback", async () => {
    const connection = await connectRedis(redis.url, fail, { maxRetriesPerRequest: null });
    assert.equal(await writes(connection as Redis), 2);
  });

  it("that count rates share it with all of the same turn: every question comes at its own socket", async () => {
    assert.equal(await writes((await connectRateRedis(redis.url, fail)) as Redis), 1);
  });
});
