import { html, nothing } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import type { Action, AnswerView } from "../../views/view.ts";
import type { Person, PersonId, ShownMessage, Snapshot } from "../wire.ts";
import { cardTemplate } from "./card.ts";
import { againIcon, flagIcon, lockIcon, mark, replyIcon, stopIcon, whereIcon } from "./icons.ts";
import { quoteOf } from "./store.ts";
import { helpTemplate, modelsTemplate, poolTemplate } from "./views.ts";
import { inDigits, t } from "./words.ts";

export interface MessageActions {
  reply(person: PersonId, messageId: string): void;
  press(person: PersonId, action: Action): void;
  choose(person: PersonId, menu: string, value: string): void;
  where(person: PersonId, jobId: string): void;
  jumpTo(person: PersonId, messageId: string): void;
}

/** A question longer than this scrolls in its bubble, so it must be reachable by keyboard. */
const LONG = 600;

/** One message as `person` sees it. */
export function messageTemplate(
  message: ShownMessage,
  person: Person,
  room: Snapshot,
  actions: MessageActions,
) {
  if (message.said !== null) return saidTemplate(message, person, room, actions);
  if (message.view?.kind === "answer") {
    return answerTemplate(message, message.view, person, room, actions);
  }
  if (message.to === null) return publicTemplate(message, person, actions);
  return privateTemplate(message, person, actions);
}

/** A card or a sentence of the pool's that everybody sees. */
function publicTemplate(message: ShownMessage, person: Person, actions: MessageActions) {
  const { view } = message;
  const content =
    view?.kind === "card"
      ? cardTemplate(view, person, actions, message.pictures)
      : html`<p>${view?.kind === "notice" ? view.text : nothing}</p>`;
  return html`<li id=${domId(person.id, message.id)} class="told" tabindex="-1">
    <div class="answer-head">${mark}<span class="answer-who">${t("page_pool")}</span></div>
    ${content}
  </li>`;
}

function saidTemplate(
  message: ShownMessage,
  person: Person,
  room: Snapshot,
  actions: MessageActions,
) {
  const mine = message.from === person.id;
  return html`<li id=${domId(person.id, message.id)} class="said ${mine ? "mine" : "theirs"} by-${message.from}" tabindex="-1">
    ${quote(message, person, room, actions)}
    <div class="bubble" tabindex=${message.said && message.said.length > LONG ? 0 : nothing}>${message.said}</div>
    <div class="meta">
      <span>${mine ? t("page_you") : nameOf(room, message.from)}</span>
      ${replyButton(message, person, actions)}
    </div>
  </li>`;
}

function answerTemplate(
  message: ShownMessage,
  view: AnswerView,
  person: Person,
  room: Snapshot,
  actions: MessageActions,
) {
  const ownActions = view.actions.filter(({ member }) => member === null || member === person.id);
  const pressable = (action: Action) => actionButton(action, view, person, actions);
  return html`<li
    id=${domId(person.id, message.id)}
    class="answer phase-${view.phase}"
    aria-busy=${view.final ? nothing : "true"}
    tabindex="-1"
  >
    <div class="answer-head">
      ${mark}<span class="answer-who">${t("page_pool")}</span>
      ${view.parts > 1 ? html`<span class="status">${t("page_part", { n: inDigits(view.part), of: inDigits(view.parts) })}</span>` : nothing}
      ${view.status ? html`<span class="status"><span class="pulse" aria-hidden="true"></span>${view.status}</span>` : nothing}
    </div>
    ${view.part === 1 ? quote(message, person, room, actions) : nothing}
    ${message.html ? html`<div class="prose">${unsafeHTML(message.html)}</div>` : waitingLines(view)}
    ${view.notices.map((line) => html`<p class="notice">${line}</p>`)}
    ${view.footer ? html`<p class="footer">${view.footer}</p>` : nothing}
    ${
      view.part < view.parts
        ? nothing
        : html`<div class="actions">
            ${ownActions.slice(0, 1).map(pressable)}
            ${view.final && view.footer !== null ? replyButton(message, person, actions) : nothing}
            ${ownActions.slice(1).map(pressable)}
          </div>`
    }
  </li>`;
}

/** Before the first word: three lines that breathe, so that the place of the answer is seen. */
function waitingLines(view: AnswerView) {
  if (view.final) return nothing;
  return html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`;
}

function privateTemplate(message: ShownMessage, person: Person, actions: MessageActions) {
  const { view } = message;
  const content =
    view?.kind === "pool"
      ? poolTemplate(view, message.pictures)
      : view?.kind === "models"
        ? modelsTemplate(view)
        : view?.kind === "help"
          ? helpTemplate(view)
          : view?.kind === "notice"
            ? html`<p>${view.text}</p>`
            : view?.kind === "card"
              ? cardTemplate(view, person, actions)
              : view?.kind === "provenance"
                ? html`<p>${view.summary}</p>
                  <div class="actions">
                    <button type="button" @click=${() => actions.where(person.id, view.jobId)}>
                      ${whereIcon}${t("page_whole_picture")}
                    </button>
                  </div>`
                : nothing;
  return html`<li id=${domId(person.id, message.id)} class="private" tabindex="-1">
    <p class="private-mark">${lockIcon}${t("page_only_you")}</p>
    ${content}
  </li>`;
}

function actionButton(action: Action, view: AnswerView, person: Person, actions: MessageActions) {
  const kind = action.id.split(":")[0];
  const pressed = () =>
    kind === "where" ? actions.where(person.id, view.jobId) : actions.press(person.id, action);
  const icon = ICONS[kind ?? ""] ?? againIcon;
  return html`<button type="button" class=${kind ?? ""} @click=${pressed}>${icon}${action.label}</button>`;
}

const ICONS: Readonly<Record<string, typeof againIcon>> = {
  where: whereIcon,
  stop: stopIcon,
  report: flagIcon,
};

function replyButton(message: ShownMessage, person: Person, actions: MessageActions) {
  return html`<button
    type="button"
    class="reply"
    @click=${() => actions.reply(person.id, message.id)}
  >
    ${replyIcon}<span>${t("page_reply")}<span class="visually-hidden">: “${quoteOf(message)}”</span></span>
  </button>`;
}

function quote(message: ShownMessage, person: Person, room: Snapshot, actions: MessageActions) {
  if (message.replyTo === null) return nothing;
  const target = room.messages.find(({ id }) => id === message.replyTo);
  const previous = room.messages[room.messages.indexOf(message) - 1];
  // An answer right below its question needs no quote.
  if (message.from === "pool" && previous === target) return nothing;
  if (!target) return html`<p class="quote gone">${t("page_message_gone")}</p>`;
  const whose = target.from === person.id ? t("page_you") : nameOf(room, target.from);
  return html`<button
    type="button"
    class="quote"
    @click=${() => actions.jumpTo(person.id, target.id)}
  >
    <span class="quote-who">${whose}</span> ${quoteOf(target)}
  </button>`;
}

export function nameOf(room: Snapshot, from: ShownMessage["from"]): string {
  return from === "pool"
    ? t("page_pool")
    : (room.everybody.find(({ id }) => id === from)?.name ?? from);
}

/** The element of a message in a person's pane. */
export function domId(person: PersonId, messageId: string): string {
  return `${person}-${messageId}`;
}
