import { styleText } from "node:util";
import { PACK_NAMES } from "../export/pack-files.ts";
import type { VerifyLine } from "./lines.ts";

const MARKS = { holds: "✓", fails: "✗", "not checked": "–" } as const;
const COLOURS = { holds: "green", fails: "red", "not checked": "yellow" } as const;
const STATE_WIDTH = "not checked".length;

export interface PrintOptions {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly colour: boolean;
  /** What was checked, as one calls it. */
  readonly subject: "folder" | "file";
}

/** The report of `npm run verify`: lines grouped by file, and what they come to. Never just "verified". */
export function report(lines: readonly VerifyLine[], options: PrintOptions): string {
  const out: string[] = [];
  const names = new Set(lines.map(({ file }) => file));
  const known = PACK_NAMES.filter((name) => names.has(name));
  const others = [...names].filter((name) => name !== "" && !known.includes(name));
  for (const file of [...known, ...others, ...(names.has("") ? [""] : [])]) {
    out.push(file === "" ? "What no file here can show" : printable(file));
    for (const line of lines) if (line.file === file) out.push(row(line, options));
    out.push("");
  }
  out.push(summary(lines, options.subject));
  return out.join("\n");
}

function row({ state, text }: VerifyLine, { columns, colour }: PrintOptions): string {
  const head = `  ${MARKS[state]} ${state.padEnd(STATE_WIDTH)}  `;
  const body = wrap(printable(text), Math.max(20, columns - head.length)).join(
    `\n${" ".repeat(head.length)}`,
  );
  // Whether to colour is the caller's to decide: by default styleText looks at the stream itself.
  return (colour ? styleText(COLOURS[state], head, { validateStream: false }) : head) + body;
}

function summary(lines: readonly VerifyLine[], subject: PrintOptions["subject"]): string {
  const count = (state: VerifyLine["state"]) => lines.filter((line) => line.state === state).length;
  const failing = [...new Set(lines.filter((l) => l.state === "fails").map((l) => l.file))];
  const counts = `${count("holds")} hold, ${count("fails")} fail, ${count("not checked")} not checked.`;
  return failing.length === 0
    ? `${counts} Nothing failed; the lines marked ${MARKS["not checked"]} say what this does not show.`
    : `${counts} Do not rely on this ${subject}: ${failing.map(printable).join(", ")}.`;
}

/** Text from a receipt or a file name must not steer the terminal: controls and invisible marks are spelled out. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u{${(mark.codePointAt(0) as number).toString(16)}}`,
  );
}

function wrap(text: string, width: number): string[] {
  const rows: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      rows.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...rows, current];
}
