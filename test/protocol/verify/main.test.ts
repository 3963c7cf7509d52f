import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { zipSync } from "fflate";
import { PACK } from "../../../protocol/export/pack-files.ts";
import { MAX_PACK_BYTES, zipPack } from "../../../protocol/export/zip.ts";
import { BARE_ENVIRONMENT } from "../../support/bare-environment.ts";
import { temporaryFolder, writeFiles } from "../folder.ts";
import { manifestWith, samplePack, statementFor } from "../sample-answer.ts";

const main = join(import.meta.dirname, "../../../protocol/verify/main.ts");

/** Runs the command as `npm run verify` does. */
function verify(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...BARE_ENVIRONMENT },
  });
  return { status, stdout, stderr };
}

test("a saved folder: every file is reported, nothing fails, exit status 0", (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, samplePack());
  const { status, stdout, stderr } = verify(folder, ".");
  assert.equal(stderr, "");
  assert.equal(status, 0);
  for (const name of samplePack().keys())
    assert.ok(stdout.includes(`\n${name}\n`) || stdout.startsWith(name));
  assert.match(stdout, /✓ holds {8}The node's signature covers the receipt's exact bytes\./);
  assert.match(stdout, /– not checked {2}The answer is true: Never checked\./);
  assert.match(stdout, /\d+ hold, 0 fail, \d+ not checked\. Nothing failed; /);
  assert.ok(!stdout.includes("\u001b"), "no colour where nobody sees it");
  assert.ok(stdout.split("\n").every((line) => line.length <= 100));
});

test("a changed byte: the file is named, exit status 1", (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, samplePack().set(PACK.answer, Buffer.from("Lyon.\n")));
  const { status, stdout } = verify(folder, folder);
  assert.equal(status, 1);
  assert.match(stdout, /^answer\.txt\n {2}✗ fails {8}Not the text that the node signed/);
  assert.match(stdout, /Do not rely on this folder: answer\.txt\.\n$/);
});

test("a poll's export that is none: the file is what not to rely on", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "proposal-1.json"), "{}");
  const { status, stdout } = verify(folder, "poll", "proposal-1.json");
  assert.equal(status, 1);
  assert.match(stdout, /Do not rely on this file: /);
});

test("the archive, with or without the outer folder that desktops add", (t) => {
  const folder = temporaryFolder(t);
  const pack = samplePack();
  const nested = [...pack].map(([name, bytes]) => [`my answer/${name}`, bytes]);
  writeFileSync(join(folder, "a.zip"), zipPack(pack));
  writeFileSync(join(folder, "b"), zipSync(Object.fromEntries(nested)));
  for (const name of ["a.zip", "b"]) {
    const { status, stdout, stderr } = verify(folder, name);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, / 0 fail, /);
  }
});

test("names and texts from outside cannot steer the terminal", (t) => {
  const folder = temporaryFolder(t);
  const manifest = manifestWith();
  const statement = statementFor(manifest);
  statement.predicate.engine = {
    ...statement.predicate.engine,
    name: "\u001b[2Jecho\u202e",
    auditable: false,
  };
  writeFiles(folder, samplePack(manifest, statement).set("\u001b[31mred.txt", Buffer.alloc(1)));
  const { stdout } = verify(folder, ".");
  assert.ok(!stdout.includes("\u001b") && !stdout.includes("\u202e"));
  assert.match(stdout, /\\u\{1b\}\[31mred\.txt/);
  assert.match(stdout, /\\u\{202e\}/);
});

test("what cannot be checked at all: one sentence and exit status 2", (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string) => join(folder, name);
  mkdirSync(at("empty"));
  mkdirSync(at("other"));
  writeFileSync(at("other/holiday.txt"), "x");
  writeFileSync(at("text.txt"), "not an archive");
  writeFileSync(at("text.zip"), "not an archive either");
  writeFileSync(at("cut.zip"), zipPack(samplePack()).subarray(0, 500));
  writeFileSync(at("empty.zip"), zipSync({}));
  mkdirSync(at("huge"));
  writeFileSync(at("huge/answer.txt"), "");
  truncateSync(at("huge/answer.txt"), MAX_PACK_BYTES + 1);
  writeFileSync(at("huge.zip"), "PK\x03\x04");
  truncateSync(at("huge.zip"), MAX_PACK_BYTES + 1);
  mkdirSync(at("links"));
  symlinkSync(at("text.txt"), at("links/answer.txt"));
  mkdirSync(at("many"));
  for (let n = 0; n <= 100; n++) writeFileSync(at(`many/${n}`), "");
  for (const [name, words] of [
    ["nowhere", /There is nothing at .*nowhere\./],
    ["empty", /empty is empty\./],
    ["other", /holds no saved answer/],
    ["text.txt", /neither a folder nor a \.zip archive/],
    ["text.zip", /neither a folder nor a \.zip archive/],
    ["cut.zip", /damaged/],
    ["empty.zip", /is empty\./],
    ["huge", /more than 64 MiB/],
    ["huge.zip", /more than 64 MiB/],
    ["links", /is a link or a device/],
    ["many", /more than 100 files/],
  ] as const) {
    const { status, stdout, stderr } = verify(folder, name);
    assert.equal(status, 2, `${name}: ${stdout}${stderr}`);
    assert.equal(stdout, "");
    assert.match(stderr, words);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  }
});

test("through npm, a relative path counts from where the person stood", (t) => {
  const folder = temporaryFolder(t);
  const elsewhere = temporaryFolder(t);
  writeFiles(join(folder, "saved"), samplePack());
  const { status, stderr } = spawnSync(process.execPath, [main, "saved"], {
    cwd: elsewhere,
    encoding: "utf8",
    env: { npm_lifecycle_event: "verify", INIT_CWD: folder },
  });
  assert.equal(status, 0, stderr);
});

test("without a folder it says how it is used", (t) => {
  const folder = temporaryFolder(t);
  for (const args of [[], ["a", "b"]]) {
    const { status, stderr } = verify(folder, ...args);
    assert.equal(status, 2);
    assert.match(stderr, /^Usage: npm run verify -- /);
  }
  assert.equal(verify(folder, "--help").status, 0);
});
