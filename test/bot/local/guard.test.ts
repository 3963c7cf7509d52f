import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type RunningBot, startBot } from "../../../bot/start.ts";
import { type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

describe("the room's server", () => {
  let fake: FakePool;
  let bot: RunningBot;
  let dataDir: string;
  let cookie: string;

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "substrate-guard-"));
    fake = await startFakePool();
    bot = await startBot({
      apiUrl: fake.url,
      serviceToken: SERVICE_TOKEN,
      dataDir,
      localHost: "127.0.0.1",
      localPort: 0,
      community: "local",
    });
    const { headers } = await send("GET", "/first");
    cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
  });
  after(async () => {
    await bot.close();
    await fake.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** node:http, because fetch sets Host and Origin itself. */
  function send(method: string, path: string, headers: object = {}, body = ""): Promise<Reply> {
    return new Promise((done, fail) => {
      const sent = request(
        new URL(path, bot.url),
        { method, headers: { ...headers } },
        async (response) => {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part);
          const text = Buffer.concat(parts).toString();
          done({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        },
      );
      sent.on("error", fail);
      sent.end(body);
    });
  }
  const own = () => ({ origin: bot.url.slice(0, -1), "content-type": "application/json", cookie });
  const line = (text: string, key = "key-00000001") =>
    JSON.stringify({ text, replyTo: null, model: null, wait: false, key });

  test("answers under no name but its own (DNS rebinding)", async () => {
    assert.equal((await send("GET", "/", { host: "evil.example" })).status, 421);
    assert.equal((await send("GET", "/", { host: "127.0.0.1:1" })).status, 421);
    assert.equal((await send("GET", "/")).status, 200);
  });

  test("takes nothing from another site's page", async () => {
    const foreign = { ...own(), origin: "https://evil.example" };
    assert.equal((await send("POST", "/room/first/say", foreign, line("hi"))).status, 403);
    const { origin: _, ...none } = own();
    assert.equal((await send("POST", "/room/first/say", none, line("hi"))).status, 403);
    assert.equal(fake.asked.length, 0);
  });

  test("lets nobody speak as another person", async () => {
    const reply = await send("POST", "/room/second/say", own(), line("hi"));
    assert.equal(reply.status, 403);
    const forged = { ...own(), cookie: `substrate-second=${"x".repeat(43)}` };
    assert.equal((await send("POST", "/room/second/say", forged, line("hi"))).status, 403);
  });

  test("asks once when the same event is sent twice", async () => {
    const replies = await Promise.all([
      send("POST", "/room/first/say", own(), line("Once", "key-same-event")),
      send("POST", "/room/first/say", own(), line("Once", "key-same-event")),
    ]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [202, 202],
    );
    assert.equal(fake.asked.filter(({ prompt }) => prompt === "Once").length, 1);
    const journal = await readFile(join(dataDir, "local-room", "messages.jsonl"), "utf8");
    assert.equal(journal.match(/"said":"Once"/g)?.length, 1);
  });

  test("refuses what does not have the shape of a message, in words", async () => {
    for (const body of [
      "{}",
      "[]",
      "nonsense",
      '{"text":7}',
      Buffer.from([0xff, 0xfe]).toString("latin1"),
    ]) {
      const reply = await send("POST", "/room/first/say", own(), body);
      assert.equal(reply.status, 400, body);
      assert.ok(JSON.parse(reply.body).text.length > 0);
    }
    const huge = await send("POST", "/room/first/say", own(), line("x".repeat(2_100_000)));
    assert.equal(huge.status, 413);
    assert.match(huge.body, /Shorten it/);
  });

  test("lets the page run nothing but its own scripts, and nobody frame it", async () => {
    const { headers } = await send("GET", "/");
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(String(headers["set-cookie"]), /HttpOnly; SameSite=Strict/);
  });

  test("serves the page's scripts without types, and no other file", async () => {
    const script = await send("GET", "/page/main.ts");
    assert.equal(script.headers["content-type"], "text/javascript");
    assert.doesNotMatch(script.body, /import type|: PersonId/);
    assert.match(script.body, /from "\/lit-html\/lit-html\.js"/);
    for (const path of [
      "/page/..%2fserver.ts",
      "/page/%2e%2e/people.ts",
      "/lit-html/..%2fpackage.json",
      "/x",
    ]) {
      assert.equal((await send("GET", path)).status, 404, path);
    }
  });

  test("keeps messages and secrets from other users of the machine", async () => {
    for (const file of ["messages.jsonl", "people.json"]) {
      assert.equal((await stat(join(dataDir, "local-room", file))).mode & 0o077, 0);
    }
  });

  test("tells that it is well", async () => {
    const reply = await send("GET", "/healthz");
    assert.equal(reply.status, 200);
    assert.equal(JSON.parse(reply.body).status, "ok");
  });
});
