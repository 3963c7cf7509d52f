import type { Fleet } from "./fleet.ts";
import type { Question } from "./journal.ts";
import { balances, type Ledger } from "./ledger.ts";

/** What was seen of one fault, or of several together. Times are milliseconds since the epoch. */
export interface Row {
  readonly name: string;
  readonly began: number;
  readonly over: number;
  /** Seconds until answers came at the earlier rate again; null when they did not while it was watched. */
  readonly recovery: number | null;
  /** Answers a second before. */
  readonly calmRate: number;
  /** Megabytes of the replicas. */
  readonly resident: readonly [number, number];
}

const MOST_SECONDS = 15;
/** Megabytes that a replica may grow in ten minutes, by a line through all its readings but the first ones. */
const MOST_GROWTH = 20;
const WIDTHS = [44, 8, 9, 6, 14];

/** The soak's table: a line while each fault is fresh, the account at the end. */
export class Report {
  readonly #rows: Row[] = [];

  head(): string {
    return columns(["fault", "seconds", "back in s", "rate", "replicas MB"]);
  }

  line(row: Row): string {
    this.#rows.push(row);
    return columns([
      row.name,
      ((row.over - row.began) / 1000).toFixed(1),
      row.recovery === null ? "NEVER" : row.recovery.toFixed(1),
      row.calmRate.toFixed(0),
      row.resident.map((megabytes) => megabytes.toFixed(0)).join(" / "),
    ]);
  }

  /** Prints the whole account; true where everything holds. */
  close(ledger: Ledger, fleet: Fleet, print: (line: string) => void): boolean {
    const questions = fleet.questions();
    const of = (list: readonly string[]) => (list.length === 0 ? "0" : `${list.length} WRONG`);
    print("| fault | asked | told | lost | twice | credits wrong | seconds to recover | RSS MB |");
    print("|---|---|---|---|---|---|---|---|");
    for (const [i, row] of this.#rows.entries()) {
      const next = this.#rows[i + 1]?.began ?? Number.POSITIVE_INFINITY;
      const during = questions.filter(({ askedAt }) => askedAt >= row.began && askedAt < next);
      const own = (list: readonly string[]) =>
        `${list.filter((line) => names(line, during)).length}`;
      const told = during.filter(({ told, refused }) => told.length > 0 || refused !== null).length;
      const recovery = row.recovery === null ? "never" : row.recovery.toFixed(1);
      const { lost, twice, credits } = ledger;
      const counts = [`${during.length}`, `${told}`, own(lost), own(twice), own(credits), recovery];
      const resident = row.resident.map((megabytes) => megabytes.toFixed(0)).join(" / ");
      print(`| ${[row.name, ...counts, resident].join(" | ")} |`);
    }
    print("");
    print(`asked ${ledger.asked}, acknowledged ${ledger.acknowledged}, refused ${ledger.refused}`);
    print(`ended: ${JSON.stringify(ledger.ended)}`);
    print(
      `lost ${of(ledger.lost)} · twice ${of(ledger.twice)} · credits ${of(ledger.credits)} · untold ${of(ledger.untold)}`,
    );
    const { lost, twice, credits, untold } = ledger;
    for (const line of [...lost, ...twice, ...credits, ...untold].slice(0, 40)) print(`  ${line}`);
    const slow = this.#rows.filter(({ recovery }) => recovery === null || recovery > MOST_SECONDS);
    for (const row of slow) print(`SLOW: ${row.name} took ${row.recovery ?? "more than 20"} s`);
    const growth = ([0, 1] as const).map((replica) => this.#growth(replica));
    print(
      `growth of the replicas: ${growth.map((mb) => mb.toFixed(1)).join(" / ")} MB in 10 minutes (NaN: watched too shortly)`,
    );
    const surprises = fleet.surprises();
    for (const line of surprises.slice(0, 10)) print(`SURPRISE: ${line.slice(0, 300)}`);
    const flat = growth.every((megabytes) => !(megabytes > MOST_GROWTH));
    return balances(ledger) && slow.length === 0 && flat && surprises.length === 0;
  }

  /** Slope of a replica's memory over the second half of the run, by least squares. */
  #growth(replica: 0 | 1): number {
    const points = this.#rows
      .slice(Math.floor(this.#rows.length / 2))
      .map((row) => [row.over / 600_000, row.resident[replica]] as const);
    const [first, last] = [points.at(0), points.at(-1)];
    // A process that has just started grows for minutes until its heap has its size: too short to judge.
    if (first === undefined || last === undefined || last[0] - first[0] < 1) return Number.NaN;
    const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
    const [x, y] = [mean(0), mean(1)];
    const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
    const below = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
    return below === 0 ? 0 : above / below;
  }
}

function names(line: string, questions: readonly Question[]): boolean {
  return questions.some(
    ({ key, acknowledged }) =>
      line.startsWith(key) || acknowledged.some(({ id }) => line.includes(id)),
  );
}

function columns(values: readonly string[]): string {
  return values.map((value, i) => value.padEnd(WIDTHS[i] as number)).join(" ");
}
