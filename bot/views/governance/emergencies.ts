import type Type from "typebox";
import type { EmergenciesView, EmergencyView } from "../../../protocol/wire/governance.ts";
import type { Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { Action, CardView, Section } from "../view.ts";

/** Acts by stewards that are in force, waiting or past. */
export function emergenciesCard(
  { emergencies }: Type.Static<typeof EmergenciesView>,
  words: Words,
): CardView {
  return {
    kind: "card",
    id: "emergencies",
    title: words.gov_emergencies_title,
    line: emergencies.length === 0 ? words.gov_emergencies_none : null,
    sections: emergencies.slice(0, 20).map((act) => actSection(act, words)),
    actions: emergencies
      .slice(0, 20)
      .flatMap((act) => secondButton(act, `${words.button_second}: ${act.subjectName}`))
      .slice(0, 5),
  };
}

/** One act: what is suspended, why, by whom, until when; a button for the second steward. */
export function emergencyCard(act: EmergencyView, words: Words): CardView {
  return {
    kind: "card",
    id: `emergency:${act.id}`,
    title: words.gov_emergencies_title,
    line: sanitiseLine(act.words, 400),
    sections: [actSection(act, words)],
    actions: secondButton(act, words.button_second),
  };
}

function secondButton({ id, state }: EmergencyView, label: string): Action[] {
  if (state !== "awaiting-second") return [];
  return [{ id: `second:${id}`, label: sanitiseLine(label, 80), member: null }];
}

function actSection(act: EmergencyView, words: Words): Section {
  const subject = words[`subject_${act.subject as "node" | "model" | "member"}`];
  return {
    id: act.id,
    title: sanitiseLine(`${subject}: ${act.subjectName}`, 150),
    rows: [{ term: words.gov_act_id, detail: act.id, code: true }],
    lines: [sanitiseLine(act.words, 400), sanitiseLine(act.reason, 500)],
    ordered: false,
  };
}
