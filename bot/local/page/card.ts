import { html, nothing, type TemplateResult } from "lit-html";
import type { Action, CardView, Menu, Section } from "../../views/view.ts";
import type { PageKey, Person, PersonId, ShownMessage } from "../wire.ts";
import { countAddress, dataAddress } from "./server.ts";
import { picture, rows } from "./views.ts";
import { t } from "./words.ts";

export interface CardActions {
  press(person: PersonId, action: Action): void;
  /** Takes an entry of a card's list. */
  choose(person: PersonId, menu: string, value: string): void;
}

/** A board of facts with its buttons; only those this person may press. */
export function cardTemplate(
  view: CardView,
  person: Person,
  actions: CardActions,
  pictures: ShownMessage["pictures"] = {},
): TemplateResult {
  const pressable = view.actions.filter(({ member }) => member === null || member === person.id);
  const lists = (view.menus ?? []).filter(isKnown);
  const sections = view.sections.filter(
    ({ typing }) => !(typing && lists.length + pressable.length > 0),
  );
  return html`<div class="card">
    <h3>${view.title}</h3>
    ${view.line === null ? nothing : html`<p>${view.line}</p>`}
    ${pictures.outcome ? html`<div class="outcome" tabindex="0" role="group" aria-label=${view.picture?.title ?? view.title}>${picture(pictures.outcome)}</div>` : nothing}
    ${lists.map((menu) => list(menu, person, actions))}
    ${sections.map((each) => section(each, isTitled(each, view)))}
    ${
      pressable.length === 0
        ? nothing
        : html`<div class="actions">
            ${pressable.map((action) => button(action, person, actions))}
          </div>`
    }
  </div>`;
}

/** What a card asks its reader for. */
const MAIN = /^gov:\d+:(?:vote|yes|no|abstain|back)\b/;

/** A file is a link, so that the browser saves it. */
function button(action: Action, person: Person, actions: CardActions): TemplateResult {
  const address = fileOf(action.id, person.id);
  return address === null
    ? html`<button
        type="button"
        class=${MAIN.test(action.id) ? "main" : ""}
        @click=${() => actions.press(person.id, action)}
      >
        ${action.label}
      </button>`
    : html`<a class="button" href=${address} download>${action.label}</a>`;
}

/** Where the file is that an action hands out; null for one that does something else. */
function fileOf(action: string, person: PersonId): string | null {
  if (action === "data:save") return dataAddress(person);
  const [, number] = /^gov:(\d+):count$/.exec(action) ?? [];
  return number === undefined ? null : countAddress(person, Number(number));
}

/** Lists whose entries the page can act on, and what it calls that. */
const MENUS: Readonly<Record<string, PageKey>> = {
  "propose:kind": "page_fill_in",
  "settings:choose": "page_change",
  "gov:open": "page_open",
};

function isKnown({ id, choices }: Menu): boolean {
  return choices.length > 0 && id in MENUS;
}

function list({ id, label, choices }: Menu, person: Person, actions: CardActions): TemplateResult {
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    const entered = new FormData(event.target as HTMLFormElement);
    actions.choose(person.id, id, String(entered.get("entry")));
  };
  return html`<form class="actions" @submit=${take}>
    <select name="entry" aria-label=${label}>
      ${choices.map((choice) => html`<option value=${choice.value}>${choice.label}</option>`)}
    </select>
    <button type="submit">${t(MENUS[id] ?? "page_open")}</button>
  </form>`;
}

/** A section whose only row, or whose card, is called the same needs no heading. */
function isTitled({ title, rows }: Section, view: CardView): boolean {
  return title !== view.title && !(rows.length === 1 && rows[0]?.term === title);
}

function section({ title, rows: list, lines, ordered }: Section, titled: boolean): TemplateResult {
  const told = lines.map((line) => html`<li>${line}</li>`);
  return html`${titled ? html`<h4>${title}</h4>` : nothing}
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
