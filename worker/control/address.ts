import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A path of a Unix socket has room for 104 bytes on macOS, 108 on Linux. */
const MAX_PATH_BYTES = 100;

/** Where a worker listens for its owner: a socket in its folder, a named pipe on Windows. */
export function controlAddress(folder: string): string {
  const short = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\substrate-worker-${short}`;
  const inFolder = join(folder, "control.sock");
  if (Buffer.byteLength(inFolder) <= MAX_PATH_BYTES) return inFolder;
  const own = join(tmpdir(), `substrate-${process.getuid?.() ?? "u"}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  return join(own, `${short}.sock`);
}
