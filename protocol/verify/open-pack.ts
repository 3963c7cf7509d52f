import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { PACK_NAMES } from "../export/pack-files.ts";
import {
  looksLikeZip,
  MAX_PACK_BYTES,
  MAX_PACK_FILES,
  unzipPack,
  ZipRefused,
} from "../export/zip.ts";

/** What was given is no export of an answer; the message is one sentence for a person. */
export class NoPack extends Error {
  override name = "NoPack";
}

/**
 * Files of an export, from a folder or a .zip archive: name with forward slashes → bytes. At most
 * MAX_PACK_FILES files and MAX_PACK_BYTES together; links are not followed. Throws NoPack.
 */
export function openPack(path: string): Map<string, Uint8Array> {
  try {
    const files = statSync(path).isDirectory() ? readFolder(path) : readArchive(path);
    if (files.size === 0) throw new NoPack(`${path} is empty.`);
    const pack = withoutOuterFolder(files);
    if (!PACK_NAMES.some((name) => pack.has(name))) {
      throw new NoPack(
        `${path} holds no saved answer: none of ${PACK_NAMES.slice(0, 3).join(", ")} … is in it.`,
      );
    }
    return pack;
  } catch (error) {
    if (error instanceof ZipRefused) throw new NoPack(`${path}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new NoPack(`There is nothing at ${path}.`);
    if (code === "EACCES" || code === "EPERM") {
      throw new NoPack(`${(error as NodeJS.ErrnoException).path ?? path} may not be read.`);
    }
    throw error;
  }
}

function readFolder(folder: string): Map<string, Uint8Array> {
  const names: string[] = [];
  let total = 0;
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) {
        names.push(path);
        total += statSync(path).size;
      } else throw new NoPack(`${path} is a link or a device, not a file; copy the file itself.`);
      if (names.length > MAX_PACK_FILES || pending.length > MAX_PACK_FILES) {
        throw new NoPack(`${folder} holds more than ${MAX_PACK_FILES} files or folders.`);
      }
      if (total > MAX_PACK_BYTES) throw tooLarge(folder);
    }
  }
  return new Map(
    names
      .sort()
      .map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path)] as const),
  );
}

function readArchive(path: string): Map<string, Uint8Array> {
  const { size } = statSync(path);
  if (!statSync(path).isFile() || !looksLikeZip(firstBytes(path))) {
    throw new NoPack(`${path} is neither a folder nor a .zip archive.`);
  }
  if (size > MAX_PACK_BYTES) throw tooLarge(path);
  return unzipPack(readFileSync(path));
}

function firstBytes(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(4);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Archives made by a desktop hold the folder itself; its name is taken off. */
function withoutOuterFolder(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const [first] = files.keys();
  const outer = first?.includes("/") ? first.slice(0, first.indexOf("/") + 1) : "";
  if (outer === "" || PACK_NAMES.some((name) => name.startsWith(outer))) return files;
  if (![...files.keys()].every((name) => name.startsWith(outer))) return files;
  return new Map([...files].map(([name, bytes]) => [name.slice(outer.length), bytes]));
}

function tooLarge(path: string): NoPack {
  return new NoPack(
    `${path} holds more than ${MAX_PACK_BYTES / 1024 / 1024} MiB: no saved answer.`,
  );
}
