// The Redis that a pool starts for itself where nobody names one.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { it } from "node:test";
import { startPrivateRedis } from "../../api/queue/private-redis.ts";
import { connectRedis, pingRedis } from "../../api/queue/redis.ts";
import { freePort, scratch } from "../support/services.ts";

it("takes another port when somebody took the one that was free a moment ago", async () => {
  const quicker = createServer().listen(0, "127.0.0.1");
  await once(quicker, "listening");
  const { port: taken } = quicker.address() as { port: number };
  const free = await freePort();
  const ports = [taken, free];
  const own = await startPrivateRedis(scratch("private-redis-"), async () => ports.shift()!);
  try {
    assert.equal(new URL(own!.url).port, `${free}`);
    const connection = await connectRedis(own!.url, () => {}, { maxRetriesPerRequest: 1 });
    await pingRedis(connection);
    connection.disconnect();
  } finally {
    await own?.close();
    quicker.close();
  }
});

it("gives up where no port can be had, and says what else there is", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  await assert.rejects(
    startPrivateRedis(scratch("private-redis-"), async () => port),
    /did not get ready \(exit code 1\)\. Set REDIS_URL to use one of your own/,
  );
  taken.close();
});
