import type { Command } from "../commands/command.ts";
import { distance, type ParsedLine, parseLine } from "../commands/parse.ts";
import type { Words } from "../words/catalogue.ts";

/** What a line of a room asks for; `help`: how one command is used; null: nothing of ours. */
export type RoomLine = ParsedLine | { readonly kind: "help"; readonly command: Command } | null;

/**
 * Reads a line as rooms of Matrix write commands: `!ask …`, `!pool ask …`, `!help ask`, `!ask --help`. Other
 * bots use `!` too, so a word that is not ours is answered only where it is close to one of ours, or where
 * the line was surely meant for us. Text without a command is a question.
 */
export function readLine(
  { line, sure }: { readonly line: string; readonly sure: boolean },
  table: readonly Command[],
  fallback: Command,
  words: Words,
): RoomLine {
  const match = /^!(\p{L}[\p{L}\p{N}_-]{0,31})(?=\s|$)([\s\S]*)$/u.exec(line);
  if (!match) return parseLine(line, table, fallback, words);
  const [, name = "", rest = ""] = match;
  const short = name.toLowerCase() === "pool" ? withoutPool(rest, table) : `${name}${rest}`;
  const about = helpWanted(short, table);
  if (about) return { kind: "help", command: about };
  const parsed = parseLine(`/${short}`, table, fallback, words);
  const unknown = parsed.kind === "refused" && parsed.code === "unknown_command";
  return unknown && !sure && !isNear(name.toLowerCase(), table) ? null : parsed;
}

/** How commands are written here: `/ask` in a sentence of ours becomes `!ask`. */
export function inRoomDialect(text: string): string {
  return text.replace(/(^|[\s("“„«])\/(?=\p{L})/gu, "$1!");
}

/** `!pool` alone shows the pool; before another command it only says whose it is. */
function withoutPool(rest: string, table: readonly Command[]): string {
  const [, second = ""] = /^\s+(\S+)/.exec(rest) ?? [];
  const long = table.some((command) => command.name === `pool ${second.toLowerCase()}`);
  return second === "" || long ? `pool${rest}` : rest.trimStart();
}

function helpWanted(line: string, table: readonly Command[]): Command | null {
  const [, after, before] = /^(?:help\s+[!/]?(\S+)|(\S+)\s+--help)\s*$/i.exec(line) ?? [];
  const name = (after ?? before)?.toLowerCase();
  return table.find((command) => command.name === name) ?? null;
}

/** One slip of the finger away from a command. */
function isNear(name: string, table: readonly Command[]): boolean {
  return table.some((command) => distance(name, command.name) <= 1);
}
