import { createConnection } from "node:net";
import { jsonParser } from "../../protocol/parse.ts";
import { ControlAnswer, type ControlRequest } from "./wire.ts";

/** No worker of this name runs on this machine. */
export class NotRunning extends Error {
  override name = "NotRunning";
}

/** A worker of this name runs, and does not answer its owner; the message says what that may mean. */
export class NotAnswering extends Error {
  override name = "NotAnswering";
}

const parseAnswer = jsonParser(ControlAnswer, "answer");
const PATIENCE_MS = 10_000;

/** Asks a running worker on this machine. Throws NotRunning, NotAnswering. */
export function askWorker(address: string, request: ControlRequest): Promise<ControlAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ControlAnswer>();
  const socket = createConnection(address);
  let text = "";
  const silent = () =>
    new NotAnswering(
      `The worker runs, and says nothing for ${PATIENCE_MS / 1000} s. Was it stopped (Ctrl-Z; fg lets it go on), or ` +
        "is this machine very busy?",
    );
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(silent()));
  socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    const nobody = error.code === "ENOENT" || error.code === "ECONNREFUSED";
    const gone = error.code === "ECONNRESET" || error.code === "EPIPE";
    if (nobody) reject(new NotRunning("No worker of this name runs on this machine."));
    else if (!gone) reject(error);
  });
  socket.on("close", () => {
    try {
      resolve(parseAnswer(text));
    } catch {
      // It ended in the middle of a word, or is of another version than this command.
      reject(new NotAnswering("The worker ended while it was asked, or is of another version."));
    }
  });
  return promise;
}
