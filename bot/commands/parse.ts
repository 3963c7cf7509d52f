import { ENGLISH, filled, type Words } from "../words/catalogue.ts";
import type { Command, OptionValues } from "./command.ts";
import { dataPressed } from "./data.ts";
import { pressed } from "./governance/press.ts";
import { BARE, nameIn, optionIn } from "./names.ts";

/** What a line of text asks for, or why it cannot be read as a command (a sentence for its writer). */
export type ParsedLine =
  | { readonly kind: "command"; readonly command: Command; readonly values: OptionValues }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/**
 * Reads a line typed in a door without native commands. `/name …` is a command, anything else goes to
 * `fallback` (bare text is a question). A slash that starts a path or a lone slash in a sentence is text:
 * only `/word` followed by space or end is taken for a command. Names count in English and in the words'
 * own language; of two names that fit, the longer one is meant (`/pool settings`, not `/pool`).
 */
export function parseLine(
  line: string,
  table: readonly Command[],
  fallback: Command,
  words: Words = ENGLISH,
): ParsedLine {
  const match = /^\s*\/([\p{L}\p{N}_-]{1,32})(?=\s|$)([\s\S]*)$/u.exec(line);
  if (!match) return { kind: "command", command: fallback, values: restAsText(fallback, line) };
  const [, typed = "", rest = ""] = match;
  const [, second = "", left = ""] =
    /^\s+([\p{L}\p{N}_-]{1,32})(?=\s|$)([\s\S]*)$/u.exec(rest) ?? [];
  const long = commandNamed(`${typed} ${second}`, table, words);
  if (long) return readOptions(long, left, words);
  const command = commandNamed(typed, table, words);
  if (!command) return refusedName(typed.toLowerCase(), table, words);
  const bare = [BARE, words.command_bare_name].includes(second.toLowerCase());
  return readOptions(command, bare && isGroup(command, table) ? left : rest, words);
}

/** Other commands begin with its name, so that platforms with subcommands call it `/pool show`. */
function isGroup({ name }: Command, table: readonly Command[]): boolean {
  return table.some((other) => other.name.startsWith(`${name} `));
}

function commandNamed(typed: string, table: readonly Command[], words: Words): Command | undefined {
  const name = typed.toLowerCase();
  return table.find((one) => one.name === name) ?? table.find((one) => nameIn(words, one) === name);
}

/** The command a `command:jobId` button stands for; null when the id is not ours. */
export function parseAction(id: string, table: readonly Command[]): ParsedLine | null {
  const press = pressed(id) ?? dataPressed(id);
  if (press) return { kind: "command", ...press };
  const match = /^([a-z]{1,32}):([0-9a-f-]{36})$/.exec(id);
  const command = table.find((one) => one.name === match?.[1]);
  if (!match || !command?.options.some((option) => option.type === "answer")) return null;
  return { kind: "command", command, values: { answer: match[2] } };
}

function readOptions(command: Command, rest: string, words: Words): ParsedLine {
  const name = nameIn(words, command);
  const values: Record<string, string> = {};
  let left = rest.trim();
  for (let flag = nextFlag(left); flag; flag = nextFlag(left)) {
    const option = command.options.find((one) => one.type === "word" && one.name === flag.name);
    if (!option) break;
    if (flag.value === "") {
      return refused("missing_value", words.parse_missing_value, { name, option: option.name });
    }
    values[option.name] = flag.value;
    left = flag.left;
  }
  const first = command.options.find((option) => option.type === "first");
  if (first && left !== "") {
    const [, word = "", behind = ""] = /^(\S+)\s*([\s\S]*)$/.exec(left) ?? [];
    values[first.name] = word;
    left = behind;
  }
  const text = command.options.find((option) => option.type === "text");
  if (text) values[text.name] = left;
  else if (left !== "") {
    const about = command.options.some((option) => option.type === "answer");
    const hint = about ? words.parse_reply_to_answer : words.parse_on_its_own;
    return refused("unexpected_text", `${words.parse_takes_no_text} ${hint}`, { name });
  }
  const missing = command.options.find(
    (option) => option.required && (values[option.name] ?? "") === "" && option.type !== "answer",
  );
  if (missing) {
    const told = optionIn(words, command, missing);
    return refused("missing_text", words.parse_needs_text, { name, option: lowerFirst(told) });
  }
  return { kind: "command", command, values };
}

/** `--name value rest` or `--name "two words" rest` at the start of what is left. */
function nextFlag(left: string) {
  const match = /^--([a-z]+)(?:[ =]+("([^"]*)"|\S+))?\s*/.exec(left);
  if (!match) return null;
  const [whole, name = "", word = "", quoted] = match;
  return { name, value: quoted ?? word, left: left.slice(whole.length) };
}

function restAsText(command: Command, line: string): OptionValues {
  const text = command.options.find((option) => option.type === "text");
  return text ? { [text.name]: line } : {};
}

function refusedName(name: string, table: readonly Command[], words: Words): ParsedLine {
  const near = table
    .flatMap((command) => [command.name, nameIn(words, command)])
    .map((known) => ({ name: known, distance: distance(name, known) }))
    .filter((one) => one.distance <= Math.max(1, Math.floor(one.name.length / 2)))
    .sort((a, b) => a.distance - b.distance)[0];
  const none = filled(words.parse_no_such_command, { name });
  const hint = near
    ? filled(words.parse_did_you_mean, { name: near.name })
    : filled(words.parse_see_help, { help: nameIn(words, { name: "help" }) });
  return { kind: "refused", code: "unknown_command", message: `${none} ${hint}` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function refused(code: string, sentence: string, values: Record<string, string>): ParsedLine {
  return { kind: "refused", code, message: filled(sentence, values) };
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
export function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array(b.length).fill(0)]);
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let j = 1; j <= b.length; j++) (rows[0] as number[])[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(i - 2, j - 2) + 1);
      }
      (rows[i] as number[])[j] = best;
    }
  }
  return at(a.length, b.length);
}
