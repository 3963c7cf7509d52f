// The file of the bot's keys: two programs at once, a program killed while it writes, a disk that is full.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { takeLock } from "../../../bot/matrix/encryption/lock.ts";
import { SealedFile } from "../../../bot/matrix/encryption/sealed-file.ts";
import { scratch } from "../../support/services.ts";
import type { Moment } from "./dying-writer.ts";

const folder = scratch("matrix-keys-");
after(() => rmSync(folder, { recursive: true, force: true }));
const children: ChildProcess[] = [];
after(() => children.forEach((child) => void child.kill("SIGKILL")));
const program = (name: string) => join(import.meta.dirname, name);

/** Seals a word many times over in a program of its own; resolves to its exit code, or the signal that ended it. */
async function written(file: string, word: string, moment: Moment, shell = ""): Promise<unknown> {
  const command = `${shell} exec "$0" "$@"`;
  const args = [process.execPath, program("dying-writer.ts"), moment, file, word];
  const child = spawn("sh", ["-c", command, ...args], { stdio: "ignore" });
  const [code, signal] = await once(child, "exit");
  return signal ?? code;
}

/** The word that a file holds many times, and nothing else. */
function wordIn(file: string): string | undefined {
  const text = new SealedFile(file, "an operator's key", "a device").read()?.toString() ?? "";
  return /^(\w+?)\1{19999}$/.exec(text)?.[1];
}

test("killed at any moment of a write, the file is the old one or the new one, whole", async () => {
  const file = join(folder, "killed.sealed");
  assert.equal(await written(file, "first", "done"), 0);
  const moments: [Moment, string][] = [
    ["half written", "first"],
    ["written, not flushed", "first"],
    ["flushed, not renamed", "first"],
    ["renamed", "later"],
  ];
  for (const [moment, expected] of moments) {
    assert.equal(await written(file, "later", moment), "SIGKILL");
    assert.equal(wordIn(file), expected, moment);
  }
  assert.equal(await written(file, "last", "done"), 0, "what was left aside is in nobody's way");
  assert.equal(wordIn(file), "last");
});

test("a disk that is full in the middle of a write leaves the file as it was", async () => {
  const file = join(folder, "full.sealed");
  assert.equal(await written(file, "first", "done"), 0);
  // A limit on the size of files stops a write as a full disk does: a part of it is there (64 × 512 bytes).
  const full = "trap '' XFSZ; ulimit -f 64;";
  assert.equal(await written(file, "later", "done", full), 1);
  assert.equal(wordIn(file), "first");
});

test("of programs that start at once one gets the store, and its death frees it at once", async () => {
  const file = join(folder, "store.held");
  const holders: ChildProcess[] = [];
  const start = async () => {
    const child = spawn(process.execPath, [program("lock-holder.ts"), file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [said] = await once(createInterface({ input: child.stdout }), "line");
    if (said === "held") holders.push(child);
    return said;
  };
  const said = await Promise.all([start(), start(), start(), start()]);
  assert.deepEqual(said.sort(), ["StoreInUse", "StoreInUse", "StoreInUse", "held"]);
  assert.throws(() => takeLock(file), /in use by another program/);
  const [holder] = holders as [ChildProcess];
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const giveBack = takeLock(file);
  assert.throws(() => takeLock(file), /in use by another program/, "nor twice in one program");
  giveBack();
  takeLock(file)();
});
