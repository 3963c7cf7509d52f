import { readFileSync } from "node:fs";

/** One measured value beside its target; `met` is null for values that are only reported. */
export interface Measure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** In words, for example `≤ 15`. */
  readonly target: string | null;
  readonly met: boolean | null;
}

/** A value that should not exceed `limit`. */
export function atMost(id: string, value: number, unit: string, limit: number): Measure {
  return { id, value: round(value), unit, target: `≤ ${limit}`, met: value <= limit };
}

/** A value that should reach `limit`. */
export function atLeast(id: string, value: number, unit: string, limit: number): Measure {
  return { id, value: round(value), unit, target: `≥ ${limit}`, met: value >= limit };
}

/** A value without a target. */
export function reported(id: string, value: number, unit: string): Measure {
  return { id, value: round(value), unit, target: null, met: null };
}

/** The value below which the share `q` (0 to 1) of the numbers lies; nearest rank. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[
    Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))
  ] as number;
}

/** Resident memory of a process in megabytes (Linux; NaN elsewhere). */
export function residentMegabytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** A table for people, one line per measure. */
export function table(measures: readonly Measure[]): string {
  const rows = measures.map((m) => [
    m.id,
    `${m.value} ${m.unit}`,
    m.target ?? "",
    m.met === null ? "" : m.met ? "met" : "NOT MET",
  ]);
  const head = ["Measure", "Value", "Target", ""];
  const widths = head.map((h, i) =>
    Math.max(h.length, ...rows.map((r) => (r[i] as string).length)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
