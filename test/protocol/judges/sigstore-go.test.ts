import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { PACK } from "../../../protocol/export/pack-files.ts";
import { publicKeyToPem } from "../../../protocol/keys.ts";
import { GENERATE_PREDICATE_TYPE } from "../../../protocol/receipts/statement.ts";
import { temporaryFolder, writeFiles } from "../folder.ts";
import { keyFrom, samplePack } from "../sample-answer.ts";

const source = join(import.meta.dirname, "sigstore-go");
/** The lock files of the judge decide; the rest of GOFLAGS is the machine's own. */
const env = { ...process.env, GOFLAGS: `${process.env.GOFLAGS ?? ""} -mod=readonly`.trim() };
const missing = whyNotHere();
if (missing) console.error(`sigstore-go.test.ts: ${missing}`);

function go(...args: string[]) {
  return spawnSync("go", args, { cwd: source, env, encoding: "utf8" });
}

/** Why the judge cannot sit, or false. A judge that does not compile is a failure, not an absence. */
function whyNotHere(): string | false {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(go("version").stdout ?? "") ?? [];
  if (minor === undefined) return "SKIPPED: no Go on PATH; sigstore-go did not judge our bundles";
  if (Number(major) === 1 && Number(minor) < 26) {
    return `SKIPPED: Go ${major}.${minor} is older than 1.26; sigstore-go did not judge our bundles`;
  }
  const download = go("mod", "download");
  if (download.status === 0) return false;
  return `SKIPPED: Go's modules could not be fetched; sigstore-go did not judge our bundles (${download.stderr.trim().split("\n").at(-1)})`;
}

test("sigstore-go judges an export", { skip: missing }, async (t) => {
  const folder = temporaryFolder(t);
  const program = join(folder, process.platform === "win32" ? "judge.exe" : "judge");
  const built = go("build", "-o", program, ".");
  assert.equal(built.status, 0, built.stderr);
  writeFiles(folder, samplePack());
  writeFiles(
    folder,
    new Map([
      ["other.txt", "Lyon is the capital of France.\n"],
      ["other.pem", publicKeyToPem(keyFrom("somebody else").publicKey)],
    ]),
  );
  const judge = (key: string, text: string, predicateType: string) =>
    spawnSync(program, [PACK.receipt, key, text, predicateType], { cwd: folder, encoding: "utf8" });

  await t.test("it accepts the answer with its receipt and the node's key", () => {
    const { status, stdout } = judge(PACK.nodeKey, PACK.answer, GENERATE_PREDICATE_TYPE);
    assert.equal(stdout.trim(), "accepted");
    assert.equal(status, 0);
  });

  await t.test("it refuses another text", () => {
    const { status, stdout } = judge(PACK.nodeKey, "other.txt", GENERATE_PREDICATE_TYPE);
    assert.match(stdout, /refused: .*digests do not match/);
    assert.equal(status, 1);
  });

  await t.test("it refuses another predicate type", () => {
    const verify = GENERATE_PREDICATE_TYPE.replace("generate", "verify");
    const { status, stdout } = judge(PACK.nodeKey, PACK.answer, verify);
    assert.match(stdout, /refused: predicate type/);
    assert.equal(status, 1);
  });

  await t.test("it refuses another key", () => {
    const { status, stdout } = judge("other.pem", PACK.answer, GENERATE_PREDICATE_TYPE);
    assert.match(stdout, /refused: .*signature/);
    assert.equal(status, 1);
  });
});
