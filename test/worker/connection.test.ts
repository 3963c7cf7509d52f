import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { workerSettings } from "../../config/settings.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { backoffMs } from "../../worker/connection/backoff.ts";
import { closeInWords, problemInWords } from "../../worker/connection/problem-words.ts";
import { echoEngine } from "../../worker/engines/echo.ts";
import { createLog } from "../../worker/log.ts";
import { diskInWords } from "../../worker/words.ts";
import { type RunningWorker, startWorker, type WorkerParts } from "../../worker/worker.ts";
import { manifestFor, newLease, SmallGateway, signedManifest } from "./small-gateway.ts";

const TOKEN = "enrolment-token-of-this-test-pool-0";
let dataDir: string;
let gateway: SmallGateway;
let running: RunningWorker[];
let lines: string[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "worker-"));
  gateway = await SmallGateway.start();
  running = [];
  lines = [];
});
afterEach(async () => {
  for (const worker of running) await worker.leave(0);
  await gateway.close();
  rmSync(dataDir, { recursive: true });
});

async function start(
  parts: WorkerParts = {},
  env: Record<string, string> = {},
): Promise<RunningWorker> {
  const settings = workerSettings({
    DATA_DIR: dataDir,
    API_URL: gateway.url,
    WORKER_ENGINE: "echo",
    WORKER_NAME: "willow",
    ENROLMENT_TOKEN: TOKEN,
    ...env,
  });
  const log = createLog({
    level: "debug",
    node: "willow",
    forPeople: false,
    write: (line) => lines.push(line),
    now: Date.now,
  });
  const worker = await startWorker(settings, log, parts);
  running.push(worker);
  return worker;
}

const keyFile = () => join(dataDir, "workers", "willow", "node.key.pem");
const pinFile = () => join(dataDir, "workers", "willow", "pool.json");

test("a new worker makes a key only its owner can read, enrols with the token, and says what it offers", async () => {
  await start();
  const node = await gateway.node();
  assert.equal(node.hello.name, "willow");
  assert.equal(node.hello.enrolmentToken, TOKEN);
  const ready = await node.frame("ready");
  assert.equal(ready.models[0]?.sha256, ECHO_MODEL.sha256);
  assert.equal(ready.slots, 1);
  assert.equal(statSync(keyFile()).mode & 0o777, 0o600);
});

test("the same key comes back after a restart, and the token stays at home", async () => {
  const first = await start();
  const before = await gateway.node();
  await before.frame("ready");
  await first.leave(0);
  await start();
  const again = await gateway.node();
  assert.equal(again.nodeId, before.nodeId);
  assert.equal(again.hello.enrolmentToken, undefined);
});

test("a key that others may read is refused with what to do", async () => {
  await (await start()).leave(0);
  chmodSync(keyFile(), 0o644);
  await assert.rejects(start(), /Other users.*chmod 600/s);
});

test("a damaged key is refused with what to do", async () => {
  await (await start()).leave(0);
  writeFileSync(keyFile(), readFileSync(keyFile(), "utf8").slice(0, 60));
  await assert.rejects(start(), /node\.key\.pem is damaged.*backup/s);
});

test("a second worker under the same name on this machine is refused", async () => {
  await start();
  await assert.rejects(start(), /already runs here \(process \d+\)/);
});

test("a pool with another key than the first one is refused with what to do", async () => {
  const first = await start();
  await (await gateway.node()).frame("ready");
  await first.leave(0);
  const other = await SmallGateway.start();
  try {
    const worker = await start({}, { API_URL: other.url });
    const problem = await worker.ended;
    assert.match(problem?.message ?? "", /shows the key .*belongs to a pool with the key/);
    assert.ok(problem?.message.includes(`delete ${pinFile()}`));
  } finally {
    await other.close();
  }
});

test("a refused node says why, and brings the token when it asks again", async () => {
  const first = await start();
  await (await gateway.node()).frame("ready");
  await first.leave(0);
  gateway.refuse = { code: "unknown_node", message: "This key is not enrolled here." };
  await start();
  await gateway.hello((hello) => hello.enrolmentToken === undefined);
  gateway.refuse = null;
  const node = await gateway.node();
  assert.equal(node.hello.enrolmentToken, TOKEN);
  assert.ok(lines.some((line) => line.includes("This key is not enrolled here.")));
});

test("a pool that restarts is found again", async () => {
  await start();
  const before = await gateway.node();
  const { key } = gateway;
  const port = Number(new URL(gateway.url).port);
  await gateway.close();
  gateway = await SmallGateway.start(key, port);
  assert.equal((await gateway.node()).nodeId, before.nodeId);
});

for (const [what, bytes] of [
  ["text that is not JSON", "hello there"],
  ["a frame of no known type", '{"type":"run","command":"ls"}'],
  ["ten megabytes", `"${"x".repeat(10_000_000)}"`],
  ["a job frame without a manifest", '{"type":"job","lease":"0123456789abcdef"}'],
] as const) {
  test(`a pool that sends ${what} is left, and met again`, async () => {
    await start();
    const node = await gateway.node();
    await node.frame("ready");
    node.socket.send(bytes);
    const again = await gateway.node();
    assert.equal(again.nodeId, node.nodeId);
    const lease = newLease();
    const manifest = manifestFor(again.nodeId, ECHO_MODEL, "still there?");
    again.send({ type: "job", lease, manifest: signedManifest(gateway.key, manifest) });
    assert.equal((await again.answer(lease)).text, "Echo: still there?");
  });
}

test("a pool that falls silent is left, and met again", async () => {
  await start({ silenceMs: 300 });
  const node = await gateway.node();
  // A paused socket answers no ping, as a cable that was pulled.
  node.socket.pause();
  assert.equal((await gateway.node()).nodeId, node.nodeId);
});

test("when the pool vanishes in mid-answer, writing stops and the next connection starts clean", async () => {
  const { promise: held, resolve: writing } = Promise.withResolvers<void>();
  let words = 0;
  const never = new Promise(() => {});
  let gate: Promise<unknown> = never;
  await start({
    echo: echoEngine((signal) => {
      words += 1;
      writing();
      return Promise.race([gate, aborted(signal)]);
    }),
  });
  const node = await gateway.node();
  const manifest = manifestFor(node.nodeId, ECHO_MODEL, "one two three four");
  node.send({ type: "job", lease: newLease(), manifest: signedManifest(gateway.key, manifest) });
  await held;
  node.socket.terminate();
  const again = await gateway.node();
  assert.equal(words, 1, "no word was written after the connection was gone");
  gate = Promise.resolve();
  const lease = newLease();
  const next = manifestFor(again.nodeId, ECHO_MODEL, "and again");
  again.send({ type: "job", lease, manifest: signedManifest(gateway.key, next) });
  assert.equal((await again.answer(lease)).text, "Echo: and again");
});

test("a worker that leaves gives back what it writes, takes nothing on, and ends", async () => {
  const { promise: held, resolve: writing } = Promise.withResolvers<void>();
  const worker = await start({
    echo: echoEngine((signal) => {
      writing();
      return aborted(signal);
    }),
  });
  const node = await gateway.node();
  const lease = newLease();
  const manifest = manifestFor(node.nodeId, ECHO_MODEL, "one two");
  node.send({ type: "job", lease, manifest: signedManifest(gateway.key, manifest) });
  await held;
  await worker.leave(0);
  const { end } = await node.answer(lease);
  assert.equal(end.type === "fail" && end.code, "leaving");
  assert.equal((await node.frame("ready", (frame) => frame.slots === 0)).slots, 0);
  assert.equal(await worker.ended, null);
});

test("a worker asked politely finishes the answer it is writing", async () => {
  const { promise: held, resolve: writing } = Promise.withResolvers<void>();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const worker = await start({
    echo: echoEngine(() => {
      writing();
      return gate;
    }),
  });
  const node = await gateway.node();
  const lease = newLease();
  const manifest = manifestFor(node.nodeId, ECHO_MODEL, "one two");
  node.send({ type: "job", lease, manifest: signedManifest(gateway.key, manifest) });
  await held;
  const left = worker.leave(60_000);
  const late = newLease();
  const second = manifestFor(node.nodeId, ECHO_MODEL, "three");
  node.send({ type: "job", lease: late, manifest: signedManifest(gateway.key, second) });
  const refused = await node.answer(late);
  assert.equal(refused.end.type === "fail" && refused.end.code, "leaving");
  open();
  assert.equal((await node.answer(lease)).end.type, "finish");
  await left;
});

test("the wait between attempts doubles up to half a minute and is never the same for all", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 10, 1000].map((failures) => backoffMs(failures, 0)),
    [125, 250, 500, 1000, 15_000, 15_000],
  );
  assert.equal(backoffMs(1000, 0.999), 29_985);
});

test("log lines hold no prompt, no answer and no token", async () => {
  await start();
  const node = await gateway.node();
  const lease = newLease();
  const manifest = manifestFor(node.nodeId, ECHO_MODEL, "my secret diary");
  node.send({ type: "job", lease, manifest: signedManifest(gateway.key, manifest) });
  await node.answer(lease);
  const written = lines.join("");
  assert.match(written, /answered/);
  assert.doesNotMatch(written, /diary|enrolment-token/);
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => signal.addEventListener("abort", () => done()));
}

test("why there is no connection is said in words, with the code beside them", async () => {
  const refused = Object.assign(new Error(""), { code: "ECONNREFUSED" });
  assert.match(problemInWords(refused), /down or starting \(ECONNREFUSED\)/);
  const early = Object.assign(new Error("certificate is not yet valid"), {
    code: "CERT_NOT_YET_VALID",
  });
  assert.match(problemInWords(early), /is the clock right\?/);
  assert.match(problemInWords(new Error("Unexpected server response: 503")), /HTTP 503/);
  assert.equal(closeInWords(1012, "the pool restarts"), "the pool restarts");
  assert.equal(closeInWords(1006, ""), "it broke off");
  const { port } = new URL(gateway.url);
  await gateway.close();
  const worker = await start({}, { API_URL: `http://127.0.0.1:${port}` });
  while (worker.status().connection.problem === "") await new Promise((done) => setImmediate(done));
  assert.match(worker.status().connection.problem, /^nobody answers at its address/);
  gateway = await SmallGateway.start();
});

test("a pause that cannot be noted down holds all the same, and says that it ends with the worker", async () => {
  const worker = await start();
  const node = await gateway.node();
  await node.frame("ready", (frame) => frame.slots === 1);
  // In place of a full disk: a folder where the note should lie.
  mkdirSync(join(dataDir, "workers", "willow", "paused.json"));
  worker.pause(null);
  await node.frame("ready", (frame) => frame.state === "paused" && frame.slots === 0);
  assert(lines.some((line) => /holds only until the worker ends/.test(line)));
  worker.resume();
  assert.equal(worker.status().state, "open");
});

test("a disk that is full is said to be", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
  });
  assert.match(diskInWords(full), /^the disk is full.*free some space/);
  assert.equal(diskInWords(new Error("something else")), "something else");
});
