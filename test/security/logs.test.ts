import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { WebSocket } from "ws";
import { readPoolSecrets } from "../../config/secrets.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { GATEWAY_PROTOCOL } from "../../protocol/wire/gateway.ts";
import { HANGS_MS } from "../support/awaited.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";

const marker = (what: string) => `planted-${what}-${randomBytes(6).toString("hex")}`;

/** The three programs, at the level that says most, while good and bad things happen to them. */
suite("what the programs write into their logs", () => {
  const planted = {
    prompt: marker("prompt"),
    badPrompt: marker("bad-prompt"),
    stoppedPrompt: marker("stopped-prompt"),
    wrongToken: marker("wrong-token-wrong-token"),
    frame: marker("frame"),
    path: marker("path"),
    header: marker("header"),
    redisPassword: marker("redis-password"),
    databasePassword: marker("database-password"),
    member: marker("member"),
  };
  let redis: Service;
  let postgres: Service;
  let pool: PoolProcesses;
  let room: string;

  before(async () => {
    redis = await startRedis();
    postgres = await startPostgres();
    const withPassword = (url: string, user: string, password: string) =>
      url.replace(/\/\/(\w+@)?/, `//${user}:${password}@`);
    pool = await startPoolProcesses({
      LOG_LEVEL: "debug",
      // No password is asked for here; what is in the addresses must stay in them all the same.
      REDIS_URL: withPassword(redis.url, "default", planted.redisPassword),
      DATABASE_URL: withPassword(postgres.url, "postgres", planted.databasePassword),
      METRICS_PORT: "0",
    });
    await pool.worker("willow", { WORKER_ENGINE: "echo", LOG_LEVEL: "debug" });
    room = await pool.room({ LOG_LEVEL: "debug" });
  });
  after(async () => {
    // Where the programs did not start, what they were to run on is there all the same.
    await pool?.close();
    await Promise.all([redis?.stop(), postgres?.stop()]);
  });

  /** Everything the programs have written so far. */
  const written = () => {
    const files = globSync("logs/*.log", { cwd: pool.dataDir });
    return files.map((file) => ({ file, text: readFileSync(join(pool.dataDir, file), "utf8") }));
  };

  test("a question by the room, answered; one by HTTP, refused; one stopped", async () => {
    const page = await fetch(room);
    const cookie = page.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const said = await fetch(`${room}/room/first/say`, {
      method: "POST",
      headers: { cookie, origin: room, "content-type": "application/json" },
      body: JSON.stringify({
        ...{ text: planted.prompt, replyTo: null, key: randomUUID(), wait: true },
        model: ECHO_MODEL.sha256,
      }),
    });
    assert.equal(said.status, 202, await said.text());
    const stream = await fetch(`${room}/room/events?as=first`, { headers: { cookie } });
    let seen = "";
    const utf8 = new TextDecoder();
    for await (const piece of stream.body as ReadableStream<Uint8Array>) {
      seen += utf8.decode(piece, { stream: true });
      if (seen.includes(`Echo: ${planted.prompt}`)) break;
    }
    const asked = { community: "c", member: planted.member, room: "r", requestKey: randomUUID() };
    const post = (path: string, body: string, headers = {}) =>
      fetch(`${pool.client.url}${path}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${token}`,
          ...headers,
        },
        body,
      });
    const { serviceToken: token } = readPoolSecrets(pool.dataDir) as { serviceToken: string };
    const statuses = [
      await post("/v1/jobs", JSON.stringify({ ...asked, prompt: planted.badPrompt.repeat(1000) })),
      await post("/v1/jobs", `{"prompt": "${planted.badPrompt}`),
      await post("/v1/jobs", JSON.stringify({ ...asked, prompt: [planted.badPrompt] })),
      await post("/v1/jobs", JSON.stringify({ ...asked, prompt: `${planted.badPrompt}\0` })),
      await post("/v1/jobs", "{}", { authorization: `Bearer ${planted.wrongToken}` }),
      await post(`/v1/${planted.path}?q=${planted.path}`, "{}", { "x-planted": planted.header }),
    ].map((response) => response.status);
    assert.deepEqual(statuses, [413, 400, 400, 400, 401, 404]);
    const waiting = { ...asked, requestKey: randomUUID(), prompt: planted.stoppedPrompt };
    const options = { wait: true, model: pool.client.url };
    const job = await post("/v1/jobs", JSON.stringify({ ...waiting, options: { wait: true } }));
    assert.equal(job.status, 201);
    assert.equal(
      (await post("/v1/jobs", JSON.stringify({ ...waiting, requestKey: "k2", options }))).status,
      404,
    );
    const { id } = (await job.json()) as { id: string };
    await post(`/v1/jobs/${id}/cancel`, JSON.stringify({ member: planted.member }));
  });

  test("a stranger at the nodes' door who sends rubbish and a wrong token", async () => {
    for (const frame of [planted.frame, JSON.stringify({ type: planted.frame })]) {
      const socket = new WebSocket(
        `${pool.client.url.replace("http", "ws")}/v1/nodes/connect?${planted.path}`,
        GATEWAY_PROTOCOL,
      );
      await new Promise<void>((done) => {
        socket.on("open", () => socket.send(frame));
        socket.on("close", () => done());
      });
    }
  });

  test("services that fail under the programs", async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
    const { serviceToken: token } = readPoolSecrets(pool.dataDir) as { serviceToken: string };
    const response = await fetch(`${pool.client.url}/v1/jobs`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({
        ...{ community: "c", member: planted.member, room: "r", requestKey: randomUUID() },
        prompt: planted.prompt,
      }),
    });
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /planted/);
  });

  test("holds no question, answer, token, key, password or member", async () => {
    await untilTold([
      "the pool is open",
      "node connected",
      "a service connection failed",
      "request failed",
      "node refused",
    ]);
    const logs = written();
    assert.deepEqual(logs.map(({ file }) => file).sort(), [
      "logs/api.log",
      "logs/bot.log",
      "logs/willow.log",
    ]);
    const secretsFile = readFileSync(join(pool.dataDir, "secrets.json"), "utf8");
    const secrets = JSON.parse(secretsFile) as Record<string, string>;
    const hidden = {
      ...planted,
      ...secrets,
      poolKey: (secrets.poolKeyPem as string).split("\n")[1] as string,
      ...nodeKeys(),
    };
    assert.ok(Object.keys(hidden).length >= Object.keys(planted).length + 5);
    for (const { file, text } of logs) {
      assert.ok(text.length > 100, `${file} has something in it`);
      for (const [what, secret] of Object.entries(hidden)) {
        const line = text.split("\n").find((each) => each.includes(secret));
        assert.equal(line, undefined, `${what} is in ${file}`);
      }
    }
  });

  /** Lines are written a moment after what they tell of: looks again until all are there. */
  async function untilTold(lines: readonly string[]): Promise<void> {
    const deadline = Date.now() + HANGS_MS;
    for (;;) {
      const all = written()
        .map(({ text }) => text)
        .join("");
      const missing = lines.filter((line) => !all.includes(line));
      if (missing.length === 0) return;
      assert.ok(Date.now() < deadline, `no log tells of: ${missing.join(", ")}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Secret parts of the keys that workers keep. */
  function nodeKeys(): Record<string, string> {
    const files = globSync("**/*.{pem,key}", { cwd: pool.dataDir });
    return Object.fromEntries(
      files.map((file) => [
        file,
        readFileSync(join(pool.dataDir, file), "utf8").split("\n")[1] as string,
      ]),
    );
  }
});
