import type {
  HouseView,
  ProposalOption,
  ProposalResult,
  ProposalView,
} from "../../../protocol/wire/governance.ts";
import type { Names } from "../../commands/command.ts";
import { withNames } from "../../governance/account-names.ts";
import { counted, filled, momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine, sanitiseText } from "../text/sanitise.ts";
import type { Action, BallotPaper, CardView, Row, Section } from "../view.ts";
import { outcomePicture } from "./outcome-picture.ts";

const ASIS: Pick<Names, "nameOf"> = { nameOf: (_kind, id) => id };

/**
 * The card of a proposal or poll: what would change, who decides and how, when, the result. `counting`: false
 * where the card stands still while ballots come in, so that it claims no number of them.
 */
export function proposalCard(
  written: ProposalView,
  words: Words,
  names: Pick<Names, "nameOf"> = ASIS,
  counting = true,
): CardView {
  const proposal = namingPeople(written, names);
  const { number, revision, title } = proposal;
  const heading = revision > 1 ? words.gov_title_revised : words.gov_title;
  return {
    kind: "card",
    id: `proposal:${number}`,
    title: filled(heading, {
      number: String(number),
      revision: String(revision),
      title: sanitiseLine(title, 150),
    }),
    line: [proposal.stateWords, proposal.bindingWords]
      .map((each) => sanitiseLine(each))
      .join(" · "),
    sections: [
      ...(proposal.result === null ? [] : resultSections(proposal, proposal.result, words)),
      changesSection(proposal, words, names),
      decidesSection(proposal, words, counting && proposal.result === null),
      timesSection(proposal, words),
      ...guidance(proposal, words),
    ].filter(({ rows, lines }) => rows.length + lines.length > 0),
    picture: outcomePicture(proposal, words),
    ballot: ballotOf(proposal),
    actions: actionsOf(proposal, words),
  };
}

/** Who is to be elected or recalled stands in titles, in what would change and in the result. */
function namingPeople(proposal: ProposalView, names: Pick<Names, "nameOf">): ProposalView {
  const { title, options, result } = proposal;
  const named = (text: string) => withNames(text, names);
  return {
    ...proposal,
    title: named(title),
    options: options.map((option) => ({
      ...option,
      title: named(option.title),
      changes: option.changes.map((change) => ({ ...change, what: named(change.what) })),
    })),
    result:
      result === null
        ? null
        : {
            ...result,
            words: result.words.map(named),
            picture: {
              ...result.picture,
              bars: result.picture.bars.map((bar) => ({ ...bar, label: named(bar.label) })),
            },
          },
  };
}

function row(term: string, detail: string, at: number | null = null): Row {
  return { term, detail: sanitiseLine(detail, 600), code: false, ...(at === null ? {} : { at }) };
}

function changesSection(
  proposal: ProposalView,
  words: Words,
  names: Pick<Names, "nameOf">,
): Section {
  const several = proposal.options.filter((option) => !option.isDefault).length > 1;
  const rows = proposal.options.flatMap((option) => optionRows(option, several, words));
  return {
    id: "changes",
    title: several ? words.gov_options : words.gov_changes,
    rows: [
      ...rows,
      ...(proposal.reason === "" ? [] : [row(words.gov_reason, proposal.reason)]),
      row(words.gov_proposed_by, names.nameOf("account", proposal.proposer)),
    ],
    lines: [],
    ordered: false,
  };
}

function optionRows(option: ProposalOption, several: boolean, words: Words): Row[] {
  const changes = option.changes.map(({ what, now, becomes }) =>
    row(sanitiseLine(what, 120), filled(words.gov_from_to, { now, new: becomes })),
  );
  if (!several) return option.isDefault ? [] : changes;
  const told = option.changes
    .map(({ what, now, becomes }) => `${what}: ${filled(words.gov_from_to, { now, new: becomes })}`)
    .join("; ");
  return [row(option.id, told === "" ? option.title : `${option.title} (${told})`)];
}

function decidesSection(proposal: ProposalView, words: Words, counting: boolean): Section {
  const { sponsors, state } = proposal;
  const have = String(sponsors.accounts.length);
  return {
    id: "decides",
    title: words.gov_decides,
    rows: [
      row(words.gov_who, proposal.whoWords),
      row(words.gov_rule, proposal.ruleWords),
      ...proposal.houses.map((house) => houseRow(house, words, counting)),
      row(words.gov_secrecy, proposal.secrecy.words),
      row(words.gov_method, proposal.methodWords),
      ...(state === "seeking-sponsors"
        ? [row(words.gov_backing, counted(words, words.gov_backers, sponsors.needed, { have }))]
        : []),
      ...(proposal.mine === null ? [] : [row(words.gov_mine, proposal.mine.words)]),
    ],
    lines: [],
    ordered: false,
  };
}

function houseRow(house: HouseView, words: Words, counting: boolean): Row {
  const name = house.house === "members" ? words.gov_house_members : words.gov_house_producers;
  const turnout = counting ? [counted(words, words.gov_turnout, house.turnout)] : [];
  return row(name, [house.words, ...turnout].join(" · "));
}

function timesSection({ times, state }: ProposalView, words: Words): Section {
  const timed = (term: string, at: number | null) =>
    at === null ? [] : [row(term, momentIn(words, at), at)];
  const over = !["seeking-sponsors", "talk", "voting", "ratifying", "counting"].includes(state);
  return {
    id: "times",
    title: words.gov_times,
    rows: [
      ...(state === "talk" || state === "seeking-sponsors"
        ? timed(words.gov_talk_until, times.talkUntil)
        : []),
      ...(over ? [] : timed(words.gov_vote_until, times.voteUntil)),
      ...(over ? [] : timed(words.gov_ratify_until, times.ratifyUntil)),
      ...timed(words.gov_effect_at, times.effectAt),
    ],
    lines: [],
    ordered: false,
  };
}

function guidance(proposal: ProposalView, words: Words): Section[] {
  const section = (id: string, title: string, line: string): Section => ({
    id,
    title,
    rows: [],
    lines: [sanitiseLine(line, 600)],
    ordered: false,
  });
  const { state } = proposal;
  const parts: Section[] = [];
  if (state === "voting" || state === "ratifying" || state === "talk")
    parts.push(section("voting", words.gov_voting, proposal.ballotWords));
  // There is nothing left to object to in a vote that decided nothing.
  if (proposal.objectWords !== "" && (proposal.result === null || proposal.effect !== null))
    parts.push(section("object", words.gov_object, proposal.objectWords));
  if (proposal.effect !== null)
    parts.push(section("effect", words.gov_effect, proposal.effect.words));
  return parts;
}

function resultSections(proposal: ProposalView, result: ProposalResult, words: Words): Section[] {
  const named = (title: string, id: string, lines: string[]): Section => ({
    id,
    title,
    rows: [],
    lines: lines.map((line) => sanitiseText(line)),
    ordered: false,
  });
  const reasons = result.reasons.map(({ side, minority, text }) =>
    filled(minority ? words.gov_reason_minority : words.gov_reason_majority, {
      side,
      text: sanitiseLine(text, 500),
    }),
  );
  return [
    named(words.gov_result, "result", result.words),
    ...(reasons.length === 0 ? [] : [named(words.gov_reasons, "reasons", reasons)]),
    {
      id: "recount",
      title: words.gov_recount,
      rows: [{ term: words.gov_log_head, detail: result.logHead, code: true }],
      lines: [words.gov_recount_how.replace("FILE", `proposal-${proposal.number}.json`)],
      ordered: false,
    },
  ];
}

function ballotOf(proposal: ProposalView): BallotPaper | null {
  const { number, revision, state, secrecy } = proposal;
  if (state !== "voting" && state !== "ratifying") return null;
  // The producers say yes or no to what the members chose.
  const kind = state === "ratifying" ? "yes-no" : proposal.ballotKind;
  const options = proposal.options.map(({ id, title }) => ({
    id,
    title: sanitiseLine(title, 150),
  }));
  const sealed = secrecy.level === "sealed";
  return { number, revision, kind, sealed, options: kind === "yes-no" ? [] : options };
}

function actionsOf(proposal: ProposalView, words: Words): Action[] {
  const { number, result } = proposal;
  const count: Action = { id: `gov:${number}:count`, label: words.button_count, member: null };
  return [...actsOf(proposal, words), ...(result === null ? [] : [count])];
}

function actsOf(proposal: ProposalView, words: Words): Action[] {
  const { number, revision, state, ballotKind } = proposal;
  const action = (what: string, label: string): Action => ({
    id: `gov:${number}:${what}`,
    label,
    member: null,
  });
  switch (state) {
    case "seeking-sponsors":
      return [action("back", words.button_back)];
    case "voting":
    case "ratifying":
      return [
        ...(ballotKind === "yes-no" || state === "ratifying"
          ? [
              action(`yes.${revision}`, words.button_yes),
              action(`no.${revision}`, words.button_no),
              action(`abstain.${revision}`, words.button_abstain),
            ]
          : [action(`vote.${revision}`, words.button_vote)]),
        action("mine", words.button_my_ballot),
      ];
    case "locked":
      return [action("hold", words.button_hold)];
    default:
      return [];
  }
}
