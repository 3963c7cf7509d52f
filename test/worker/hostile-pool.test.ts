// What a pool, or somebody in its place, may try on a volunteer's machine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findModelFact, modelFacts } from "../../config/model-facts.ts";
import { ROOT, workerSettings } from "../../config/settings.ts";
import { wantedModel } from "../../worker/models/wanted.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { scratch } from "../support/services.ts";
import {
  manifestFor,
  type NodeLink,
  newLease,
  SmallGateway,
  signedManifest,
} from "./small-gateway.ts";

const DEMO = findModelFact("substrate-demo")!;
const model = { sha256: DEMO.sha256 as string, name: DEMO.name };
const MARKER = "marmalade-marker-4711";
const dataDir = scratch("hostile-");
let gateway: SmallGateway;
let node: NodeLink;
let printed = "";
let end: () => Promise<void>;

before(async () => {
  gateway = await SmallGateway.start();
  const child = spawn(process.execPath, ["worker/main.ts"], {
    cwd: ROOT,
    env: {
      ...BARE_ENVIRONMENT,
      DATA_DIR: dataDir,
      API_URL: gateway.url,
      ENROLMENT_TOKEN: "x".repeat(32),
      WORKER_NAME: "target",
      WORKER_THREADS: "1",
      WORKER_SLOTS: "1",
      LOG_LEVEL: "debug",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
    });
  }
  end = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  };
  node = await gateway.node();
  await node.frame("ready", (frame) => frame.models.length === 1);
});
after(async () => {
  await end();
  await gateway.close();
  rmSync(dataDir, { recursive: true });
});

function order(changes: object, prompt = "What is a node?") {
  const lease = newLease();
  const manifest = { ...manifestFor(node.nodeId, model, prompt), ...changes };
  node.send({ type: "job", lease, manifest: signedManifest(gateway.key, manifest) });
  return node.answer(lease);
}

test("no order reaches a file: models are found by digest on the owner's list, never by name or path", async () => {
  for (const sha256 of ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", DEMO.id]) {
    const { end: ended } = await order({ model: { sha256, name: "x" } });
    assert(ended.type === "fail");
    assert.match(ended.message, /^malformed: /);
  }
  const named = await order({ model: { ...model, name: "/etc/passwd" } });
  assert.equal(named.end.type, "finish", "a name is only a name");
  assert.doesNotMatch(named.text, /root:/);
});

test("no order runs code, fetches an address, or asks for what there is no kind of order for", async () => {
  for (const changes of [
    { type: "exec", command: "id" },
    { type: "lora" },
    { tools: [{ type: "shell" }] },
    { url: "http://169.254.169.254/" },
    { sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 50, path: "/x" } },
    { maxTokens: 1e9 },
    { version: 2 },
  ]) {
    const { end: ended } = await order(changes);
    assert(ended.type === "fail", JSON.stringify(changes));
    assert.match(ended.message, /^(unknown_type|malformed): /, JSON.stringify(changes));
  }
});

test("the question and the answer are written to no log and no file, nor is the key's private half", async () => {
  const { text, end: ended } = await order({}, `What is a ${MARKER}? Say ${MARKER}.`);
  assert.equal(ended.type, "finish");
  assert(text.length > 10);
  await order({ model: { sha256: "00".repeat(32), name: MARKER } }, MARKER);
  const pem = readFileSync(join(dataDir, "workers/target/node.key.pem"), "utf8").split("\n")[1];
  for (const secret of [`Say ${MARKER}`, text, pem as string, "x".repeat(32)]) {
    assert(!printed.includes(secret));
  }
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true });
  for (const file of files.filter((each) => each.isFile())) {
    const content = readFileSync(join(file.parentPath, file.name));
    assert(!content.includes(MARKER), file.name);
    assert(!content.includes(text), file.name);
  }
});

test("its owner's socket answers requests it knows, and drops floods", async () => {
  const say = async (line: string) => {
    const socket = createConnection(join(dataDir, "workers/target/control.sock"));
    let answer = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      answer += part;
    });
    socket.on("error", () => {});
    socket.write(line);
    await once(socket, "close");
    return answer;
  };
  assert.equal(JSON.parse(await say('{"do":"format disk"}\n')).ok, false);
  assert.equal(JSON.parse(await say("nonsense\n")).ok, false);
  assert.equal(await say("x".repeat(5000)), "");
  assert.equal(JSON.parse(await say('{"do":"status"}\n')).status.name, "target");
});

test("neither a worker's name nor a model's reach outside their folders", () => {
  for (const WORKER_NAME of ["../../evil", "/abs", "..", "a/b", "a\\b"]) {
    assert.throws(() => workerSettings({ WORKER_NAME }), /WORKER_NAME/);
  }
  assert.throws(() => wantedModel("../../no/such.gguf", modelFacts(), ROOT), {
    name: "UnknownModel",
  });
});
