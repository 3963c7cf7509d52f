import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { CommandLine, Person, PersonId, Snapshot } from "../wire.ts";
import { closeIcon, sendIcon } from "./icons.ts";
import { nameOf } from "./message.ts";
import { type Draft, quoteOf } from "./store.ts";
import { inDigits, t } from "./words.ts";

export interface ComposerActions {
  type(person: PersonId, text: string): void;
  send(person: PersonId, wait?: boolean): void;
  dropReply(person: PersonId): void;
  menu(person: PersonId, at: number | null): void;
  /** Puts a command into the field. */
  take(person: PersonId, command: CommandLine): void;
}

/** Where a person writes: reply chip, slash menu, text, send. */
export function composer(person: Person, draft: Draft, room: Snapshot, actions: ComposerActions) {
  const menu = menuOf(draft, room);
  const errorId = `${person.id}-error`;
  return html`<form
    class="composer"
    @submit=${(event: Event) => {
      event.preventDefault();
      actions.send(person.id);
    }}
  >
    ${errorLine(person, draft, errorId, actions)} ${replyChip(person, draft, room, actions)}
    ${menu.length > 0 ? menuList(person, draft, menu, actions) : nothing}
    <div class="composer-box">
      <textarea
        id="${person.id}-text"
        rows="1"
        aria-label=${t("page_message_as", { name: person.name })}
        placeholder=${t("page_placeholder")}
        aria-describedby="${draft.error ? errorId : nothing}"
        aria-invalid=${draft.error ? "true" : "false"}
        aria-autocomplete="list"
        aria-controls=${menu.length > 0 ? `${person.id}-menu` : nothing}
        aria-activedescendant=${menu.length > 0 ? `${person.id}-option-${draft.menuAt}` : nothing}
        .value=${live(draft.typed)}
        @input=${(event: Event) =>
          actions.type(person.id, (event.target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => keyed(event, person, draft, menu, actions)}
      ></textarea>
      <button class="send" type="submit" ?disabled=${draft.sending} aria-label=${t("page_send_as", { name: person.name })}>
        ${sendIcon}
      </button>
    </div>
    <p class="hint">
      <span class="keys">${t("page_keys")}</span>
      ${draft.typed.length > 2000 ? html`<span>${t("page_characters", { n: inDigits(draft.typed.length) })}</span>` : nothing}
    </p>
  </form>`;
}

/** A slash and what may become a command's name. */
export const COMMAND_BEGUN = /^\/([\p{L}\p{N}_-]*(?: [\p{L}\p{N}_-]*)?)$/u;

/** Commands that fit what is typed, while only a command's beginning is typed. */
export function menuOf(draft: Draft, room: Snapshot): readonly CommandLine[] {
  const typed = COMMAND_BEGUN.exec(draft.typed)?.[1]?.toLowerCase();
  if (typed === undefined || draft.menuAt === null) return [];
  return room.commands.filter((command) => namesOf(command).some((name) => name.startsWith(typed)));
}

/** A command answers to its English name too. */
function namesOf({ name, english }: CommandLine): string[] {
  return [name, english];
}

function menuList(
  person: Person,
  draft: Draft,
  menu: readonly CommandLine[],
  actions: ComposerActions,
) {
  return html`<ul class="menu" id="${person.id}-menu" role="listbox" tabindex="0" aria-label=${t("page_commands")}>
    ${menu.map(
      (command, at) =>
        html`<li
          id="${person.id}-option-${at}"
          role="option"
          aria-selected=${at === draft.menuAt ? "true" : "false"}
          @mousedown=${(event: Event) => {
            event.preventDefault();
            actions.take(person.id, command);
          }}
        >
          <code>/${command.name}</code><span>${command.summary}</span>
        </li>`,
    )}
  </ul>`;
}

function keyed(
  event: KeyboardEvent,
  person: Person,
  draft: Draft,
  menu: readonly CommandLine[],
  actions: ComposerActions,
): void {
  const { key } = event;
  const marked = menu[draft.menuAt ?? 0];
  if (menu.length > 0 && marked && !event.isComposing) {
    if (key === "ArrowDown" || key === "ArrowUp") {
      const step = key === "ArrowDown" ? 1 : -1;
      actions.menu(person.id, ((draft.menuAt ?? 0) + step + menu.length) % menu.length);
      event.preventDefault();
      return;
    }
    const isWhole = (command: CommandLine) => namesOf(command).includes(draft.typed.slice(1));
    // A whole name is meant as it stands, also where another command begins with it, until one is chosen.
    const complete = isWhole(marked) || (draft.menuAt === 0 && menu.some(isWhole));
    if (key === "Tab" || (key === "Enter" && !complete)) {
      actions.take(person.id, marked);
      event.preventDefault();
      return;
    }
    if (key === "Escape") {
      actions.menu(person.id, null);
      event.preventDefault();
      return;
    }
  }
  if (key === "Escape" && draft.replyTo !== null) actions.dropReply(person.id);
  if (key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    actions.send(person.id);
  }
}

function replyChip(person: Person, draft: Draft, room: Snapshot, actions: ComposerActions) {
  const target = room.messages.find(({ id }) => id === draft.replyTo);
  if (!target) return nothing;
  const newer = room.messages.some(
    ({ atMs, view }) => atMs > target.atMs && view?.kind === "answer",
  );
  return html`<div class="chip">
    <span class="chip-text"
      ><span class="quote-who">${t(newer ? "page_branch_from" : "page_reply_to")} ${nameOf(room, target.from)}</span>
      ${quoteOf(target)}</span
    >
    <button type="button" aria-label=${t("page_no_reply")} @click=${() => actions.dropReply(person.id)}>
      ${closeIcon}
    </button>
  </div>`;
}

function errorLine(person: Person, draft: Draft, id: string, actions: ComposerActions) {
  if (!draft.error) return nothing;
  return html`<div class="error" id=${id} role="alert">
    <p>${draft.error.text}</p>
    ${
      draft.error.code.startsWith("no_node")
        ? html`<button type="button" @click=${() => actions.send(person.id, true)}>
            ${t("page_ask_and_wait")}
          </button>`
        : nothing
    }
  </div>`;
}
