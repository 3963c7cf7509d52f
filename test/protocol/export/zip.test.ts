import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import {
  looksLikeZip,
  MAX_PACK_BYTES,
  MAX_PACK_FILES,
  unzipPack,
  ZipRefused,
  zipPack,
} from "../../../protocol/export/zip.ts";
import { samplePack } from "../sample-answer.ts";

const zipOf = (files: Record<string, Uint8Array>) => zipSync(files);
const refused = (bytes: Uint8Array, words: RegExp) =>
  assert.throws(
    () => unzipPack(bytes),
    (error) => {
      assert.ok(error instanceof ZipRefused, String(error));
      assert.match(error.message, words);
      return true;
    },
  );

test("an export survives its archive, and the same export gives the same archive", () => {
  const pack = samplePack();
  const archive = zipPack(pack);
  assert.ok(looksLikeZip(archive));
  assert.deepEqual([...unzipPack(archive).keys()].sort(), [...pack.keys()].sort());
  for (const [name, bytes] of unzipPack(archive)) {
    assert.ok(Buffer.from(bytes).equals(pack.get(name)!), name);
  }
  assert.deepEqual(zipPack(samplePack()), archive);
});

test("an archive that would unpack to too much is refused before it is unpacked", () => {
  const zeros = new Uint8Array(MAX_PACK_BYTES / 2 + 1);
  const bomb = zipOf({ a: zeros, b: zeros });
  assert.ok(bomb.length < MAX_PACK_BYTES / 100, "the archive itself is small");
  refused(bomb, /more than 64 MiB/);
});

test("an archive that lies about the size it unpacks to gives no more than it declared", () => {
  const honest = zipOf({ a: new Uint8Array(1_000_000) });
  const lying = Buffer.from(honest);
  const directory = lying.indexOf(Buffer.from("PK\x01\x02", "latin1"));
  assert.equal(lying.readUInt32LE(directory + 24), 1_000_000);
  lying.writeUInt32LE(1000, directory + 24);
  let size = 0;
  try {
    size = unzipPack(lying).get("a")!.length;
  } catch (error) {
    assert.ok(error instanceof ZipRefused);
  }
  assert.ok(size <= 1000);
});

test("too many files, and files that would land elsewhere, are refused", () => {
  const many = Array.from({ length: MAX_PACK_FILES + 1 }, (_, n) => [`${n}`, new Uint8Array(1)]);
  refused(zipOf(Object.fromEntries(many)), /more than 100 files/);
  for (const name of ["../x", "a/../../x", "/x", "\\x", "C:/x", "a\\..\\x", "x\0y"]) {
    refused(zipOf({ [name]: new Uint8Array(1) }), /outside itself/);
  }
  assert.deepEqual([...unzipPack(zipOf({ "a..b/c..": new Uint8Array(1) })).keys()], ["a..b/c.."]);
});

test("the same name twice is refused: readers would disagree about which one counts", () => {
  const archive = Buffer.from(
    zipOf({ "answer.txt": Buffer.from("a"), "answer.tx2": Buffer.from("b") }),
  );
  const text = archive.toString("latin1").replaceAll("answer.tx2", "answer.txt");
  refused(Buffer.from(text, "latin1"), /"answer\.txt" twice/);
});

test("a damaged archive is refused in words", () => {
  const archive = zipPack(samplePack());
  refused(archive.subarray(0, 300), /damaged/);
  refused(Buffer.from("PK\x03\x04", "latin1"), /damaged/);
  refused(Buffer.alloc(0), /damaged/);
});
