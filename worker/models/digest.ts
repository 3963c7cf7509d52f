import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import { Sha256Hex } from "../../protocol/wire/primitives.ts";

export interface FileDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/** A digest computed earlier, and the state of the file it was computed from. */
const Remembered = Type.Object(
  { path: Type.String(), state: Type.String(), sha256: Sha256Hex },
  { additionalProperties: false },
);
const parseRemembered = jsonParser(Remembered, "digest");

/**
 * SHA-256 of a file. It is remembered in `memory` (a folder) with the file's size, times and inode, so that a
 * model of many gigabytes is read once and not at each start; any change to the file makes it be read again.
 * Throws what the file system throws.
 */
export async function fileDigest(path: string, memory: string): Promise<FileDigest> {
  const note = join(memory, `${sha256Hex(path)}.json`);
  const before = await fileState(path);
  const known = await recall(note);
  if (known?.path === path && known.state === before.state) {
    return { sha256: known.sha256, bytes: before.bytes };
  }
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const sha256 = hash.digest("hex");
  // A file that changed while it was read has no digest worth remembering.
  if ((await fileState(path)).state === before.state) {
    await mkdir(memory, { recursive: true });
    await writeFile(
      `${note}.${process.pid}`,
      JSON.stringify({ path, state: before.state, sha256 }),
    );
    await rename(`${note}.${process.pid}`, note);
  }
  return { sha256, bytes: before.bytes };
}

async function fileState(path: string): Promise<{ state: string; bytes: number }> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  return { state: `${size}-${mtimeNs}-${ctimeNs}-${ino}`, bytes: Number(size) };
}

/** A note that is missing or unreadable only costs reading the file again. */
async function recall(note: string): Promise<Type.Static<typeof Remembered> | null> {
  try {
    return parseRemembered(await readFile(note, "utf8"));
  } catch {
    return null;
  }
}
