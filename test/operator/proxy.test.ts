import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { poolClient } from "../../bot/pool/client.ts";
import { readPoolSecrets } from "../../config/secrets.ts";
import { ROOT } from "../../config/settings.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { HANGS_MS } from "../support/awaited.ts";
import { type PoolProcesses, startPoolProcesses } from "../support/pool-processes.ts";
import { freePort, scratch } from "../support/services.ts";
import { nginx } from "../support/setup.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";

/** The shipped file, with the test's ports, certificate and replica in the place of an operator's. */
function configuration(dir: string, tls: Certificates, http: number, https: number, api: string) {
  const site = readFileSync(join(ROOT, "config/proxy/nginx.conf"), "utf8")
    .replaceAll("server_name pool.example.org", "server_name localhost")
    .replace(/listen 80;/, `listen 127.0.0.1:${http};`)
    .replace(/listen 443 /, `listen 127.0.0.1:${https} `)
    .replaceAll(/ *listen \[::\].*\n/g, "")
    .replace(/\/etc\/letsencrypt\S+fullchain\.pem/, tls.certificate)
    .replace(/\/etc\/letsencrypt\S+privkey\.pem/, tls.key)
    .replace("server 127.0.0.1:7420", `server ${api}`)
    .replace(/ *server 127\.0\.0\.1:7421.*\n/, "");
  assert.ok(!/pool\.example|letsencrypt|742\d/.test(site.replaceAll(/^#.*$/gm, "")), site);
  const file = join(dir, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${dir}/${kind};`,
  );
  writeFileSync(
    file,
    `daemon off; pid ${dir}/pid; error_log stderr crit; events {}
     http { access_log off; ${temporary.join(" ")} ${site} }`,
  );
  return file;
}

suite("behind nginx, over TLS", () => {
  const dir = scratch("proxy-");
  const publicCas = getCACertificates();
  let proxy: ChildProcess | null = null;
  let pool: PoolProcesses;
  let tls: Certificates;
  let url: string;
  let plainUrl: string;

  before(async () => {
    tls = makeCertificates(dir);
    pool = await startPoolProcesses({
      TRUSTED_PROXY: "127.0.0.1",
      RATE_REFUSED_PER_ADDRESS: "2",
      LOG_LEVEL: "info",
    });
    const [http, https] = [await freePort(), await freePort()];
    url = `https://localhost:${https}`;
    plainUrl = `http://localhost:${http}`;
    const api = new URL(pool.client.url).host;
    const file = configuration(dir, tls, http, https, api);
    const checked = spawnSync(nginx() as string, ["-t", "-q", "-c", file], { encoding: "utf8" });
    assert.equal(checked.status, 0, checked.stderr);
    proxy = spawn(nginx() as string, ["-c", file], { stdio: ["ignore", "ignore", "inherit"] });
    setDefaultCACertificates([...publicCas, readFileSync(tls.authority, "utf8")]);
    await untilAnswers(https);
  });
  after(async () => {
    setDefaultCACertificates(publicCas);
    if (proxy !== null) {
      proxy.kill("SIGTERM");
      await once(proxy, "exit");
    }
    await pool.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test("a worker by wss and a door by https: a question is answered", async () => {
    await pool.worker("far-away", {
      API_URL: url,
      NODE_EXTRA_CA_CERTS: tls.authority,
      WORKER_ENGINE: "echo",
    });
    const { serviceToken } = readPoolSecrets(pool.dataDir) as { serviceToken: string };
    const door = poolClient({ url, serviceToken });
    const job = await door.ask({
      ...{ community: "c", member: "m", room: "r", requestKey: "over-tls" },
      prompt: "one two three four five six seven eight",
      options: { model: ECHO_MODEL.sha256 },
    });
    const { signal } = new AbortController();
    let answer = "";
    for await (const event of door.events(job.id, signal)) {
      if (event.event === "end") answer = event.data.answer?.text ?? "";
    }
    assert.match(answer, /one two three four five six seven eight/);
  });

  test("plain http is sent on to https", async () => {
    const response = await fetch(`${plainUrl}/healthz`, { redirect: "manual" });
    assert.equal(response.status, 301);
    assert.equal(response.headers.get("location"), "https://localhost/healthz");
  });

  test("a body that is too large never reaches the api", async () => {
    const body = "x".repeat(3 * 1_048_576);
    const response = await fetch(`${url}/v1/jobs`, { method: "POST", body });
    assert.equal(response.status, 413);
  });

  test("the limits count by the client's own address, whatever it claims", async () => {
    const guess = (claimed: string) =>
      fetch(`${url}/v1/pool`, {
        headers: { authorization: "Bearer wrong", "x-forwarded-for": claimed },
      });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await guess(`198.51.100.${i}`)).status);
    assert.deepEqual(statuses, [401, 401, 429, 429]);
    // Straight at the api, from the trusted proxy's own address, another client is another client.
    const direct = await fetch(`${pool.client.url}/v1/pool`, {
      headers: { authorization: "Bearer wrong", "x-forwarded-for": "198.51.100.9" },
    });
    assert.equal(direct.status, 401);
  });
});

test("the proxy passes pieces of a stream on as they come, not when it is over", async (t) => {
  const dir = scratch("proxy-");
  const tls = makeCertificates(dir);
  const next = Promise.withResolvers<void>();
  const slow = createServer(async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: first\n\n");
    await next.promise;
    response.end("data: second\n\n");
  }).listen(0, "127.0.0.1");
  await once(slow, "listening");
  const { port } = slow.address() as { port: number };
  const [http, https] = [await freePort(), await freePort()];
  const file = configuration(dir, tls, http, https, `127.0.0.1:${port}`);
  const proxy = spawn(nginx() as string, ["-c", file], { stdio: ["ignore", "ignore", "inherit"] });
  const publicCas = getCACertificates();
  t.after(async () => {
    setDefaultCACertificates(publicCas);
    proxy.kill("SIGTERM");
    await once(proxy, "exit");
    slow.close();
    rmSync(dir, { recursive: true, force: true });
  });
  setDefaultCACertificates([...publicCas, readFileSync(tls.authority, "utf8")]);
  await untilAnswers(https);
  const response = await fetch(`https://localhost:${https}/v1/jobs/some-id/events`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const first = await reader.read();
  assert.equal(Buffer.from(first.value ?? []).toString(), "data: first\n\n");
  next.resolve();
  const second = await reader.read();
  assert.equal(Buffer.from(second.value ?? []).toString(), "data: second\n\n");
});

/** Nginx offers no event for it: asks again until something listens. */
async function untilAnswers(port: number): Promise<void> {
  const deadline = Date.now() + HANGS_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    if (Date.now() > deadline) throw new Error("nginx did not start");
  }
}
