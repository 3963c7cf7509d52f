import { printable } from "./words.ts";

/** Severity, least first; `silent` writes nothing. */
const LEVELS = ["debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LEVELS)[number];
/** Flat facts beside a message. Never a prompt, an answer, a seed or a token. */
export type LogFacts = Record<string, string | number | boolean | null>;

/** Writes one line an event: JSON, or plain words where a person watches a terminal. */
export interface Log {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  fatal(message: string, facts?: LogFacts): void;
}

export function createLog(options: {
  level: LogLevel;
  /** Name of the node, in every line. */
  node: string;
  forPeople: boolean;
  write: (line: string) => void;
  now: () => number;
}): Log {
  const least = LEVELS.indexOf(options.level);
  const at =
    (level: Exclude<LogLevel, "silent">) =>
    (message: string, facts: LogFacts = {}) => {
      if (LEVELS.indexOf(level) < least) return;
      const time = new Date(options.now()).toISOString();
      options.write(
        options.forPeople
          ? `${clock(options.now())} ${level === "info" ? "" : `${level}: `}${printable(message + inWords(facts))}\n`
          : `${JSON.stringify({ time, level, room: "worker", node: options.node, message, ...facts })}\n`,
      );
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
  };
}

/** The reader's own time. */
function clock(now: number): string {
  return new Date(now).toTimeString().slice(0, 8);
}

function inWords(facts: LogFacts): string {
  const entries = Object.entries(facts);
  if (entries.length === 0) return "";
  return ` (${entries.map(([key, value]) => `${key} ${shortened(String(value))}`).join(", ")})`;
}

/** Ids and digests by their beginning: enough for a person to tell two apart, and the line stays short. */
function shortened(value: string): string {
  const id = /^(SHA256:\S{8})\S{35}$|^([0-9a-f]{8})([0-9a-f]{56}|(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
  const match = id.exec(value);
  return match === null ? value : `${match[1] ?? match[2]}…`;
}
