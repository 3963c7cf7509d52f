import { html, nothing, type TemplateResult } from "lit-html";
import type { Action, CardView, Section } from "../../views/view.ts";
import type { Person, PersonId } from "../wire.ts";
import { rows } from "./views.ts";

export interface CardActions {
  press(person: PersonId, action: Action): void;
}

/** A board of facts with its buttons; only those this person may press. */
export function cardTemplate(view: CardView, person: Person, actions: CardActions): TemplateResult {
  const pressable = view.actions.filter(({ member }) => member === null || member === person.id);
  return html`<div class="card">
    <h3>${view.title}</h3>
    ${view.line === null ? nothing : html`<p>${view.line}</p>`} ${view.sections.map(section)}
    ${
      pressable.length === 0
        ? nothing
        : html`<div class="actions">
            ${pressable.map(
              (action) =>
                html`<button type="button" @click=${() => actions.press(person.id, action)}>
                  ${action.label}
                </button>`,
            )}
          </div>`
    }
  </div>`;
}

function section({ title, rows: list, lines, ordered }: Section): TemplateResult {
  const told = lines.map((line) => html`<li>${line}</li>`);
  return html`<h4>${title}</h4>
    ${list.length > 0 ? rows(list) : nothing}
    ${
      told.length === 0
        ? nothing
        : ordered
          ? html`<ol>
              ${told}
            </ol>`
          : html`<ul class="plain">
              ${told}
            </ul>`
    }`;
}
