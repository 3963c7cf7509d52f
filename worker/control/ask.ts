import { createConnection } from "node:net";
import { jsonParser } from "../../protocol/parse.ts";
import { ControlAnswer, type ControlRequest } from "./wire.ts";

/** No worker of this name runs on this machine. */
export class NotRunning extends Error {
  override name = "NotRunning";
}

const parseAnswer = jsonParser(ControlAnswer, "answer");
const PATIENCE_MS = 10_000;

/** Asks a running worker on this machine. Throws NotRunning, or Error when it does not answer. */
export function askWorker(address: string, request: ControlRequest): Promise<ControlAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ControlAnswer>();
  const socket = createConnection(address);
  let text = "";
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("the worker does not answer")));
  socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    const nobody = error.code === "ENOENT" || error.code === "ECONNREFUSED";
    reject(nobody ? new NotRunning("No worker of this name runs on this machine.") : error);
  });
  socket.on("close", () => {
    try {
      resolve(parseAnswer(text));
    } catch (error) {
      reject(error as Error);
    }
  });
  return promise;
}
