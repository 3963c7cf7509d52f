import type { PollCount } from "../../../protocol/counting/poll.ts";
import type { Picture } from "../../../protocol/wire/governance.ts";

interface Drawable {
  readonly approvals?: Readonly<Record<string, number>>;
  readonly totals?: Readonly<Record<string, number>>;
  readonly points?: Readonly<Record<string, number | string>>;
  readonly rounds?: readonly {
    readonly votes?: Readonly<Record<string, number>>;
    readonly exhausted?: number;
    readonly eliminated?: readonly string[];
  }[];
  readonly pairwise?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What a door draws of a count: bars, rounds, duels. Numbers of pictures may be rounded; the working is exact. */
export function pictureOf(
  count: PollCount,
  options: readonly { readonly id: string; readonly title: string }[],
): Picture {
  const working = (count.working ?? {}) as Drawable;
  const title = (id: string) => options.find((option) => option.id === id)?.title ?? id;
  const bars = (values: Readonly<Record<string, number | string>>) =>
    Object.entries(values).map(([option, value]) => ({
      option,
      label: title(option),
      value: rounded(value),
    }));
  const totals = working.approvals ?? working.totals ?? working.points;
  const base = {
    rounds: (working.rounds ?? []).flatMap(({ votes, exhausted = 0, eliminated = [] }) =>
      votes === undefined ? [] : [{ votes: { ...votes }, exhausted, eliminated: [...eliminated] }],
    ),
    pairwise: working.pairwise === undefined ? null : structuredClone(working.pairwise),
  };
  if (totals !== undefined) {
    const barsOf = working.approvals !== undefined ? "approvals" : "points";
    return { ...base, bars: bars(totals), barsOf };
  }
  const first = base.rounds[0];
  if (first !== undefined) return { ...base, bars: bars(first.votes), barsOf: "first preferences" };
  return {
    ...base,
    bars: count.houses.flatMap(({ house, rows }) =>
      rows.flatMap((row) => [
        { option: row.option, label: `${house}: for`, value: rounded(row.for) },
        { option: row.option, label: `${house}: against`, value: rounded(row.against) },
      ]),
    ),
    barsOf: "votes",
  } as Picture;
}

/** A whole number or a fraction `a/b` as a number to draw. */
function rounded(value: number | string): number {
  if (typeof value === "number") return value;
  const [n, d = "1"] = value.split("/");
  return Math.round((Number(n) / Number(d)) * 1000) / 1000;
}
