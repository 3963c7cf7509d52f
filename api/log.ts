import type { FastifyServerOptions } from "fastify";

/** Where log lines go; standard output by default. */
export interface LogStream {
  write(line: string): void;
}

/**
 * Options of the service's log: one JSON object a line. Prompts, answers and tokens never go in, and errors are
 * cut down to what names them, because a database error carries its statement's parameters.
 */
export function logOptions(level: string, stream?: LogStream): FastifyServerOptions["logger"] {
  const options = { level, base: { service: "api" }, serializers: { err: nameOf } };
  return stream === undefined ? options : { ...options, stream };
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
