import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, suite, test } from "node:test";
import { Redis } from "ioredis";
import type { PoolFrame } from "../../protocol/wire/gateway.ts";
import { ECHO, type FakeJob, FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

/** A volunteer's machine that was let in, and now tries everything its connection allows. */
suite("a hostile worker", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  let victim: FakeNode;
  let hostile: FakeNode;
  /** Everything the pool ever said to it. */
  let heard = "";

  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    pool = await TestPool.start({ redisUrl: redis.url, databaseUrl: postgres.url });
    victim = await pool.node("victim");
    hostile = await comeIn("hostile");
  });
  after(async () => {
    await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  async function comeIn(name: string): Promise<FakeNode> {
    const node = new FakeNode(name);
    node.on("frame", (frame: PoolFrame) => {
      heard += `${JSON.stringify(frame)}\n`;
      if (frame.type === "job") heard += Buffer.from(frame.manifest.payload, "base64").toString();
    });
    await pool.connect(node);
    return node;
  }

  const signer = async (id: string) => (await pool.provenance(id)).receipt.signerKeyId;

  /** Has `node` hold a job while the other nodes hold none. */
  async function heldBy(node: FakeNode, prompt: string): Promise<FakeJob> {
    const others = [victim, hostile].filter((each) => each !== node && each.closed === null);
    for (const other of others) other.ready([ECHO], 0);
    node.ready();
    const given = node.nextJob();
    await pool.ask(prompt, {
      ...{ member: "planted-member", community: "planted-community", room: "planted-room" },
      options: { wait: true },
    });
    const job = await given;
    for (const other of others) other.ready();
    return job;
  }

  test("is told of its own job what it needs, and of the pool and its people nothing", async () => {
    const job = await heldBy(hostile, "first");
    assert.match(heard, /"first"/, "it does see the question it is to answer");
    hostile.answer(job);
    await pool.ended(job.manifest.jobId);
    const client = new Redis(redis.url);
    const queueKeys = await client.keys("*");
    client.disconnect();
    assert.ok(queueKeys.length > 0);
    const secrets = {
      "a member": "planted-member",
      "a community": "planted-community",
      "a room": "planted-room",
      "the address of Redis": `:${redis.port}`,
      "the address of PostgreSQL": `:${postgres.port}`,
      "the service token": pool.api.serviceToken,
      "the enrolment token": pool.api.enrolmentToken,
      "another node's key": victim.key.keyId,
      "another node's name": "victim",
      "the data folder": pool.dataDir,
    };
    for (const [what, secret] of Object.entries(secrets)) {
      assert.ok(!heard.includes(secret), `${what} was told to a node`);
    }
    const kept = queueKeys.filter((key) => heard.includes(key));
    assert.deepEqual(kept, [], "names of keys in Redis");
  });

  test("cannot speak for another node's lease, by its id, the job's id or a made-up one", async () => {
    const theirs = await heldBy(victim, "second");
    victim.say(theirs, "Echo: ");
    for (const lease of [
      theirs.lease,
      theirs.manifest.jobId,
      "../../../../etc/passwd",
      "{sub:x}:active",
    ]) {
      const spy = await comeIn("spy");
      const stolen = { ...theirs, lease, seq: 0, text: "stolen" };
      spy.say(stolen, "stolen");
      spy.finish(stolen);
      spy.send({ type: "fail", lease, code: "leaving", message: "stolen" });
      assert.equal((await spy.whenClosed()).code, 1008, `after frames for ${lease}`);
    }
    victim.say(theirs, "second");
    victim.finish(theirs);
    const done = await pool.ended(theirs.manifest.jobId);
    assert.equal(done.answer?.text, "Echo: second");
    assert.equal(await signer(done.id), victim.key.keyId);
  });

  test("cannot answer a new order with an old one's receipt", async () => {
    const old = await heldBy(hostile, "third");
    hostile.answer(old);
    await pool.ended(old.manifest.jobId);
    const fresh = await heldBy(hostile, "third");
    victim.once("job", (job) => victim.answer(job));
    // The same words with the receipt of the order before: it names another job and nonce.
    hostile.say(fresh, old.text);
    hostile.finish(fresh, "stop", hostile.receipt({ ...old, text: old.text }));
    assert.match((await hostile.whenClosed()).reason, /receipt refused/);
    const done = await pool.ended(fresh.manifest.jobId);
    assert.equal(done.state, "done");
    assert.equal(await signer(done.id), victim.key.keyId, "it went on to another node");
    hostile = await comeIn("hostile again");
  });

  test("reaches no file by the name of a model, and leaves none behind", async () => {
    const before = filesOf(pool.dataDir);
    const names = [
      "../../../../etc/passwd",
      "/etc/shadow",
      "..\\..\\secrets.json",
      "file:///etc/passwd",
    ];
    for (const [i, name] of names.entries()) {
      const sha256 = `${i}`.repeat(64);
      const declared = { "general.name": name, "general.url": name };
      hostile.ready([{ ...ECHO, sha256, name, declared }]);
      await pool.until(async () => (await pool.models()).some((model) => model.sha256 === sha256));
    }
    assert.deepEqual(filesOf(pool.dataDir), before);
    for (const sha256 of ["../../etc/passwd", "A".repeat(64), `${"0".repeat(63)}/`]) {
      const liar = await comeIn("liar");
      liar.ready([{ ...ECHO, sha256 }]);
      assert.equal((await liar.whenClosed()).reason, "bad_frame");
    }
    hostile.ready();
  });

  test("gets nothing over HTTP with what it holds: every route but the open ones needs the service token", async () => {
    const { paths } = (await (await fetch(`${pool.api.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        path,
        method,
        open: security?.length === 0,
      })),
    );
    const open = routes.filter((route) => route.open).map((route) => route.path);
    assert.ok(routes.length > 10);
    for (const path of open) assert.match(path, OPEN);
    const keys = [undefined, pool.api.enrolmentToken, hostile.key.keyId, "", "null", "undefined"];
    for (const { path, method } of routes.filter((route) => !route.open)) {
      const url = `${pool.api.url}${path.replaceAll(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000")}`;
      for (const key of keys) {
        const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
        const { status } = await fetch(url, {
          method: method.toUpperCase(),
          ...(headers && { headers }),
        });
        assert.equal(status, 401, `${method} ${path} with ${key}`);
      }
    }
  });

  test("walks out of no folder by a path", async () => {
    const paths = [
      "/../../../../etc/passwd",
      "/v1/../../../../etc/passwd",
      "/v1/jobs/..%2f..%2f..%2fetc%2fpasswd",
      "/v1/jobs/%2e%2e/%2e%2e/secrets.json",
      "/v1/receipts/..%5c..%5csecrets.json",
      "//etc/passwd",
      "/secrets.json",
      "/.git/config",
      "/v1/jobs/%00",
    ];
    const { port, hostname } = new URL(pool.api.url);
    for (const path of paths) {
      // Not by fetch, which tidies paths up before it sends them.
      const { status, body } = await new Promise<{ status: number; body: string }>(
        (done, failed) => {
          const headers = { authorization: `Bearer ${pool.api.serviceToken}` };
          const asked = request({ hostname, port, path, headers }, (response) => {
            let body = "";
            response.on("data", (chunk: Buffer) => {
              body += chunk.toString();
            });
            response.on("end", () => done({ status: response.statusCode as number, body }));
          });
          asked.on("error", failed);
          asked.end();
        },
      );
      assert.ok(status === 400 || status === 404, `${path}: ${status}`);
      assert.ok(!/root:|serviceToken|\[core\]/.test(body), path);
    }
  });

  test("speaks neither Redis' nor PostgreSQL's language through the pool's port", async () => {
    const { port, hostname } = new URL(pool.api.url);
    const startup = Buffer.from("\0\0\0\x23\0\x03\0\0user\0postgres\0database\0x\0\0", "latin1");
    for (const words of [Buffer.from("*1\r\n$4\r\nPING\r\n"), Buffer.from("INFO\r\n"), startup]) {
      const answer = await new Promise<string>((done) => {
        let said = "";
        const socket = connect(Number(port), hostname, () => socket.end(words));
        socket.on("data", (chunk) => {
          said += chunk.toString();
        });
        socket.on("error", () => {});
        socket.on("close", () => done(said));
      });
      assert.match(answer, /^(HTTP\/1\.1 400 |$)/, answer);
    }
    // And an upgrade goes to the nodes' door only.
    for (const path of ["/", "/v1/jobs", "http://127.0.0.1:6379/", "/v1/nodes/connect/../../x"]) {
      const answer = await upgrade(hostname, Number(port), path);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${path}: ${answer.slice(0, 40)}`);
    }
  });
});

/** What anybody may ask, and an invite's holder: the secret in its body is what that route asks for. */
const OPEN = /^\/(healthz|readyz|openapi\.json|v1\/invites\/look)$/;

function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true }).map(String).sort();
}

/** The first line in answer to an upgrade. */
function upgrade(host: string, port: number, path: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, host, () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
      ),
    );
    socket.once("data", (chunk) => {
      done(chunk.toString());
      socket.destroy();
    });
    socket.on("error", () => done(""));
  });
}
