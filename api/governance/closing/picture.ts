import type { PollCount } from "../../../protocol/counting/poll.ts";
import type { Picture } from "../../../protocol/wire/governance.ts";
import { titleOf } from "../proposals/title.ts";
import type { Said, Text } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";

interface Drawable {
  readonly approvals?: Readonly<Record<string, number>>;
  readonly totals?: Readonly<Record<string, number>>;
  readonly points?: Readonly<Record<string, number | string>>;
  readonly rounds?: readonly {
    readonly votes?: Readonly<Record<string, number | string>>;
    readonly exhausted?: number;
    readonly elected?: readonly string[];
    readonly eliminated?: readonly string[];
  }[];
  readonly quota?: number;
  readonly stages?: readonly {
    readonly votes: Readonly<Record<string, string>>;
    readonly nonTransferable: string;
    readonly excluded: readonly string[];
  }[];
  readonly pairwise?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What a door draws of a count: bars, rounds, duels. Numbers of pictures may be rounded; the working is exact. */
export function pictureOf(
  count: PollCount,
  options: readonly {
    readonly id: string;
    readonly title: string;
    readonly title_said: Said | null;
  }[],
): Unspoken<Picture> {
  const working = (count.working ?? {}) as Drawable;
  const title = (id: string): Text => {
    const option = options.find((each) => each.id === id);
    return option === undefined ? id : titleOf(option);
  };
  const bars = (values: Readonly<Record<string, number | string>>) =>
    Object.entries(values).map(([option, value]) => ({
      option,
      label: title(option),
      value: rounded(value),
    }));
  const totals = working.approvals ?? working.totals ?? working.points;
  const base = {
    rounds: count.winners === undefined ? roundsOf(working) : seatRounds(working),
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
  };
}

function roundsOf({ rounds = [] }: Drawable): Picture["rounds"] {
  return rounds.flatMap(({ votes, exhausted = 0, eliminated = [] }) =>
    votes === undefined ? [] : [{ votes: numbers(votes), exhausted, eliminated: [...eliminated] }],
  );
}

/**
 * Rounds of a count that fills seats. Whoever is elected stays in the picture with the quota that they keep; what
 * nobody holds any more is exhausted.
 */
function seatRounds({ rounds, stages, quota = 0 }: Drawable): Picture["rounds"] {
  if (stages !== undefined) {
    // Scottish stages say what holds after them, the elected with their quota.
    return stages.map(({ votes, nonTransferable, excluded }) => ({
      votes: numbers(votes),
      exhausted: rounded(nonTransferable),
      eliminated: [...excluded],
    }));
  }
  const all = Object.values(rounds?.[0]?.votes ?? {}).reduce<number>(
    (sum, n) => sum + rounded(n),
    0,
  );
  const kept: Record<string, number> = {};
  return (rounds ?? []).map(({ votes = {}, elected = [], eliminated = [] }) => {
    const held = { ...kept, ...numbers(votes) };
    for (const option of elected) kept[option] = Math.min(quota, held[option] ?? 0);
    const sum = Object.values(held).reduce((total, n) => total + n, 0);
    return { votes: held, exhausted: Math.max(0, rounded(all - sum)), eliminated: [...eliminated] };
  });
}

function numbers(votes: Readonly<Record<string, number | string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(votes).map(([option, n]) => [option, rounded(n)]));
}

/** A whole number or a fraction `a/b` as a number to draw. */
function rounded(value: number | string): number {
  if (typeof value === "number") return Math.round(value * 1000) / 1000;
  const [n, d = "1"] = value.split("/");
  return Math.round((Number(n) / Number(d)) * 1000) / 1000;
}
