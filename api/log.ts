import type { FastifyServerOptions } from "fastify";

/** Where log lines go; standard output by default. */
export interface LogStream {
  write(line: string): void;
}

/**
 * Options of the service's log: one JSON object a line. Prompts, answers and tokens never go in, and errors are
 * cut down to what names them, because a database error carries its statement's parameters.
 */
export function logOptions(
  level: string,
  stream: LogStream = standardOutput(),
): FastifyServerOptions["logger"] {
  return { level, base: { service: "api" }, serializers: { err: nameOf }, stream };
}

/**
 * Lines of one turn of the event loop leave in one write: each request leaves a line, and the system call costs more
 * than the line. Nothing is held back when the process ends, with an error too. A service goes on when whoever read
 * its log has gone (`npm run api | head`).
 */
function standardOutput(): LogStream {
  let lines = "";
  const flush = () => {
    // Written at once wherever it goes, on Linux and macOS.
    if (lines !== "") process.stdout.write(lines);
    lines = "";
  };
  process.on("exit", flush);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    write(line) {
      if (lines === "") setImmediate(flush);
      lines += line;
    },
  };
}

function nameOf(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error, message: "", stack: "" };
  // The first lines of a stack repeat the message; frames follow.
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  // A JSON parser quotes its input.
  const message = error instanceof SyntaxError ? "" : error.message;
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message,
    stack: frames.slice(0, 12).join("\n"),
    ...(code === undefined ? {} : { code }),
  };
}
