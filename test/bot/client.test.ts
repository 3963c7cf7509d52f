import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { poolClient } from "../../bot/pool/client.ts";
import { PoolError } from "../../bot/pool/errors.ts";
import type { JobEvent } from "../../protocol/wire/http.ts";
import { type FakePool, startFakePool } from "./fake-pool.ts";
import { SERVICE_TOKEN } from "./pool-fixtures.ts";

const question = {
  community: "local",
  member: "first",
  room: "local",
  prompt: "How does voting work here?",
};

describe("the pool's client", () => {
  let fake: FakePool;
  before(async () => {
    fake = await startFakePool();
  });
  after(() => fake.close());
  const client = () => poolClient({ url: fake.url, serviceToken: SERVICE_TOKEN });

  test("asks once, however often the same event comes", async () => {
    const first = await client().ask({ ...question, requestKey: "event-1" });
    const second = await client().ask({ ...question, requestKey: "event-1" });
    assert.equal(second.id, first.id);
  });

  test("hands on the pool's own words when it refuses", async () => {
    fake.refuseOnce(
      "POST /v1/jobs",
      409,
      "no_node_online",
      "No machine with this model is online.",
    );
    await assert.rejects(client().ask({ ...question, requestKey: "event-2" }), (error) => {
      assert.ok(error instanceof PoolError);
      assert.deepEqual(
        [error.code, error.status, error.message, error.transient],
        ["no_node_online", 409, "No machine with this model is online.", false],
      );
      return true;
    });
  });

  test("says that nobody is there when nobody is", async () => {
    const lonely = poolClient({ url: "http://127.0.0.1:9", serviceToken: SERVICE_TOKEN });
    await assert.rejects(lonely.pool(), (error) => {
      assert.ok(error instanceof PoolError && error.transient);
      assert.equal(error.code, "pool_unreachable");
      return true;
    });
  });

  test("refuses an answer of another shape than agreed", async () => {
    const liar = createServer((_, response) => response.end('{"models":[{"name":1}]}'));
    await new Promise<void>((done) => liar.listen(0, "127.0.0.1", done));
    const { port } = liar.address() as AddressInfo;
    const fooled = poolClient({ url: `http://127.0.0.1:${port}`, serviceToken: SERVICE_TOKEN });
    await assert.rejects(fooled.models(), { code: "pool_garbled" });
    liar.closeAllConnections();
    liar.close();
  });

  test("follows an answer over a dropped connection and misses nothing", async () => {
    const { id } = await client().ask({ ...question, requestKey: "event-3" });
    const heard: JobEvent[] = [];
    for await (const event of client().events(id)) {
      heard.push(event);
      if (event.event === "queued") {
        fake.last().start();
        fake.last().text("Members ");
      } else if (event.event === "text" && heard.length < 5) {
        // The connection breaks; meanwhile the answer goes on.
        fake.dropStreams();
        fake.last().text("vote.");
        fake.last().done();
      }
    }
    const last = heard.at(-1);
    assert.equal(last?.event, "end");
    assert.equal(last?.event === "end" && last.data.answer?.text, "Members vote.");
  });

  test("stops following when it is told to", async () => {
    const { id } = await client().ask({ ...question, requestKey: "event-4" });
    const stop = new AbortController();
    const heard: string[] = [];
    for await (const { event } of client().events(id, stop.signal)) {
      heard.push(event);
      stop.abort();
    }
    assert.deepEqual(heard, ["queued"]);
  });

  test("gives up on an answer the pool does not know", async () => {
    const events = client().events("0b29a1c2-0000-4000-8000-000000000001");
    await assert.rejects(events.next(), { code: "no_such_job" });
  });
});
