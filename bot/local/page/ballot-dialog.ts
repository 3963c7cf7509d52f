import { html, type TemplateResult } from "lit-html";
import type { ChoiceInput } from "../../../protocol/wire/governance.ts";
import type { BallotForm, PersonId } from "../wire.ts";
import { openFormDialog } from "./form-dialog.ts";
import { ballotForm, castBallot } from "./server.ts";
import { inDigits, t } from "./words.ts";

/** The form of a ballot: boxes for approval, a place for each option in a ranking, numbers for scores. */
export async function openBallotDialog(person: PersonId, number: number): Promise<void> {
  // One ballot, however often its sending is tried.
  const key = crypto.randomUUID();
  let form: BallotForm | null = null;
  const dialog = openFormDialog(async (entered) => {
    if (form === null) return null;
    const reason = String(entered.get("reason") ?? "");
    const choice = choiceOf(form, entered);
    if (choice === null) return { code: "empty_ballot", text: t("gov_empty_ballot") };
    const { revision } = form;
    return castBallot(person, { number, revision, choice, reason, key });
  });
  try {
    form = await ballotForm(person, number);
    dialog.show(form.heading, fields(form), t("page_cast"));
  } catch (error) {
    dialog.fail((error as Error).message);
  }
}

function fields(form: BallotForm): TemplateResult {
  return html`<fieldset>
      <legend>${LEGENDS[form.ballotKind](form)}</legend>
      ${form.ballotKind === "yes-no" ? answers() : form.options.map((option) => entry(form, option))}
    </fieldset>
    <label class="field">
      <span>${t("page_ballot_why")}</span>
      <textarea name="reason" rows="2" maxlength="500"></textarea>
    </label>
    <p class="quiet">${form.secrecy}</p>`;
}

const LEGENDS: Record<BallotForm["ballotKind"], (form: BallotForm) => string> = {
  "yes-no": () => t("page_ballot_answer"),
  approval: () => t("page_ballot_approval"),
  ranking: () => t("page_ballot_ranking"),
  scores: ({ highestScore }) => t("page_ballot_scores", { most: inDigits(highestScore) }),
  votes: ({ credits }) => t("page_ballot_votes", { credits: inDigits(credits) }),
};

function answers(): TemplateResult[] {
  const each = { yes: t("button_yes"), no: t("button_no"), abstain: t("button_abstain") };
  return Object.entries(each).map(
    ([value, label]) =>
      html`<label class="choice"><input type="radio" name="answer" value=${value} required />${label}</label>`,
  );
}

function entry(form: BallotForm, { id, title }: BallotForm["options"][number]): TemplateResult {
  const named = html`<span><b>${id}</b> ${title}</span>`;
  if (form.ballotKind === "approval") {
    return html`<label class="choice"><input type="checkbox" name="approve" value=${id} />${named}</label>`;
  }
  if (form.ballotKind === "votes") {
    return html`<label class="choice place"
      ><input type="number" name="of-${id}" min="-100" max="100" step="1" value="0" />${named}</label
    >`;
  }
  const ranks = form.options.map((_, at) => at + 1);
  const scores = Array.from({ length: form.highestScore + 1 }, (_, at) => form.highestScore - at);
  return html`<label class="choice place"
    ><select name="of-${id}">
      <option value="">–</option>
      ${(form.ballotKind === "ranking" ? ranks : scores).map(
        (value) => html`<option value=${value}>${value}</option>`,
      )}</select
    >${named}</label
  >`;
}

function choiceOf({ ballotKind, options }: BallotForm, entered: FormData): ChoiceInput | null {
  if (ballotKind === "yes-no") {
    const answer = entered.get("answer");
    return answer === "yes" || answer === "no" || answer === "abstain" ? { answer } : null;
  }
  if (ballotKind === "approval") return { approve: entered.getAll("approve").map(String) };
  const given = options.flatMap(({ id }) => {
    const value = String(entered.get(`of-${id}`) ?? "");
    return value === "" ? [] : [[id, Number(value)] as const];
  });
  if (given.length === 0) return null;
  if (ballotKind !== "ranking") return { scores: Object.fromEntries(given) };
  const places = [...new Set(given.map(([, place]) => place))].sort((a, b) => a - b);
  return {
    rank: places.map((place) => given.filter(([, own]) => own === place).map(([id]) => id)),
  };
}
