import { execFileSync, spawnSync } from "node:child_process";

/** One call of `belenios-tool method`: its arguments, and the ballots for its standard input. */
export interface Question {
  readonly args: readonly string[];
  readonly ballots: readonly (readonly number[])[];
}

/** Why Debian's belenios-tool cannot judge here, or null where it can. */
export function beleniosMissing(): string | null {
  const { status } = spawnSync("belenios-tool", ["--version"]);
  return status === 0 ? null : "belenios-tool is not installed (apt-get install -y belenios-tool)";
}

/**
 * Asks many at once: one shell runs the tool once per line, which saves half the time of starting each from here.
 * An answer is null where the tool stopped with an error.
 */
export function ask<Answer>(questions: readonly Question[]): (Answer | null)[] {
  const script = `while read -r args && read -r ballots; do
    printf '%s' "$ballots" | belenios-tool method $args 2>/dev/null || printf null
    echo
  done`;
  const input = questions.map(
    ({ args, ballots }) => `${args.join(" ")}\n${JSON.stringify(ballots)}\n`,
  );
  const out = execFileSync("sh", ["-c", script], {
    input: input.join(""),
    maxBuffer: 1 << 30,
    encoding: "utf8",
  });
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Answer | null);
}
