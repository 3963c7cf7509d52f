import { html, render } from "lit-html";
import type { CommandLine, PersonId, RoomEvents, ShownMessage } from "../wire.ts";
import { announce, announceMessage } from "./announcing.ts";
import { openBallotDialog } from "./ballot-dialog.ts";
import { COMMAND_BEGUN, menuOf } from "./composer.ts";
import { domId } from "./message.ts";
import { modelFor, type PaneActions, pane, paneTabs } from "./pane.ts";
import { openProposeDialog } from "./propose-dialog.ts";
import { isAtEnd, scrollToEnd, showFromTheStart } from "./scrolling.ts";
import { chooseLimits, press, rename, say } from "./server.ts";
import { applyRoomEvent, type Draft, EMPTY_DRAFT, type PageState } from "./store.ts";
import { topBar } from "./top-bar.ts";
import { openWhereDialog } from "./where-dialog.ts";
import { inDigits, speak, t } from "./words.ts";

const narrowScreen = window.matchMedia("(max-width: 820px)");
const rootElement = document.getElementById("room") as HTMLElement;
/** `/` shows both people; `/first` and `/second` one. */
const shown = location.pathname === "/" ? "first,second" : location.pathname.slice(1);

let state: PageState = {
  room: null,
  connected: false,
  drafts: { first: savedDraft("first"), second: savedDraft("second") },
  active: shown === "second" ? "second" : "first",
  model: null,
  narrow: narrowScreen.matches,
  unread: { first: false, second: false },
};

function change(next: Partial<PageState>): void {
  state = { ...state, ...next };
  draw();
}

function changeDraft(person: PersonId, next: Partial<Draft>): void {
  const draft = { ...state.drafts[person], ...next };
  // What is typed survives a reload of the page.
  sessionStorage.setItem(`typed-${person}`, draft.typed);
  change({ drafts: { ...state.drafts, [person]: draft } });
}

function savedDraft(person: PersonId): Draft {
  return { ...EMPTY_DRAFT, typed: sessionStorage.getItem(`typed-${person}`) ?? "" };
}

// Drawing -------------------------------------------------------------------------------------------

function draw(): void {
  const { room } = state;
  if (!room) {
    render(html`<p class="opening">…</p>`, rootElement);
    return;
  }
  speak(room.words);
  const following = [...rootElement.querySelectorAll(".scroll")].filter(isAtEnd);
  const first = rootElement.querySelector(".scroll") === null;
  render(
    html`${topBar(state, room, topActions)} ${paneTabs(state, room, showPane)}
      <main class="panes count-${room.people.length}">
        ${room.people.map((person) => pane(person, state, room, paneActions))}
      </main>`,
    rootElement,
  );
  // With a keyboard one begins to write at once; on a phone the keyboard would cover the room.
  if (first && matchMedia("(pointer: fine)").matches) {
    textField(state.active)?.focus({ preventScroll: true });
  }
  const boxes = first ? rootElement.querySelectorAll(".scroll") : following;
  for (const box of boxes) box.scrollTop = box.scrollHeight;
  for (const text of rootElement.querySelectorAll("textarea")) fitHeight(text);
  for (const marked of rootElement.querySelectorAll(".menu [aria-selected=true]")) {
    marked.scrollIntoView({ block: "nearest" });
  }
}

/** What each text field held when it was last measured, and how wide it was. */
const fitted = new WeakMap<HTMLTextAreaElement, string>();

/** Grows a text field with its content, up to what the style sheet allows. */
function fitHeight(text: HTMLTextAreaElement): void {
  const measured = `${text.clientWidth} ${text.value}`;
  if (fitted.get(text) === measured) return;
  fitted.set(text, measured);
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

// What people do ------------------------------------------------------------------------------------

const topActions = {
  rename: (person: PersonId, name: string) => void rename(person, name),
  chooseModel: (model: string | null) => change({ model }),
  chooseLimits(id: string) {
    const person = state.room?.people[0];
    if (person) void chooseLimits(person.id, id);
  },
};

function showPane(person: PersonId): void {
  change({ active: person, unread: { ...state.unread, [person]: false } });
  const box = document.querySelector(`#pane-${person} .scroll`);
  if (box) box.scrollTop = box.scrollHeight;
}

/** People who pressed something and were not yet told what came of it. */
const acted = new Set<PersonId>();

const paneActions: PaneActions = {
  rename: (person, name) => void rename(person, name),
  type(person, typed) {
    const menuAt = COMMAND_BEGUN.test(typed) ? 0 : null;
    // What was wrong stays readable while it is mended, and goes with the text.
    const error = typed === "" ? null : state.drafts[person].error;
    changeDraft(person, { typed, menuAt, error, key: null });
    const count = state.room ? menuOf(state.drafts[person], state.room).length : 0;
    if (menuAt !== null && count > 0) announce(t("page_commands_found", { n: inDigits(count) }));
  },
  menu(person, menuAt) {
    changeDraft(person, { menuAt });
  },
  take(person, command: CommandLine) {
    changeDraft(person, { typed: `/${command.name} `, menuAt: null, key: null });
    textField(person)?.focus();
  },
  dropReply: (person) => changeDraft(person, { replyTo: null, key: null }),
  reply(person, messageId) {
    changeDraft(person, { replyTo: messageId, key: null });
    textField(person)?.focus();
  },
  async send(person, wait = false) {
    const draft = state.drafts[person];
    if (draft.sending) return;
    const key = draft.key ?? crypto.randomUUID();
    changeDraft(person, { sending: true, error: null, menuAt: null, key });
    scrollToEnd(person);
    const model = state.model ?? modelFor(draft.typed, state.room);
    const message = { text: draft.typed, replyTo: draft.replyTo, model, wait };
    const refusal = await say(person, { ...message, key });
    if (refusal) changeDraft(person, { sending: false, error: refusal });
    else {
      // What was typed meanwhile stays, with its menu, and so does what was chosen to reply to.
      const { typed, menuAt, replyTo } = state.drafts[person];
      const own = typed === draft.typed ? {} : { typed, menuAt };
      const reply = replyTo === draft.replyTo ? {} : { replyTo };
      changeDraft(person, { ...EMPTY_DRAFT, ...own, ...reply });
    }
  },
  choose(person, menu, value) {
    acted.add(person);
    if (menu === "propose:kind") void openProposeDialog(person, value);
    else if (menu === "settings:choose") paneActions.begin(person, `/pool settings ${value} `);
    else void paneActions.press(person, { id: `gov:${value}:mine`, label: "", member: null });
  },
  async press(person, action) {
    acted.add(person);
    const ballot = /^gov:(\d+):(?:vote|change)(?:\.\d+)?$/.exec(action.id)?.[1];
    if (ballot !== undefined) return void openBallotDialog(person, Number(ballot));
    const asked = lineFor(action.id);
    if (asked !== null) return paneActions.begin(person, asked, replyTargetOf(action.id));
    const refusal = await press(person, action.id, state.model);
    if (refusal) changeDraft(person, { error: refusal });
  },
  begin(person, typed, replyTo = null) {
    changeDraft(person, { typed, replyTo, error: null, menuAt: null, key: null });
    textField(person)?.focus();
  },
  where: (person, jobId) => void openWhereDialog(person, jobId),
  jumpTo(person, messageId) {
    const target = document.getElementById(domId(person, messageId));
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  },
};

/** What a button that needs words puts into the field; null for one that acts at once. */
function lineFor(action: string): string | null {
  if (action.startsWith("report:")) return "/report ";
  const [, act, key] = /^node:(pause|bar):(.+)$/.exec(action) ?? [];
  return act === undefined ? null : `/pool nodes ${act} ${key} `;
}

/** The answer that a report is about. */
function replyTargetOf(action: string): string | null {
  const [kind, jobId] = action.split(":");
  if (kind !== "report") return null;
  const answer = state.room?.messages.find(
    ({ view }) => view?.kind === "answer" && view.jobId === jobId,
  );
  return answer?.id ?? null;
}

function textField(person: PersonId): HTMLTextAreaElement | null {
  return document.querySelector(`#pane-${person} textarea`);
}

// What the room says --------------------------------------------------------------------------------

const events = new EventSource(`/room/events?as=${shown}`);
events.addEventListener("open", () => change({ connected: true }));
events.addEventListener("error", () => {
  change({ connected: false });
  // The browser tries again by itself, but not after a refusal: then this page is of another room.
  if (events.readyState === EventSource.CLOSED) reloadWhenBack();
});
for (const name of ["snapshot", "message", "removed", "people", "limits", "sight"] as const) {
  events.addEventListener(name, (event) => heard(name, JSON.parse((event as MessageEvent).data)));
}
narrowScreen.addEventListener("change", () => change({ narrow: narrowScreen.matches }));

/** What is typed survives a reload (see changeDraft). */
async function reloadWhenBack(): Promise<void> {
  const back = await fetch("/healthz").then(
    ({ ok }) => ok,
    () => false,
  );
  if (back) location.reload();
  else setTimeout(reloadWhenBack, 2000);
}

function heard<E extends keyof RoomEvents>(event: E, data: RoomEvents[E]): void {
  const before = state.room;
  const room = applyRoomEvent(before, event, data);
  let { unread } = state;
  if (event === "message" && before && room) {
    const message = data as ShownMessage;
    announceMessage(message, before, room);
    for (const { id } of room.people) {
      const forThem = message.to === null || message.to === id;
      if (forThem && id !== state.active) unread = { ...unread, [id]: state.narrow };
    }
  }
  change({ room, unread, connected: true });
  const { to = null } = event === "message" ? (data as ShownMessage) : {};
  // What comes of a press stands at the end, out of sight of who pressed a button further up.
  if (to !== null && acted.delete(to)) scrollToEnd(to);
  if (event === "message" && before) showFromTheStart(data as ShownMessage, before);
}

draw();
