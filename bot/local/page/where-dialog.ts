import { html, nothing, render } from "lit-html";
import type { CheckLine, ProvenanceView, Section } from "../../views/view.ts";
import type { PersonId } from "../wire.ts";
import { closeIcon, saveIcon } from "./icons.ts";
import { exportAddress, type WhereFrom, whereFrom } from "./server.ts";
import { picture, rows } from "./views.ts";
import { t } from "./words.ts";

/** The dialog "Where did this answer come from?": the picture, then all of it as text. */
export async function openWhereDialog(person: PersonId, jobId: string): Promise<void> {
  const dialog = document.createElement("dialog");
  dialog.className = "where-dialog";
  dialog.setAttribute("aria-labelledby", "where-title");
  document.body.append(dialog);
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener instanceof HTMLElement) opener.focus();
  });
  // A press on the backdrop, which is the dialog itself outside its content.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  const draw = (content: unknown) =>
    render(
      frame(person, jobId, content, () => dialog.close()),
      dialog,
    );

  draw(html`<p class="quiet">${t("page_fetching_receipt")}</p>`);
  dialog.showModal();
  try {
    draw(provenance(await whereFrom(person, jobId)));
  } catch (error) {
    draw(html`<p class="error" role="alert">${(error as Error).message}</p>`);
  }
}

function frame(person: PersonId, jobId: string, content: unknown, close: () => void) {
  return html`<div class="where">
    <header class="where-head">
      <h2 id="where-title">${t("where_message")}</h2>
      <button type="button" class="round" aria-label=${t("page_close")} @click=${close}>${closeIcon}</button>
    </header>
    <div class="where-body" tabindex="0" role="region" aria-labelledby="where-title">${content}</div>
    <footer class="where-foot">
      <p class="quiet">${t("page_zip")}</p>
      <a class="button primary" href=${exportAddress(person, jobId)} download>
        ${saveIcon}${t("button_export")}
      </a>
    </footer>
  </div>`;
}

function provenance({ view, pictures }: WhereFrom) {
  return html`
    <p class="lead">${view.summary}</p>
    <div class="where-picture">${picture(pictures.across)} ${picture(pictures.down)}</div>
    ${checks(view)}
    <div class="sections">
      <div>${view.sections.filter((one) => !isBackground(one)).map(section)}</div>
      <div>${view.sections.filter(isBackground).map(section)}</div>
    </div>
  `;
}

/** Told in the second column: what came before the answer, and what one can do after it. */
function isBackground({ id }: Section): boolean {
  return id.startsWith("lineage") || id === "verify";
}

function checks(view: ProvenanceView) {
  // What failed is what a reader must not miss.
  const ran = [
    ...view.checks.filter(({ state }) => state === "failed"),
    ...view.checks.filter(({ state }) => state === "passed"),
  ];
  const notRun = view.checks.filter(({ state }) => state === "not run");
  return html`<div class="checks">
    <section aria-labelledby="checks-ran">
      <h3 id="checks-ran">${view.checkTitles.ran}</h3>
      ${checkList(ran, view.checkTitles.noneRan)}
    </section>
    <section aria-labelledby="checks-not-run">
      <h3 id="checks-not-run">${view.checkTitles.notRun}</h3>
      ${checkList(notRun, view.checkTitles.allRan)}
    </section>
  </div>`;
}

function checkList(list: readonly CheckLine[], none: string) {
  if (list.length === 0) return html`<p class="quiet">${none}</p>`;
  return html`<ul>
    ${list.map(
      ({ state, stateInWords, title, detail }) => html`<li class="check-${state.replace(" ", "-")}">
        <span class="check-state">${stateInWords}</span>
        <span class="check-title">${title}</span>
        <span class="quiet">${detail}</span>
      </li>`,
    )}
  </ul>`;
}

function section({ id, title, rows: list, lines, ordered }: Section) {
  const content = lines.map((line) => html`<li>${line}</li>`);
  return html`<section class="section" aria-labelledby="section-${id}">
    <h3 id="section-${id}">${title}</h3>
    ${list.length > 0 ? rows(list) : nothing}
    ${lines.length === 0 ? nothing : ordered ? html`<ol>${content}</ol>` : html`<ul>${content}</ul>`}
  </section>`;
}
