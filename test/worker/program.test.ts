import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { findModelFact } from "../../config/model-facts.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { manifestFor, newLease, SmallGateway, signedManifest } from "./small-gateway.ts";

const main = resolve(import.meta.dirname, "../../worker/main.ts");
const dataDir = mkdtempSync(join(tmpdir(), "worker-"));
let gateway: SmallGateway;

before(async () => {
  gateway = await SmallGateway.start();
});
after(async () => {
  await gateway.close();
  rmSync(dataDir, { recursive: true });
});

function program(env: Record<string, string>): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [main], {
    env: {
      ...BARE_ENVIRONMENT,
      HOME: process.env.HOME,
      DATA_DIR: dataDir,
      API_URL: gateway.url,
      ENROLMENT_TOKEN: "x".repeat(32),
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return { child, said: () => text };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`the worker program answers with the bundled model and ends well on ${signal}`, async () => {
    const { child, said } = program({
      WORKER_NAME: signal,
      WORKER_THREADS: "1",
      WORKER_SLOTS: "1",
    });
    const exit = once(child, "exit");
    const node = await gateway.node();
    await node.frame("ready", (frame) => frame.models.length === 1);
    const fact = findModelFact("substrate-demo")!;
    const lease = newLease();
    const order = manifestFor(
      node.nodeId,
      { sha256: fact.sha256 as string, name: fact.name },
      "What is a node?",
    );
    node.send({ type: "job", lease, manifest: signedManifest(gateway.key, order) });
    assert.equal((await node.answer(lease)).end.type, "finish");
    child.kill(signal);
    assert.deepEqual(await exit, [0, null], said());
    for (const line of said().trim().split("\n")) assert.equal(JSON.parse(line).room, "worker");
  });
}

test("threads that nobody chose are timed, and the choice is told", async () => {
  const { child } = program({ WORKER_NAME: "timing" });
  const exit = once(child, "exit");
  const node = await gateway.node();
  const { engine, models } = await node.frame("ready", (frame) => frame.models.length === 1);
  assert.ok(engine.threads >= 1);
  assert.ok((models[0]?.tokensPerSecond as number) > 0);
  child.kill("SIGINT");
  await exit;
});

test("a model that cannot be had leaves the worker up, and the pool is told why", async () => {
  const { child } = program({
    WORKER_NAME: "offline",
    WORKER_THREADS: "1",
    WORKER_SLOTS: "1",
    WORKER_MODELS: "smollm2-135m-instruct-q4_1,substrate-demo",
    OFFLINE: "true",
  });
  const exit = once(child, "exit");
  const node = await gateway.node();
  const ready = await node.frame("ready", (frame) => frame.fetches[0]?.state === "failed");
  assert.match(ready.fetches[0]?.message ?? "", /SmolLM2.*fetching is switched off/);
  await node.frame("ready", (frame) => frame.models.length === 1);
  child.kill("SIGINT");
  await exit;
});

for (const [what, env, message] of [
  [
    "an unknown model",
    { WORKER_MODELS: "no-such-model" },
    /WORKER_MODELS: "no-such-model" is neither/,
  ],
  ["a bad setting", { WORKER_SLOTS: "many" }, /WORKER_SLOTS/],
] as const) {
  test(`with ${what} the program ends at once with what to write instead`, async () => {
    const { child, said } = program({ WORKER_NAME: "wrong", ...env });
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(said(), message);
    assert.doesNotMatch(said(), /\n\s+at /, "no stack trace for a mistake in the settings");
  });
}
