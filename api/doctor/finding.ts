/** What the doctor says about one thing. */
export interface Finding {
  /** Stable name for machines: `postgres.synchronous-commit`. */
  readonly check: string;
  readonly level: "ok" | "warning" | "problem";
  /** What was found, in one line. */
  readonly found: string;
  /** What it means for the people of the pool, and what to do; absent where all is well. */
  readonly means?: string;
  readonly remedy?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, level: "ok", found });

export const warning = (check: string, found: string, means: string, remedy: string): Finding => ({
  ...{ check, level: "warning", found, means, remedy },
});

export const problem = (check: string, found: string, means: string, remedy: string): Finding => ({
  ...{ check, level: "problem", found, means, remedy },
});

/** For people: the level in front, so that trouble is seen by running an eye down the edge. */
export function inWords(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ level, check, found, means, remedy }) => [
    `${level.padEnd(8)} ${check}: ${found}`,
    ...(means === undefined ? [] : [`         ${means}`, `         → ${remedy}`]),
  ]);
  const count = (level: Finding["level"]) => findings.filter((each) => each.level === level).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  const sum =
    problems + warnings === 0
      ? "All is well."
      : `${problems} ${problems === 1 ? "problem" : "problems"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`;
  return `${[...lines, "", sum].join("\n")}\n`;
}
