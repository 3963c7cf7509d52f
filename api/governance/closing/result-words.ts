import type { PollCount } from "../../../protocol/counting/poll.ts";
import { count as plural } from "../constitution/words.ts";
import { utc } from "../failures.ts";
import type { ProposalRow } from "../proposals/state.ts";

export interface ResultFacts {
  readonly row: ProposalRow;
  readonly options: readonly { readonly id: string; readonly title: string }[];
  readonly count: PollCount;
  readonly closedAt: number;
  /** When it takes effect; null: nothing does. */
  readonly dueAt: number | null;
}

/** The result card: what was asked, who could vote, the counts, the rule, what changes when, how to object. */
export function resultWords({ row, options, count, closedAt, dueAt }: ResultFacts): string[] {
  const title = (id: string | null) =>
    options.find((option) => option.id === id)?.title ?? "nothing";
  const words = [`Asked: ${row.title}${/[.?!]$/.test(row.title) ? "" : "."}`];
  for (const house of count.houses) {
    words.push(
      `${capital(house.house)}: ${house.ballots} of ${plural(house.size, "seat")} voted${house.abstained > 0 ? `, ${house.abstained} abstained` : ""}.`,
    );
    for (const each of house.rows) {
      const missed = [
        each.quorumMet
          ? null
          : `it needed ${each.quorum} ballots for it and had ${each.ballotsFor}`,
        each.ratioMet ? null : `it needed ${ratio(row)} and did not have it`,
      ].filter((reason) => reason !== null);
      words.push(
        `${each.option} (${title(each.option)}): ${each.for} for, ${each.against} against${missed.length === 0 ? "" : `; ${missed.join("; ")}`}.`,
      );
    }
  }
  for (const tie of count.ties) {
    words.push(
      `A tie (${tie.place}: ${tie.options.join(", ")}) was settled by lot, by the published seed: ${tie.chosen ?? "nobody"}.`,
    );
  }
  words.push(outcome(row, count, count.winners === undefined ? title(count.winner) : null));
  if (count.winners !== undefined && count.outcome !== "rejected") {
    words.push(elected(row.terms.seats ?? 1, count.winners.map(title)));
  }
  if (dueAt !== null) {
    words.push(
      `It takes effect at ${utc(dueAt)}. Until then ${plural(row.terms.holders, "person")} of either house can hold it.`,
    );
  } else if (count.outcome === "rejected" || count.outcome === "no-ballots") {
    words.push(`It may be put again from ${utc(closedAt + row.terms.retryMs)} on.`);
  }
  return words;
}

function elected(seats: number, titles: readonly string[]): string {
  const filled =
    titles.length < seats ? `${titles.length} of ${plural(seats, "seat")}` : plural(seats, "seat");
  return `Elected to ${filled}: ${titles.join(", ") || "nobody"}.`;
}

/** `title`: of the option that won; null where seats were filled, which is said in a sentence of its own. */
function outcome(row: ProposalRow, { outcome, winner }: PollCount, title: string | null): string {
  switch (outcome) {
    case "passed":
      return title === null ? "Passed." : `Passed: ${title}.`;
    case "no-ballots":
      return "Nobody voted: everything stays as it is.";
    case "answered":
      return row.method === "majority"
        ? `The answer is ${winner === "Z" || winner === null ? "no" : "yes"}. It does not bind.`
        : title === null
          ? "It does not bind."
          : `Most favoured: ${title}. It does not bind.`;
    default:
      return "Rejected: everything stays as it is.";
  }
}

function ratio({ terms }: ProposalRow): string {
  const [a, b] = terms.ratio;
  return a === b ? "more for than against" : `${a} for every ${b} against`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
