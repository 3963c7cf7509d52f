import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findModelFact } from "../../config/model-facts.ts";
import { workerSettings } from "../../config/settings.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { publicKeyFromRaw } from "../../protocol/keys.ts";
import {
  sha256Hex,
  tokenIdsDigest,
  tokenIdsFromBytes,
} from "../../protocol/receipts/commitments.ts";
import { openEnvelope } from "../../protocol/receipts/dsse.ts";
import { GenerateStatement, STATEMENT_PAYLOAD_TYPE } from "../../protocol/receipts/statement.ts";
import { canonicalJsonParser } from "../../protocol/receipts/strict-json.ts";
import { createLog } from "../../worker/log.ts";
import { type RunningWorker, startWorker } from "../../worker/worker.ts";
import {
  manifestFor,
  type NodeLink,
  newLease,
  SmallGateway,
  signedManifest,
} from "./small-gateway.ts";

const parseStatement = canonicalJsonParser(GenerateStatement, "receipt", 100_000);
const quiet = createLog({
  level: "silent",
  node: "t",
  forPeople: false,
  write: () => {},
  now: Date.now,
});

for (const engine of ["echo", "llama"] as const) {
  const model =
    engine === "echo"
      ? ECHO_MODEL
      : { ...findModelFact("substrate-demo")!, sha256: findModelFact("substrate-demo")!.sha256! };

  let gateway: SmallGateway;
  let worker: RunningWorker;
  let node: NodeLink;
  const dataDir = mkdtempSync(join(tmpdir(), "worker-"));

  before(async () => {
    gateway = await SmallGateway.start();
    worker = await startWorker(
      workerSettings({
        DATA_DIR: dataDir,
        API_URL: gateway.url,
        WORKER_ENGINE: engine,
        WORKER_NAME: `test ${engine}`,
        WORKER_THREADS: "1",
        WORKER_SLOTS: "1",
        ENROLMENT_TOKEN: "x".repeat(32),
      }),
      quiet,
    );
    node = await gateway.node();
    await node.frame("ready", (frame) => frame.models.length === 1);
  });
  after(async () => {
    await worker.leave(0);
    await gateway.close();
    rmSync(dataDir, { recursive: true });
  });

  test(`${engine}: a signed manifest becomes streamed text and a receipt for exactly that text`, async () => {
    const lease = newLease();
    const manifest = manifestFor(
      node.nodeId,
      { sha256: model.sha256, name: model.name },
      "How does voting work here?",
    );
    const envelope = signedManifest(gateway.key, manifest);
    node.send({ type: "job", lease, manifest: envelope });
    const { end, text, seqs } = await node.answer(lease);
    assert.equal(end.type, "finish", JSON.stringify(end));
    assert.ok(end.type === "finish");
    assert.ok(text.length > 10);
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => i),
    );
    assert.equal(end.seq, seqs.length);
    const nodeKey = publicKeyFromRaw(Buffer.from(node.hello.publicKey, "base64"));
    const { subject, predicate } = parseStatement(
      openEnvelope(end.receipt, nodeKey, STATEMENT_PAYLOAD_TYPE),
    );
    const ids = tokenIdsFromBytes(Buffer.from(end.tokenIds, "base64"));
    assert.equal(subject[0].digest.sha256, sha256Hex(text));
    assert.equal(predicate.manifest, sha256Hex(Buffer.from(envelope.payload, "base64")));
    assert.equal(predicate.tokens.sha256, tokenIdsDigest(ids));
    assert.equal(predicate.nonce, manifest.nonce);
    assert.equal(predicate.engine.name, engine);
  });
}
