import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { FetchLine } from "../../views/view.ts";
import type { PersonId, Snapshot } from "../wire.ts";
import { mark } from "./icons.ts";
import { nameField } from "./name-field.ts";
import type { PageState } from "./store.ts";
import { t } from "./words.ts";

export interface TopBarActions {
  rename(person: PersonId, name: string): void;
  chooseModel(sha256: string | null): void;
  chooseLimits(id: string): void;
}

/** The pool's name and state, the model chooser, the limits switch; below it what needs attention. */
export function topBar(state: PageState, room: Snapshot, actions: TopBarActions) {
  const { sight } = room;
  return html`
    <header class="top">
      <div class="brand">
        ${mark}
        <div>
          <h1>${sight.pool?.name ?? "The Substrate"}</h1>
          ${poolState(state, room)}
        </div>
      </div>
      ${
        state.narrow
          ? html`<details class="settings">
              <summary>${t("page_settings")}</summary>
              <div class="controls">${controls(state, room, actions)} ${names(room, actions)}</div>
            </details>`
          : html`<div class="controls">${controls(state, room, actions)}</div>`
      }
    </header>
    <div class="strips">
      ${trouble(state, room)}
      ${repeat(
        sight.pool?.fetches ?? [],
        (line) => `${line.node} ${line.model}`,
        (line) => fetchStrip(line, sight.pool?.defaultModel ?? null),
      )}
    </div>
  `;
}

function controls(state: PageState, room: Snapshot, actions: TopBarActions) {
  return [modelChooser(state, room, actions), limitsSwitch(room, actions)];
}

/** On a narrow screen the panes have no heads, so the names are changed here. */
function names(room: Snapshot, actions: TopBarActions) {
  return html`<div class="control names">
    <span>${t("page_names")}</span>${room.people.map((person) => nameField(person, actions.rename))}
  </div>`;
}

function poolState({ connected }: PageState, { sight }: Snapshot) {
  const up = connected && sight.reachable;
  const nodes = sight.pool ? sight.pool.nodesOnline - sight.pool.nodesResting : 0;
  const tone = !up ? "away" : nodes === 0 ? "empty" : "up";
  const words = !connected
    ? t("page_room_away")
    : !sight.reachable
      ? t("page_pool_away")
      : (sight.pool?.line ?? t("page_looking"));
  return html`<p class="pool-state"><span class="dot ${tone}" aria-hidden="true"></span>${words}</p>`;
}

function modelChooser({ model }: PageState, { sight }: Snapshot, actions: TopBarActions) {
  const models = sight.models?.models ?? [];
  const automatic = sight.pool?.defaultModel;
  const choose = (event: Event) =>
    actions.chooseModel((event.target as HTMLSelectElement).value || null);
  return html`<label class="control">
    <span>${t("page_model")}</span>
    <select @change=${choose}>
      <option value="" ?selected=${model === null}>
        ${t("page_automatic")}${automatic ? ` (${automatic})` : ""}
      </option>
      ${repeat(
        models,
        (line) => line.sha256,
        (line) =>
          html`<option value=${line.sha256} ?selected=${model === line.sha256}>
            ${line.name}${line.nodesOnline === 0 ? ` (${t("model_offline")})` : ""}
          </option>`,
      )}
    </select>
  </label>`;
}

function limitsSwitch(room: Snapshot, actions: TopBarActions) {
  return html`<fieldset class="control switch">
    <legend>${t("page_limits")}</legend>
    <div class="segments">
      ${room.limits.map(
        ({ id, label }) =>
          html`<label
            ><input
              type="radio"
              name="limits"
              value=${id}
              .checked=${room.limitsId === id}
              @change=${() => actions.chooseLimits(id)}
            /><span>${label}</span></label
          >`,
      )}
    </div>
  </fieldset>`;
}

function trouble({ connected }: PageState, { sight }: Snapshot) {
  if (!connected) {
    return strip(t("page_room_away_more"));
  }
  if (!sight.reachable) return strip(`${sight.trouble} ${t("page_keeps_trying")}`);
  if (sight.pool?.nodesOnline === 0) {
    return strip(t("page_nobody_online"));
  }
  if (sight.pool && sight.pool.nodesResting === sight.pool.nodesOnline) {
    return strip(t("page_all_resting"));
  }
  return nothing;
}

function strip(text: string) {
  return html`<p class="strip trouble" role="status">${text}</p>`;
}

function fetchStrip(line: FetchLine, meanwhile: string | null) {
  if (line.failed) {
    return html`<p class="strip trouble">
      <strong>${t("page_fetch_failed", { model: line.model, node: line.node })}</strong> ${line.text}
      ${meanwhile ? t("page_stays_on", { model: meanwhile }) : nothing}
    </p>`;
  }
  const label = t("page_fetching", { node: line.node, model: line.model });
  return html`<div class="strip fetch">
    <span class="fetch-what">${label}</span>
    <progress
      aria-label=${label}
      max=${line.totalBytes ?? nothing}
      value=${line.totalBytes === null ? nothing : line.doneBytes}
    ></progress>
    <span class="fetch-text">${line.text}</span>
  </div>`;
}
