import type { MeView } from "../../../protocol/wire/governance.ts";
import { momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { Row, Section } from "../view.ts";

/** What a person decides with: their houses, and the votes they may still cast. */
export function voiceSection({ member, producer, steward, open }: MeView, words: Words): Section {
  const row = (term: string, detail: string, at?: number): Row => ({
    ...{ term, detail: sanitiseLine(detail, 400), code: false },
    ...(at === undefined ? {} : { at }),
  });
  return {
    id: "voice",
    title: words.gov_voice,
    rows: [
      row(words.gov_house_members, member.words),
      row(words.gov_house_producers, producer.words),
      ...(steward ? [row(words.gov_steward, words.gov_is_steward)] : []),
      ...open
        .slice(0, 10)
        .map(({ proposal, title, voteUntil }) =>
          row(`${proposal} ${sanitiseLine(title, 60)}`, momentIn(words, voteUntil), voteUntil),
        ),
    ],
    lines: open.length === 0 ? [] : [words.gov_may_vote],
    ordered: false,
  };
}
