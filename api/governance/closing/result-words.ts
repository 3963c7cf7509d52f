import type { PollCount } from "../../../protocol/counting/poll.ts";
import { enoughWords } from "../constitution/needs.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { titleOf } from "../proposals/title.ts";
import { each, type Said, say, type Text, type Value } from "../words/say.ts";

export interface ResultFacts {
  readonly row: ProposalRow;
  readonly options: readonly {
    readonly id: string;
    readonly title: string;
    readonly title_said: Said | null;
  }[];
  readonly count: PollCount;
  readonly closedAt: number;
  /** When it takes effect; null: nothing does. */
  readonly dueAt: number | null;
}

/** The result card: what was asked, who could vote, the counts, the rule, what changes when, how to object. */
export function resultWords({ row, options, count, closedAt, dueAt }: ResultFacts): Said[] {
  const title = (id: string | null): Text => {
    const option = options.find((each) => each.id === id);
    return option === undefined ? say("value_nothing") : titleOf(option);
  };
  const words = [say("result_asked", { title: titleOf(row) })];
  for (const house of count.houses) {
    words.push(say(`result_${house.house}`, { size: house.size, ballots: house.ballots }));
    if (house.abstained > 0) words.push(say("result_abstained", { abstained: house.abstained }));
    for (const option of house.rows) words.push(optionWords(row, option, title(option.option)));
  }
  for (const { place, options: tied, chosen } of count.ties) {
    words.push(
      say("result_tie", {
        place: tiePlace(place),
        options: each(tied, "comma"),
        chosen: chosen ?? say("tie_nobody"),
      }),
    );
  }
  words.push(outcome(row, count, count.winners === undefined ? title(count.winner) : null));
  if (count.winners !== undefined && count.outcome !== "rejected") {
    words.push(elected(row.terms.seats ?? 1, count.winners.map(title)));
  }
  if (dueAt !== null) {
    const people = say("count_people", { n: row.terms.holders });
    words.push(say("result_effect", { at: { at: dueAt }, people }));
  } else if (count.outcome === "rejected" || count.outcome === "no-ballots") {
    words.push(say("result_again", { at: { at: closedAt + row.terms.retryMs } }));
  }
  return words;
}

function elected(seats: number, titles: readonly Text[]): Said {
  const who = titles.length === 0 ? say("tie_nobody") : each(titles, "comma");
  return say("result_elected", { filled: titles.length, seats, who });
}

function optionWords(
  { terms }: ProposalRow,
  option: PollCount["houses"][number]["rows"][number],
  title: Text,
): Said {
  const told = { option: option.option, title, for: option.for, against: option.against };
  const missed = [
    ...(option.quorumMet
      ? []
      : [say("missed_quorum", { needed: option.quorum, had: option.ballotsFor })]),
    ...(option.ratioMet ? [] : [say("missed_ratio", { enough: enoughWords(terms.ratio) })]),
  ];
  return missed.length === 0
    ? say("result_option", told)
    : say("result_option_missed", { ...told, missed: each(missed, "semicolon") });
}

/** Which decision was tied, as protocol/counting names it. */
function tiePlace(place: string): Value {
  const round = /^elimination in round (\d+)$/.exec(place)?.[1];
  if (round !== undefined) return say("tie_round", { number: round });
  if (place === "first place") return say("tie_first");
  if (place === "runoff") return say("tie_runoff");
  return place.endsWith("finalist") ? say("tie_finalist") : place;
}

/** `title`: of the option that won; null where seats were filled, which is said in a sentence of its own. */
function outcome(row: ProposalRow, { outcome, winner }: PollCount, title: Text | null): Said {
  switch (outcome) {
    case "passed":
      return title === null ? say("result_passed_seats") : say("result_passed", { title });
    case "no-ballots":
      return say("result_nobody");
    case "answered":
      if (row.method === "majority") {
        return say(winner === "Z" || winner === null ? "result_no" : "result_yes");
      }
      return title === null ? say("result_advice") : say("result_most", { title });
    default:
      return say("result_rejected");
  }
}
