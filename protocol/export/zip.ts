import { unzipSync, zipSync } from "fflate";

/** More than any export has; a larger archive or folder is not one. */
export const MAX_PACK_BYTES = 64 * 1024 * 1024;
export const MAX_PACK_FILES = 100;

/** An archive that is not opened; the message is one sentence for a person. */
export class ZipRefused extends Error {
  override name = "ZipRefused";
}

/** Zips an export. The same files give the same bytes: no clock (the earliest DOS date) and no file modes. */
export function zipPack(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1), level: 6 });
}

/** True for bytes that begin like a zip archive (APPNOTE.TXT §4.3.7, or an empty one §4.3.16). */
export function looksLikeZip(bytes: Uint8Array): boolean {
  const signature = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  return signature === "PK\x03\x04" || signature === "PK\x05\x06";
}

/**
 * Files of a zip archive. Sizes are added up from the directory before anything is unpacked, and unpacking
 * stops at the declared size, so a small archive cannot fill the memory. Throws ZipRefused.
 */
export function unzipPack(bytes: Uint8Array): Map<string, Uint8Array> {
  if (bytes.length > MAX_PACK_BYTES) throw tooLarge();
  const seen = new Set<string>();
  let total = 0;
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (seen.has(name))
          throw new ZipRefused(`The archive holds the file ${shown(name)} twice.`);
        seen.add(name);
        if (seen.size > MAX_PACK_FILES) {
          throw new ZipRefused(`The archive holds more than ${MAX_PACK_FILES} files.`);
        }
        requireInside(name);
        total += Math.max(size, originalSize);
        if (total > MAX_PACK_BYTES) throw tooLarge();
        return !name.endsWith("/");
      },
    });
  } catch (error) {
    if (error instanceof ZipRefused) throw error;
    throw new ZipRefused(`The archive is damaged (${(error as Error).message}).`);
  }
  return new Map(Object.entries(entries));
}

function requireInside(name: string): void {
  const leaves =
    /^([/\\]|[A-Za-z]:)|[\\\0]/.test(name) || name.split("/").some((part) => part === "..");
  if (leaves) throw new ZipRefused(`The archive names a file outside itself (${shown(name)}).`);
}

function tooLarge(): ZipRefused {
  return new ZipRefused(`The archive holds more than ${MAX_PACK_BYTES / 1024 / 1024} MiB.`);
}

/** A file name from outside, safe to print. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}
