import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { Person, PersonId, ShownMessage, Snapshot } from "../wire.ts";
import { type ComposerActions, composer } from "./composer.ts";
import { domId, type MessageActions, messageTemplate } from "./message.ts";
import { nameField } from "./name-field.ts";
import type { PageState } from "./store.ts";
import { t } from "./words.ts";

export interface PaneActions extends MessageActions, ComposerActions {
  rename(person: PersonId, name: string): void;
  /** Puts the beginning of a line into the field, to be written on. */
  begin(person: PersonId, typed: string, replyTo?: string | null): void;
}

const HANDBOOK_MODEL = "Substrate demo";
/** What the handbook's model can answer; it speaks English only, so that other languages suggest other questions. */
const ABOUT_THE_POOL = ["How does voting work here?", "What does a receipt prove?"];
/** Commands to try, by their English names. */
const COMMANDS_TO_TRY = ["pool", "rules", "help"];

/** The model for a question where none was chosen: what is suggested about the pool, one trained on its handbook. */
export function modelFor(typed: string, room: Snapshot | null): string | null {
  if (!ABOUT_THE_POOL.includes(typed.trim())) return null;
  const models = room?.sight.models?.models ?? [];
  const handbook = models.find(({ name }) => name === HANDBOOK_MODEL);
  return handbook && handbook.nodesOnline > 0 ? handbook.sha256 : null;
}

/** The room as one person sees it. */
export function pane(person: Person, state: PageState, room: Snapshot, actions: PaneActions) {
  const hidden = state.narrow && state.active !== person.id;
  const several = room.people.length > 1;
  const seen = room.messages.filter(({ to }) => to === null || to === person.id);
  return html`<section
    class="pane by-${person.id}"
    id="pane-${person.id}"
    role=${state.narrow && several ? "tabpanel" : "region"}
    aria-label=${t("page_room_of", { name: person.name })}
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
    <div class="scroll" tabindex="0" role="region" aria-label=${t("page_conversation", { name: person.name })}>
      ${seen.length === 0 ? welcome(person, room, actions) : nothing}
      <ol class="messages">
        ${conversation(seen, person, room, actions)}
      </ol>
    </div>
    ${composer(person, state.drafts[person.id], room, actions)}
  </section>`;
}

/** The messages. What is typed changes none of them, and words that come change one: the others are left alone. */
function conversation(
  seen: readonly ShownMessage[],
  person: Person,
  room: Snapshot,
  actions: PaneActions,
) {
  const shared = [person, room.everybody, room.words];
  return guard([room.messages, ...shared], () => {
    const byId = new Map(room.messages.map((message) => [message.id, message]));
    return repeat(
      seen,
      ({ id }) => domId(person.id, id),
      (message) => {
        const quoted = message.replyTo === null ? null : byId.get(message.replyTo);
        const template = () => messageTemplate(message, person, room, actions);
        return html`${guard([message, quoted, ...shared], template)}`;
      },
    );
  });
}

/** On a narrow screen, one pane at a time. */
export function paneTabs(state: PageState, room: Snapshot, choose: (person: PersonId) => void) {
  if (!state.narrow || room.people.length < 2) return nothing;
  return html`<div class="tabs" role="tablist" aria-label=${t("page_people")}>
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
          ${state.unread[id] ? html`<span class="unread"><span class="visually-hidden">${t("page_unread")}</span></span>` : nothing}
        </button>`,
    )}
  </div>`;
}

function welcome(person: Person, room: Snapshot, actions: PaneActions) {
  const second = room.people.length > 1 && person.id === "second";
  return html`<div class="welcome">
    <p class="welcome-title">${t(second ? "page_welcome_two" : "page_welcome")}</p>
    <p>${t(second ? "page_welcome_two_how" : "page_welcome_how")}</p>
    <div class="suggestions">
      ${(
        second ? commandsToTry(room) : [t("page_try_one"), t("page_try_two"), t("page_try_three")]
      ).map(
        (line) =>
          html`<button type="button" @click=${() => actions.begin(person.id, line)}>${line}</button>`,
      )}
    </div>
  </div>`;
}

function commandsToTry({ commands }: Snapshot): string[] {
  return commands
    .filter(({ english }) => COMMANDS_TO_TRY.includes(english))
    .map(({ name }) => `/${name}`);
}

function initial(name: string): string {
  return Array.from(name.trim())[0]?.toUpperCase() ?? "?";
}
