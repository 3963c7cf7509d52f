import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { jsonParser } from "../../protocol/parse.ts";
import { type ControlAnswer, ControlRequest } from "./wire.ts";

/** A request is a short line; more than this is none. */
const MAX_REQUEST_BYTES = 4096;
const parseRequest = jsonParser(ControlRequest, "request");

/**
 * Listens for the worker's owner on a Unix socket that nobody else may open (0600). The caller holds the
 * folder's claim, so a socket file that lies there is a dead worker's. Returns what closes it.
 */
export async function listenForOwner(
  address: string,
  handle: (request: ControlRequest) => Promise<ControlAnswer> | ControlAnswer,
): Promise<() => Promise<void>> {
  const isPipe = process.platform === "win32";
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    answerLine(socket, handle);
  });
  if (!isPipe) rmSync(address, { force: true });
  // Binding makes the file: without the mask others could connect before chmod.
  const mask = process.umask(0o177);
  try {
    server.listen(address);
  } finally {
    process.umask(mask);
  }
  await once(server, "listening");
  if (!isPipe) chmodSync(address, 0o600);
  return async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.end();
    await closed;
    if (!isPipe) rmSync(address, { force: true });
  };
}

function answerLine(
  socket: Socket,
  handle: (request: ControlRequest) => Promise<ControlAnswer> | ControlAnswer,
): void {
  let text = "";
  socket.setEncoding("utf8").on("data", async (part: string) => {
    text += part;
    if (text.length > MAX_REQUEST_BYTES) return socket.destroy();
    if (!text.includes("\n")) return;
    socket.pause();
    let answer: ControlAnswer;
    try {
      answer = await handle(parseRequest(text));
    } catch (error) {
      answer = { ok: false, said: (error as Error).message };
    }
    socket.end(`${JSON.stringify(answer)}\n`);
  });
}
