import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { workerSettings } from "../../config/settings.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { generateSigningKey, publicKeyFromRaw } from "../../protocol/keys.ts";
import { checkReceipt } from "../../protocol/receipts/check-receipt.ts";
import { tokenIdsFromBytes } from "../../protocol/receipts/commitments.ts";
import type { Envelope } from "../../protocol/receipts/dsse.ts";
import type { JobManifest } from "../../protocol/receipts/manifest.ts";
import { echoEngine } from "../../worker/engines/echo.ts";
import { MAX_MANIFEST_BYTES } from "../../worker/jobs/manifest-check.ts";
import { TextFrames } from "../../worker/jobs/text-frames.ts";
import { MAX_FRAME_TEXT_BYTES } from "../../worker/limits/frames.ts";
import { createLog } from "../../worker/log.ts";
import { type RunningWorker, startWorker } from "../../worker/worker.ts";
import {
  manifestFor,
  type NodeLink,
  newLease,
  SmallGateway,
  signedManifest,
} from "./small-gateway.ts";

const quiet = createLog({
  level: "silent",
  node: "t",
  forPeople: false,
  write: () => {},
  now: Date.now,
});
const dataDir = mkdtempSync(join(tmpdir(), "worker-"));
let gateway: SmallGateway;
let worker: RunningWorker;
let node: NodeLink;
/** Questions that start with "hold" wait before their second word until the test lets them go. */
let held = Promise.withResolvers<void>();
let letGo = Promise.withResolvers<void>();
let holding = false;

before(async () => {
  gateway = await SmallGateway.start();
  const settings = workerSettings({
    DATA_DIR: dataDir,
    API_URL: gateway.url,
    WORKER_ENGINE: "echo",
    WORKER_NAME: "willow",
    ENROLMENT_TOKEN: "x".repeat(32),
  });
  const echo = echoEngine(async (signal) => {
    if (!holding) return;
    held.resolve();
    await Promise.race([
      letGo.promise,
      new Promise((done) => signal.addEventListener("abort", done)),
    ]);
  });
  worker = await startWorker(settings, quiet, { echo });
  node = await gateway.node();
  await node.frame("ready");
});
after(async () => {
  await worker.leave(0);
  await gateway.close();
  rmSync(dataDir, { recursive: true });
});

function give(manifest: Envelope, lease = newLease()): string {
  node.send({ type: "job", lease, manifest });
  return lease;
}
const signed = (changes: Partial<JobManifest> = {}) =>
  signedManifest(gateway.key, manifestFor(node.nodeId, ECHO_MODEL, "one two three", changes));

/** Gives an order whose answer stops after its first word. */
async function giveHeld(): Promise<string> {
  held = Promise.withResolvers();
  letGo = Promise.withResolvers();
  holding = true;
  const lease = give(signed());
  await held.promise;
  holding = false;
  return lease;
}

test("an answer's receipt passes the pool's own check", async () => {
  const order = manifestFor(node.nodeId, ECHO_MODEL, "Grüße an alle 👋🏽");
  const manifest = signedManifest(gateway.key, order);
  const { end, text } = await node.answer(give(manifest));
  assert.ok(end.type === "finish");
  assert.equal(text, "Echo: Grüße an alle 👋🏽");
  const { statement } = checkReceipt({
    envelope: end.receipt,
    nodePublicKey: publicKeyFromRaw(Buffer.from(node.hello.publicKey, "base64")),
    manifest: order,
    manifestPayload: Buffer.from(manifest.payload, "base64"),
    poolKeyId: gateway.key.keyId,
    answer: Buffer.from(text),
    tokenIds: tokenIdsFromBytes(Buffer.from(end.tokenIds, "base64")),
  });
  assert.equal(statement.predicate.pool, gateway.key.keyId);
});

const refusals: [what: string, reason: string, order: () => Envelope][] = [
  [
    "signed by another key",
    "bad_signature",
    () => signedManifest(generateSigningKey(), manifestFor(node.nodeId, ECHO_MODEL, "x")),
  ],
  [
    "without a valid signature",
    "bad_signature",
    () => {
      const order = signed();
      return { ...order, signatures: [{ keyid: order.signatures[0].keyid, sig: "AAAA" }] };
    },
  ],
  [
    "changed after it was signed",
    "bad_signature",
    () => {
      const order = signed();
      const payload = Buffer.from(order.payload, "base64").toString().replace("three", "thief");
      return { ...order, payload: Buffer.from(payload).toString("base64") };
    },
  ],
  ["that has expired", "expired", () => signed({ issuedAt: 1, expiresAt: Date.now() - 1 })],
  [
    "for another node",
    "other_node",
    () => signedManifest(gateway.key, manifestFor(generateSigningKey().keyId, ECHO_MODEL, "x")),
  ],
  ["of an unknown type", "unknown_type", () => signed({ type: "shell" as "infer" })],
  [
    "for a model that is not on the list",
    "model_not_offered",
    () => signed({ model: { sha256: "00".repeat(32), name: "another" } }),
  ],
  [
    "with another seed than committed to",
    "seed_mismatch",
    () => signed({ seedCommitment: "00".repeat(32) }),
  ],
  ["with a field too many", "malformed", () => signed({ command: "ls" } as Partial<JobManifest>)],
  ["that is not a JSON object", "malformed", () => signedManifest(gateway.key, ["infer"])],
  [
    "that is too large",
    "too_large",
    () => signed({ messages: [{ role: "user", content: "x".repeat(MAX_MANIFEST_BYTES) }] }),
  ],
];
for (const [what, reason, order] of refusals) {
  test(`an order ${what} is refused (${reason}), and the node stays connected`, async () => {
    const { end, text } = await node.answer(give(order()));
    assert.ok(end.type === "fail", JSON.stringify(end));
    assert.equal(end.code, "manifest_refused");
    assert.ok(end.message.startsWith(`${reason}: `), end.message);
    assert.equal(text, "");
    assert.equal((await node.answer(give(signed()))).end.type, "finish");
  });
}

test("the same order given twice is carried out once", async () => {
  const order = signed();
  assert.equal((await node.answer(give(order))).end.type, "finish");
  const { end } = await node.answer(give(order));
  assert.match(end.type === "fail" ? end.message : "", /^repeated: /);
});

test("a second job on a lease that is in use is ignored: the first answer goes on", async () => {
  const lease = await giveHeld();
  give(signed(), lease);
  // Frames are dealt with in order: when this one is answered, the one before it was seen too.
  const other = await node.answer(give(signed()));
  assert.equal(other.end.type === "fail" && other.end.code, "busy");
  letGo.resolve();
  const { end, text } = await node.answer(lease);
  assert.equal(end.type, "finish");
  assert.equal(text, "Echo: one two three");
});

test("stop ends an answer at once with a receipt for what was written; a second stop changes nothing", async () => {
  const lease = await giveHeld();
  node.send({ type: "stop", lease });
  node.send({ type: "stop", lease });
  const { end, text } = await node.answer(lease);
  assert.ok(end.type === "finish");
  assert.equal(end.finishReason, "stopped");
  assert.equal(text, "Echo: ");
  node.send({ type: "stop", lease });
  node.send({ type: "stop", lease: newLease() });
  assert.equal((await node.answer(give(signed()))).end.type, "finish");
  assert.equal(node.frames.filter((f) => f.type === "finish" && f.lease === lease).length, 1);
});

test("an answer that is not done when its order expires is given back", async () => {
  held = Promise.withResolvers();
  letGo = Promise.withResolvers();
  holding = true;
  const { end } = await node.answer(give(signed({ expiresAt: Date.now() + 300 })));
  holding = false;
  assert.equal(end.type === "fail" && end.code, "expired");
});

test("an answer is cut at the order's token limit and says so", async () => {
  const { end, text } = await node.answer(give(signed({ maxTokens: 2 })));
  assert.equal(end.type === "finish" && end.finishReason, "length");
  assert.equal(text, "Echo: one ");
});

test("a long piece of text travels in frames of at most 16 KB that cut no character", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 40 }),
      fc.integer({ min: 0, max: 2000 }),
      (piece, times) => {
        const text = piece.repeat(times);
        const frames: string[] = [];
        const writer = new TextFrames({
          congested: false,
          text: (seq, part) => {
            assert.equal(seq, frames.push(part) - 1);
          },
        });
        writer.write(text);
        assert.equal(writer.end(), frames.length);
        assert.equal(frames.join(""), text);
        for (const frame of frames) {
          assert.ok(Buffer.byteLength(frame) <= MAX_FRAME_TEXT_BYTES);
          assert.ok(frame.isWellFormed());
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("a congested socket is not fed; at the end everything is sent", async () => {
  const frames: string[] = [];
  const sink = { congested: true, text: (_: number, part: string) => void frames.push(part) };
  const writer = new TextFrames(sink, 0);
  writer.write("a");
  await new Promise((turn) => setImmediate(turn));
  writer.write("b");
  await new Promise((turn) => setImmediate(turn));
  assert.deepEqual(frames, []);
  assert.equal(writer.end(), 1);
  assert.deepEqual(frames, ["ab"]);
});
