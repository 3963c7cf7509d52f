import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { publicKeyToPem } from "../../../protocol/keys.ts";
import { preAuthEncoding } from "../../../protocol/receipts/dsse.ts";
import { temporaryFolder, writeFiles } from "../folder.ts";
import { manifestWith, nodeKey, signStatement, statementFor } from "../sample-answer.ts";

const version = spawnSync("openssl", ["version"], { encoding: "utf8" }).stdout ?? "";
// `pkeyutl -rawin` for Ed25519 came with OpenSSL 3.0; LibreSSL has none.
const missing = /^OpenSSL [3-9]/.test(version) ? false : "SKIPPED: no OpenSSL 3 on PATH";
if (missing) console.error(`openssl.test.ts: ${missing}`);

test("openssl verifies a receipt's signature over the encoded bytes", { skip: missing }, (t) => {
  const folder = temporaryFolder(t);
  const { payload, payloadType, signatures } = signStatement(statementFor(manifestWith()));
  const signed = preAuthEncoding(payloadType, Buffer.from(payload, "base64"));
  const changed = Buffer.from(signed);
  changed[changed.length - 1]! ^= 1;
  writeFiles(
    folder,
    new Map<string, Uint8Array | string>([
      ["node.pem", publicKeyToPem(nodeKey.publicKey)],
      ["sig", Buffer.from(signatures[0].sig, "base64")],
      ["signed", signed],
      ["changed", changed],
    ]),
  );
  const judge = (file: string) =>
    spawnSync(
      "openssl",
      [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "node.pem",
        "-rawin",
        "-in",
        file,
        "-sigfile",
        "sig",
      ],
      { cwd: join(folder), encoding: "utf8" },
    );
  const good = judge("signed");
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, /Signature Verified Successfully/);
  assert.notEqual(judge("changed").status, 0);
});
