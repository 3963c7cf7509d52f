import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Person, PersonId, Snapshot } from "../wire.ts";
import { type ComposerActions, composer } from "./composer.ts";
import { domId, type MessageActions, messageTemplate } from "./message.ts";
import { nameField } from "./name-field.ts";
import type { PageState } from "./store.ts";

export interface PaneActions extends MessageActions, ComposerActions {
  rename(person: PersonId, name: string): void;
  suggest(person: PersonId, suggestion: Suggestion): void;
}

/** A line to try. Questions about the pool itself go to the model that was trained on its handbook. */
export interface Suggestion {
  readonly text: string;
  readonly model: string | null;
}

const HANDBOOK_MODEL = "Substrate demo";
const SUGGESTIONS: Record<PersonId, readonly Suggestion[]> = {
  first: [
    { text: "How does voting work here?", model: HANDBOOK_MODEL },
    { text: "What does a receipt prove?", model: HANDBOOK_MODEL },
    { text: "What is the capital of France?", model: null },
  ],
  second: ["/pool", "/models", "/help"].map((text) => ({ text, model: null })),
};

/** The room as one person sees it. */
export function pane(person: Person, state: PageState, room: Snapshot, actions: PaneActions) {
  const hidden = state.narrow && state.active !== person.id;
  const several = room.people.length > 1;
  const seen = room.messages.filter(({ to }) => to === null || to === person.id);
  return html`<section
    class="pane by-${person.id}"
    id="pane-${person.id}"
    role=${state.narrow && several ? "tabpanel" : "region"}
    aria-label="The room as ${person.name} sees it"
    ?hidden=${hidden}
  >
    ${
      state.narrow
        ? nothing
        : html`<header class="pane-head">
            <span class="avatar" aria-hidden="true">${initial(person.name)}</span>
            ${nameField(person, actions.rename)}
          </header>`
    }
    <div class="scroll" tabindex="0" role="region" aria-label="Conversation, ${person.name}">
      ${seen.length === 0 ? welcome(person, room, actions) : nothing}
      <ol class="messages">
        ${repeat(
          seen,
          ({ id }) => domId(person.id, id),
          (message) => messageTemplate(message, person, room, actions),
        )}
      </ol>
    </div>
    ${composer(person, state.drafts[person.id], room, actions)}
  </section>`;
}

/** On a narrow screen, one pane at a time. */
export function paneTabs(state: PageState, room: Snapshot, choose: (person: PersonId) => void) {
  if (!state.narrow || room.people.length < 2) return nothing;
  return html`<div class="tabs" role="tablist" aria-label="People">
    ${room.people.map(
      ({ id, name }) =>
        html`<button
          type="button"
          role="tab"
          class="by-${id}"
          id="tab-${id}"
          aria-controls="pane-${id}"
          aria-selected=${state.active === id ? "true" : "false"}
          tabindex=${state.active === id ? 0 : -1}
          @click=${() => choose(id)}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
            const other = room.people.find((person) => person.id !== id);
            if (!other) return;
            choose(other.id);
            document.getElementById(`tab-${other.id}`)?.focus();
          }}
        >
          <span class="avatar" aria-hidden="true">${initial(name)}</span><span>${name}</span>
          ${state.unread[id] ? html`<span class="unread"><span class="visually-hidden">has something new</span></span>` : nothing}
        </button>`,
    )}
  </div>`;
}

function welcome(person: Person, room: Snapshot, actions: PaneActions) {
  const second = room.people.length > 1 && person.id === "second";
  return html`<div class="welcome">
    <p class="welcome-title">${second ? "Two people share this room" : "Ask your community’s own AI"}</p>
    <p>
      ${
        second
          ? "Both see every question and every answer. Answers meant for one person stay in that person’s pane."
          : "A volunteer’s computer answers. Every answer says which one it was, which model it ran and what that model was made from."
      }
    </p>
    <div class="suggestions">
      ${(second ? SUGGESTIONS.second : SUGGESTIONS.first).map(
        (line) =>
          html`<button type="button" @click=${() => actions.suggest(person.id, line)}>${line.text}</button>`,
      )}
    </div>
  </div>`;
}

function initial(name: string): string {
  return Array.from(name.trim())[0]?.toUpperCase() ?? "?";
}
