import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, suite, test } from "node:test";
import Fastify from "fastify";
import { WebSocket } from "ws";
import { Metrics } from "../../api/metrics/metrics.ts";
import { clientAddress, trustedProxies } from "../../api/rate/addresses.ts";
import { openRateLimits } from "../../api/rate/limits.ts";
import { apiSettings } from "../../config/settings.ts";
import { generateSigningKey } from "../../protocol/keys.ts";
import { GATEWAY_PROTOCOL } from "../../protocol/wire/gateway.ts";
import { FakeNode } from "../api/support/fake-node.ts";
import { question, TestPool } from "../api/support/pool.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

const NEXT_TOKEN = "next-token-next-token-next-token-next";

suite("limits of a pool of two replicas", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  let second: TestPool;

  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const settings = {
      ...{ redisUrl: redis.url, databaseUrl: postgres.url },
      ...{ rateAsksPerMember: 3, rateAsksPerCommunity: 5, rateRefusedPerAddress: 4 },
      ...{ rateOpenPerAddress: 5, rateHellosPerKey: 2 },
      serviceTokenNext: NEXT_TOKEN,
      trustedProxy: ["127.0.0.1"],
    };
    pool = await TestPool.start(settings);
    second = await TestPool.start(settings, {}, pool);
  });
  after(async () => {
    await second.api.close();
    await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  const ask = (one: TestPool, member: string, community: string) =>
    one.request("/v1/jobs", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question("hello", { member, community })),
    });
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });

  test("a member who asks too often is told when to ask again, at every replica", async () => {
    for (const one of [pool, second, pool]) assert.equal((await ask(one, "ann", "a")).status, 201);
    const refused = await ask(second, "ann", "elsewhere");
    assert.equal(refused.status, 429);
    const seconds = Number(refused.headers.get("retry-after"));
    assert.ok(seconds >= 1 && seconds <= 60, `Retry-After: ${seconds}`);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, "too_many_asks");
    assert.match(error.message, /^You have asked more often .* Ask again in \d+ s\.$/);
    assert.equal((await ask(second, "bob", "a")).status, 201, "another member is not held up");
  });

  test("so is a community as a whole", async () => {
    for (let i = 0; i < 5; i++) assert.equal((await ask(pool, `m${i}`, "busy")).status, 201);
    const refused = await ask(second, "m5", "busy");
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /This community has asked more often/);
    assert.equal((await ask(pool, "m6", "calm")).status, 201);
  });

  test("guessing the service token gets slow; who knows it is not held up", async () => {
    const guess = (address: string) =>
      pool.request("/v1/pool", { token: "x".repeat(32), ...from(address) });
    for (let i = 0; i < 4; i++) assert.equal((await guess("192.0.2.1")).status, 401);
    const refused = await guess("192.0.2.1");
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);
    assert.equal((await guess("192.0.2.2")).status, 401, "another address");
    assert.equal((await pool.request("/v1/pool", from("192.0.2.1"))).status, 200);
  });

  test("both service tokens open the door while doors change over", async () => {
    assert.equal((await pool.request("/v1/pool", { token: NEXT_TOKEN })).status, 200);
    assert.equal((await pool.request("/v1/pool")).status, 200);
    const wrong = { token: `${NEXT_TOKEN}x`, ...from("192.0.2.3") };
    assert.equal((await pool.request("/v1/pool", wrong)).status, 401);
  });

  test("requests without a token are limited by address", async () => {
    const open = () => fetch(`${pool.api.url}/healthz`, from("2001:db8:1:2:3::4"));
    for (let i = 0; i < 5; i++) assert.equal((await open()).status, 200);
    assert.equal((await open()).status, 429);
    // One household is one network of 64 bits: the next address in it is no fresh start.
    const neighbour = await fetch(`${pool.api.url}/healthz`, from("2001:db8:1:2:ffff::9"));
    assert.equal(neighbour.status, 429);
    const other = await fetch(`${pool.api.url}/healthz`, from("2001:db8:1:3::4"));
    assert.equal(other.status, 200);
  });

  test("a node that is refused again and again waits at the door", async () => {
    for (let i = 0; i < 4; i++) {
      const stranger = new FakeNode("stranger");
      const answer = await stranger.connect(pool.api.url, "wrong".repeat(8));
      assert.equal(answer.type, "refused");
      await stranger.whenClosed();
    }
    const socket = new WebSocket(
      `${pool.api.url.replace("http", "ws")}/v1/nodes/connect`,
      GATEWAY_PROTOCOL,
    );
    const [, response] = await once(socket, "unexpected-response");
    assert.equal(response.statusCode, 429);
    assert.ok(Number(response.headers["retry-after"]) >= 1);
    response.destroy();
  });

  test("a key that connects too often is told so", async () => {
    const key = generateSigningKey();
    const hello = () => fromAddress(new FakeNode("flapping", key), "198.51.100.7");
    assert.equal((await hello()).type, "welcome");
    assert.equal((await hello()).type, "welcome");
    const refused = await hello();
    assert.ok(refused.type === "refused" && refused.code === "too_many_hellos");
    assert.match(refused.message, /Connect again in \d+ s/);
  });

  test("nobody is refused for a Redis that is away", async () => {
    process.kill(redis.pid, "SIGKILL");
    for (let i = 0; i < 7; i++) assert.equal((await pool.request("/v1/pool")).status, 200);
    for (let i = 0; i < 6; i++) assert.equal((await ask(pool, "cat", "cats")).status, 201);
    await redis.restart();
  });

  /** Says hello through a proxy that vouches for this address. */
  function fromAddress(node: FakeNode, address: string) {
    return node.connect(pool.api.url, pool.api.enrolmentToken, undefined, {
      "x-forwarded-for": address,
    });
  }
});

test("without Redis one process counts by itself, and 0 switches a limit off", async () => {
  const app = Fastify();
  const settings = { ...apiSettings({}), rateAsksPerMember: 2, rateAsksPerCommunity: 0 };
  const limits = await openRateLimits(app, settings, null, new Metrics());
  assert.equal(await limits.member.full("ann"), null);
  assert.equal(await limits.member.take("ann"), null);
  assert.equal(await limits.member.take("ann"), null);
  assert.ok(((await limits.member.full("ann")) as number) > 0);
  assert.ok(((await limits.member.take("ann")) as number) > 0);
  assert.equal(await limits.member.take("bob"), null);
  for (let i = 0; i < 5000; i++) assert.equal(await limits.community.take("c"), null);
  await app.close();
});

test("only proxies named by the operator are believed about the client's address", () => {
  const trusts = trustedProxies(["10.0.0.0/8", "::1"]);
  const client = (peer: string, said?: string) => clientAddress(peer, said, trusts);
  assert.equal(client("203.0.113.9", "192.0.2.1"), "203.0.113.9", "a stranger's word");
  assert.equal(client("10.1.2.3", "192.0.2.1"), "192.0.2.1");
  assert.equal(client("::ffff:10.1.2.3", "192.0.2.1"), "192.0.2.1");
  // The leftmost entry is the client's own invention; what our proxy saw is on the right.
  assert.equal(client("10.1.2.3", "6.6.6.6, 192.0.2.1"), "192.0.2.1");
  assert.equal(client("10.1.2.3", "6.6.6.6, 192.0.2.1, 10.9.9.9"), "192.0.2.1");
  assert.equal(client("::1", undefined), "::1");
  assert.equal(client("::ffff:203.0.113.9", undefined), "203.0.113.9");
});
