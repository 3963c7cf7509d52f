import {
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from "discord.js";
import type { ChoiceInput, ProposalView } from "../../../protocol/wire/governance.ts";
import { filled, type Words } from "../../words/catalogue.ts";

/** A form takes five fields; the last one is for a reason. */
const MOST_LISTS = 4;
/** Discord's own limit for a group of checkboxes. */
const MOST_BOXES = 10;
/** Scores above this are typed: a list takes 25 entries. */
const MOST_SCORE = 20;

/** The form of a ballot: boxes for approval, lists for ranks and scores while they fit, else a line to type. */
export function ballotForm(
  proposal: ProposalView,
  customId: string,
  words: Words,
): APIModalInteractionResponseCallbackData {
  const reason = labelled(words.gov_reason, null, text("reason", false, 500));
  return {
    custom_id: customId,
    title: short(
      filled(words.gov_title, { number: String(proposal.number), title: proposal.title }),
      45,
    ),
    components: [...choiceFields(proposal, words), reason],
  };
}

function choiceFields(proposal: ProposalView, words: Words) {
  const { ballotKind, options, highestScore } = proposal;
  const shown = options.map(({ id, title }) => ({
    value: id,
    label: short(`${id} ${title}`, 100),
  }));
  if (ballotKind === "approval" && shown.length <= MOST_BOXES && shown.length > 0) {
    return [
      labelled(words.gov_voting, null, {
        type: ComponentType.CheckboxGroup,
        custom_id: "approve",
        min_values: 0,
        max_values: shown.length,
        required: false,
        options: shown,
      }),
    ];
  }
  if (ballotKind === "ranking" && shown.length <= MOST_LISTS) {
    return shown.map((_, at) =>
      labelled(`${at + 1}.`, null, {
        type: ComponentType.StringSelect,
        custom_id: `rank${at}`,
        min_values: 0,
        max_values: 1,
        required: false,
        options: shown,
      }),
    );
  }
  if (ballotKind === "scores" && shown.length <= MOST_LISTS && highestScore <= MOST_SCORE) {
    const scores = Array.from({ length: highestScore + 1 }, (_, at) => String(highestScore - at));
    return shown.map(({ value, label }) =>
      labelled(short(label, 45), null, {
        type: ComponentType.StringSelect,
        custom_id: `score${value}`,
        min_values: 0,
        max_values: 1,
        required: false,
        options: scores.map((score) => ({ value: score, label: score })),
      }),
    );
  }
  return [labelled(words.gov_voting, short(proposal.ballotWords, 100), text("typed", true, 500))];
}

/** What the form says; null where nothing was chosen. */
export function ballotOf(interaction: ModalSubmitInteraction): {
  readonly choice: ChoiceInput | null;
  readonly reason: string;
} {
  const values = new Map<string, readonly string[]>();
  for (const [id, field] of interaction.fields.fields) {
    if ("values" in field) values.set(id, field.values);
    else if ("value" in field && typeof field.value === "string") values.set(id, [field.value]);
  }
  return { choice: choiceOf(values), reason: values.get("reason")?.[0]?.trim() ?? "" };
}

function choiceOf(values: ReadonlyMap<string, readonly string[]>): ChoiceInput | null {
  const typed = values.get("typed")?.[0]?.trim() ?? "";
  if (typed !== "") return { text: typed };
  const approved = values.get("approve");
  if (approved !== undefined) return { approve: [...approved] };
  const ranks: string[][] = [];
  const scores: Record<string, number> = {};
  for (const [id, chosen] of values) {
    const [first] = chosen;
    if (first === undefined) continue;
    const rank = /^rank(\d)$/.exec(id)?.[1];
    // An option chosen twice keeps its better place.
    if (rank !== undefined && !ranks.flat().includes(first)) ranks[Number(rank)] = [first];
    const option = /^score([A-Z])$/.exec(id)?.[1];
    if (option !== undefined) scores[option] = Number(first);
  }
  const ranked = ranks.filter((rank) => rank !== undefined);
  if (ranked.length > 0) return { rank: ranked };
  return Object.keys(scores).length > 0 ? { scores } : null;
}

function labelled(label: string, hint: string | null, component: APIComponentInLabel) {
  return {
    type: ComponentType.Label as const,
    label: short(label, 45),
    ...(hint === null ? {} : { description: hint }),
    component,
  };
}

function text(customId: string, required: boolean, maxLength: number): APIComponentInLabel {
  return {
    type: ComponentType.TextInput,
    custom_id: customId,
    style: TextInputStyle.Short,
    required,
    max_length: maxLength,
  };
}

export function short(line: string, max: number): string {
  return line.length <= max ? line : `${line.slice(0, max - 1).toWellFormed()}…`;
}
