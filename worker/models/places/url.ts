import { open, rm, stat } from "node:fs/promises";
import { type FetchRequest, PlaceFailed } from "./place.ts";

/** Silence after which a server counts as gone, milliseconds. */
const STALL_MS = 20_000;
/** A download that breaks off is continued this often without having brought anything new. */
const MAX_IDLE_TRIES = 2;

/**
 * Fetches a file over HTTP into `partFile`, continuing what is there (RFC 9110 §14 ranges; servers without
 * ranges start over). Redirects are followed; the digest is the caller's to check. Throws PlaceFailed.
 */
export async function fetchFromUrl(
  url: string,
  request: FetchRequest,
  stallMs: number = STALL_MS,
): Promise<void> {
  let idleTries = 0;
  for (;;) {
    const before = await sizeOf(request.partFile);
    try {
      return await fetchOnce(url, request, before, stallMs);
    } catch (error) {
      request.signal.throwIfAborted();
      if (error instanceof PlaceFailed) throw error;
      idleTries = (await sizeOf(request.partFile)) > before ? 0 : idleTries + 1;
      if (error instanceof BrokenOff && idleTries < MAX_IDLE_TRIES) continue;
      throw new PlaceFailed(reasonOf(error, stallMs));
    }
  }
}

async function fetchOnce(
  url: string,
  request: FetchRequest,
  have: number,
  stallMs: number,
): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new StallError()), stallMs);
  try {
    const response = await fetch(url, {
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
      signal: AbortSignal.any([request.signal, stalled.signal]),
    });
    if (response.status === 416) {
      // What is there is not a beginning of the file any more (or all of it and more).
      await response.body?.cancel();
      await rm(request.partFile, { force: true });
      throw new PlaceFailed("does not have the rest of what was fetched before; try again");
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new PlaceFailed(`answers ${response.status} ${response.statusText}`.trim());
    }
    const continues = response.status === 206 && rangeStart(response) === have;
    if (response.status === 206 && !continues) {
      await response.body.cancel();
      await rm(request.partFile, { force: true });
      throw new PlaceFailed("sent another part of the file than asked for");
    }
    const start = continues ? have : 0;
    const length = Number(response.headers.get("content-length") ?? 0);
    const total = request.bytes ?? (length > 0 ? start + length : 0);
    await append(response.body, start, total, request, () => timer.refresh());
  } finally {
    clearTimeout(timer);
  }
}

async function append(
  body: ReadableStream<Uint8Array>,
  start: number,
  total: number,
  request: FetchRequest,
  alive: () => void,
): Promise<void> {
  const file = await open(request.partFile, start > 0 ? "r+" : "w");
  let position = start;
  const brokeOff = (why: string) =>
    new BrokenOff(`broke off after ${position}${total > 0 ? ` of ${total}` : ""} bytes${why}`);
  try {
    for await (const chunk of body) {
      alive();
      if (total > 0 && position + chunk.length > total) {
        await rm(request.partFile, { force: true });
        throw new PlaceFailed(`sends more than the ${total} bytes the file has`);
      }
      await file.write(chunk, 0, chunk.length, position);
      position += chunk.length;
      request.onProgress(position, total);
    }
  } catch (error) {
    // Ours (too much, stalled, disk full) travel as they are; the rest is the connection's end.
    const isOurs =
      error instanceof PlaceFailed ||
      error instanceof StallError ||
      (error as NodeJS.ErrnoException).syscall === "write";
    if (isOurs || request.signal.aborted) throw error;
    throw brokeOff(` (${(error as Error).message})`);
  } finally {
    await file.close();
  }
  if (total > 0 && position < total) throw brokeOff("");
}

/** The server said nothing for too long. */
class StallError extends Error {}
/** The body ended early: worth continuing. */
class BrokenOff extends Error {}

function rangeStart(response: Response): number | null {
  const match = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return match ? Number(match[1]) : null;
}

function reasonOf(error: unknown, stallMs: number): string {
  if (error instanceof StallError) return `sent nothing for ${Math.round(stallMs / 1000)} seconds`;
  if (error instanceof BrokenOff) return error.message;
  // undici hides the socket's error behind "fetch failed".
  const cause = (error as Error).cause as Error | undefined;
  return `cannot be reached (${cause?.message || (error as Error).message})`;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
