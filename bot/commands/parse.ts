import type { Command, CommandOption, OptionValues } from "./command.ts";

/** What a line of text asks for, or why it cannot be read as a command (a sentence for its writer). */
export type ParsedLine =
  | { readonly kind: "command"; readonly command: Command; readonly values: OptionValues }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/**
 * Reads a line typed in a door without native commands. `/name …` is a command, anything else goes to
 * `fallback` (bare text is a question). A slash that starts a path or a lone slash in a sentence is text:
 * only `/word` followed by space or end is taken for a command.
 */
export function parseLine(line: string, table: readonly Command[], fallback: Command): ParsedLine {
  const match = /^\s*\/([\p{L}\p{N}_-]{1,32})(?=\s|$)([\s\S]*)$/u.exec(line);
  if (!match) return { kind: "command", command: fallback, values: restAsText(fallback, line) };
  const [, typed = "", rest = ""] = match;
  const name = typed.toLowerCase();
  const command = table.find((one) => one.name === name);
  return command ? readOptions(command, rest) : refusedName(name, table);
}

/** The command a `command:jobId` button stands for; null when the id is not ours. */
export function parseAction(id: string, table: readonly Command[]): ParsedLine | null {
  const match = /^([a-z]{1,32}):([0-9a-f-]{36})$/.exec(id);
  const command = table.find((one) => one.name === match?.[1]);
  if (!match || !command?.options.some((option) => option.type === "answer")) return null;
  return { kind: "command", command, values: { answer: match[2] } };
}

function readOptions(command: Command, rest: string): ParsedLine {
  const values: Record<string, string> = {};
  let left = rest.trim();
  for (let flag = nextFlag(left); flag; flag = nextFlag(left)) {
    const option = command.options.find((one) => one.type === "word" && one.name === flag.name);
    if (!option) break;
    if (flag.value === "") {
      return refused("missing_value", `/${command.name}: write a value after --${option.name}.`);
    }
    values[option.name] = flag.value;
    left = flag.left;
  }
  const text = command.options.find((option) => option.type === "text");
  if (text) values[text.name] = left;
  else if (left !== "") {
    return refused(
      "unexpected_text",
      `/${command.name} takes no text. ${optionsInWords(command.options)}`,
    );
  }
  if (text?.required && left === "") {
    return refused(
      "missing_text",
      `/${command.name} needs text after it: ${text.summary.toLowerCase()}.`,
    );
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

function refusedName(name: string, table: readonly Command[]): ParsedLine {
  const near = table
    .map((command) => ({ name: command.name, distance: distance(name, command.name) }))
    .filter((one) => one.distance <= Math.max(1, Math.floor(one.name.length / 2)))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint = near ? `Did you mean /${near.name}?` : "Type /help to see what there is.";
  return refused("unknown_command", `There is no command /${name}. ${hint}`);
}

function optionsInWords(options: readonly CommandOption[]): string {
  return options.some((option) => option.type === "answer")
    ? "Reply to the answer you mean, or leave it for the last one."
    : "Send it on its own.";
}

function refused(code: string, message: string): ParsedLine {
  return { kind: "refused", code, message };
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
