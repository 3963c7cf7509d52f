import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { RoomMessage } from "./wire.ts";

/**
 * The room's messages in a file of JSON lines: a message replaces the earlier one of its id, `{id, gone}`
 * takes it away. It lets a reload or a restart show the room again; the answers' truth is in the pool.
 * Rewritten at every start with what is left, readable by its owner only.
 */
export interface Journal {
  /** Messages found at the start, oldest first. */
  readonly found: readonly RoomMessage[];
  write(message: RoomMessage): void;
  remove(id: string): void;
}

/** Older messages are dropped at a restart. */
const KEPT = 500;

/** Opens a journal; lines that a crash cut short are skipped. */
export function openJournal(file: string): Journal {
  const found = readLines(file).slice(-KEPT);
  writeFileSync(`${file}.new`, found.map(line).join(""), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const append = (value: object) => appendFileSync(file, line(value), { mode: 0o600 });
  return {
    found,
    write: append,
    remove: (id) => append({ id, gone: true }),
  };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function readLines(file: string): RoomMessage[] {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const messages = new Map<string, RoomMessage>();
  for (const text of content.split("\n")) {
    const value = parsed(text);
    if (value === null) continue;
    if ("gone" in value) messages.delete(value.id);
    else messages.set(value.id, value);
  }
  return [...messages.values()];
}

/** Our own file, written by this program: the shape is checked as far as a cut line needs it. */
function parsed(text: string): RoomMessage | { id: string; gone: true } | null {
  try {
    const value = JSON.parse(text) as RoomMessage | { id: string; gone: true };
    return typeof value?.id === "string" ? value : null;
  } catch {
    return null;
  }
}
