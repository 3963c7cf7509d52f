import type { ProposalView } from "../../../protocol/wire/governance.ts";
import { filled, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";

/** A result as numbers to draw; options are meant by their place in `options`. */
export interface OutcomePicture {
  readonly title: string;
  /** The same in words, for those who cannot see it. */
  readonly inWords: string;
  readonly options: readonly {
    readonly id: string;
    readonly title: string;
    readonly isDefault: boolean;
    readonly wins: boolean;
  }[];
  readonly barsOf: string;
  readonly bars: readonly {
    readonly option: number;
    readonly value: number;
    readonly shown: string;
  }[];
  readonly roundsTitle: string;
  /** `Round`, before its number. */
  readonly roundName: string;
  /** Name of the ballots that name no continuing option any more. */
  readonly exhausted: string;
  /** Votes by option in each round; null where the option has left. */
  readonly rounds: readonly {
    readonly votes: readonly (number | null)[];
    readonly exhausted: number;
  }[];
  readonly pairwiseTitle: string;
  /** pairwise[a][b]: ballots that put a above b; null where the method compares no pairs. */
  readonly pairwise: readonly (readonly number[])[] | null;
}

/** What there is to draw of a result; null before there is one, or where nobody voted. */
export function outcomePicture(proposal: ProposalView, words: Words): OutcomePicture | null {
  const { result } = proposal;
  if (result === null || result.outcome === "no-ballots") return null;
  const { picture, winner, winners } = result;
  const options = proposal.options.map(({ id, title, isDefault }) => ({
    id,
    title: sanitiseLine(title, 80),
    isDefault,
    wins: (winners ?? [winner]).includes(id),
  }));
  const at = new Map(options.map(({ id }, index) => [id, index]));
  const ids = [...at.keys()];
  const bars = picture.bars.map(({ option, label, value }) => {
    const known = proposal.options.find(({ id, title }) => id === option && title === label);
    const shown = numberShown(value, words);
    if (known !== undefined) return { option: at.get(option) as number, value, shown };
    // For and against are no options of the card: they are drawn after its own.
    const [, house, side] = /^(members|producers): (for|against)$/.exec(label) ?? [];
    const name = house === "members" ? words.gov_house_members : words.gov_house_producers;
    const said = side === "for" ? words.button_yes : words.button_no;
    options.push({
      id: label,
      title: sanitiseLine(side === undefined ? label : `${name}: ${said}`, 80),
      isDefault: side === "against",
      wins: side === (result.outcome === "passed" ? "for" : "against"),
    });
    return { option: options.length - 1, value, shown };
  });
  return {
    title: filled(words.gov_result_title, { number: String(proposal.number) }),
    inWords: result.words.map((line) => sanitiseLine(line, 500)).join(" "),
    options,
    barsOf: sanitiseLine(barsOf(picture.barsOf, words), 120),
    bars,
    roundsTitle: words.gov_rounds_title,
    roundName: words.gov_round,
    exhausted: words.gov_exhausted,
    rounds: picture.rounds.map((round) => ({
      votes: ids.map((id) => round.votes[id] ?? null),
      exhausted: round.exhausted,
    })),
    pairwiseTitle: words.gov_pairwise_title,
    pairwise:
      picture.pairwise === null
        ? null
        : ids.map((row) => ids.map((column) => picture.pairwise?.[row]?.[column] ?? 0)),
  };
}

/** What the bars count, as the pool names it in English. */
function barsOf(what: string, words: Words): string {
  const known: Readonly<Record<string, string>> = {
    votes: words.gov_bars_votes,
    approvals: words.gov_bars_approvals,
    points: words.gov_bars_points,
    "first preferences": words.gov_bars_first,
  };
  return known[what] ?? what;
}

function numberShown(value: number, { locale }: Words): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
}
