import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A file of JSON lines that grows at its end; readable by its owner only. */
export interface JsonLines<T> {
  /** What the file held at the start: the newest line of each id, in the order in which ids first came. */
  readonly found: readonly T[];
  append(value: object): void;
  /** Writes the file anew with what is left of it: what was taken away is nowhere in it any more. */
  rewrite(): void;
}

export interface JsonLinesOptions<T> {
  /** One line's value; null, or a throw, for a line that is not ours or that a crash cut short. */
  readonly parse: (line: string) => T | null;
  readonly idOf: (value: T) => string;
  /** True for a line that takes its id away. */
  readonly isGone?: (value: T) => boolean;
  /** Values kept over a restart, the newest. */
  readonly kept: number;
}

/** Opens the file, rewritten with what is left of it: it grows only while the program runs. */
export function openJsonLines<T extends object>(
  file: string,
  { parse, idOf, isGone = () => false, kept }: JsonLinesOptions<T>,
): JsonLines<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  function rewrite(): readonly T[] {
    const entries = new Map<string, T>();
    for (const value of readJsonLines(file, parse)) {
      if (isGone(value)) entries.delete(idOf(value));
      else entries.set(idOf(value), value);
    }
    const left = [...entries.values()].slice(-kept);
    // A crash in between leaves the old file whole.
    writeFileSync(`${file}.new`, left.map(jsonLine).join(""), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return left;
  }
  return {
    found: rewrite(),
    append: (value) => appendFileSync(file, jsonLine(value), { mode: 0o600 }),
    rewrite,
  };
}

/** Every value in the file, oldest first; none where there is no file. */
export function readJsonLines<T extends object>(
  file: string,
  parse: (line: string) => T | null,
): T[] {
  return contentOf(file)
    .split("\n")
    .map((text) => parsed(text, parse))
    .filter((value) => value !== null);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function parsed<T>(text: string, parse: (line: string) => T | null): T | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** A value as one line of such a file. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
