import { html, nothing, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import type { HelpView, ModelsView, PoolView, Row } from "../../views/view.ts";
import type { ShownMessage } from "../wire.ts";
import { inOwnTime } from "./words.ts";

/** Views that commands answer with; pictures come ready-made and escaped from the server. */

export function poolTemplate(view: PoolView, pictures: ShownMessage["pictures"]): TemplateResult {
  return html`<div class="card">
    <h3>${view.name}</h3>
    <p>${view.line}</p>
    ${view.defaultLine ? html`<p class="quiet">${view.defaultLine}</p>` : nothing}
    <ul class="nodes">
      ${view.nodes.map(
        (node, at) => html`<li class=${node.online ? "" : "offline"}>
          <span class="node-name">${node.name}</span>
          <span class="node-slots"
            >${node.online ? picture(pictures[`slots-${at}`]) : nothing} ${node.places}</span
          >
          <span class="quiet">${node.told}</span>
        </li>`,
      )}
    </ul>
    <h4>${view.lastHourTitle}</h4>
    ${picture(pictures.minutes)} ${rows(view.lastHour)}
  </div>`;
}

export function modelsTemplate(view: ModelsView): TemplateResult {
  if (view.none) return html`<p>${view.none}</p>`;
  return html`<div class="card">
    <h3>${view.title}</h3>
    <ul class="models">
      ${view.models.map(
        (model) => html`<li>
          <span class="node-name">${model.name}</span>
          ${model.mark ? html`<span class="tag">${model.mark}</span>` : nothing}
          <span class="quiet">${[model.lineage, model.size, model.online].filter(Boolean).join(" · ")}</span>
          <code class="digest">${model.sha256}</code>
        </li>`,
      )}
    </ul>
  </div>`;
}

export function helpTemplate(view: HelpView): TemplateResult {
  return html`<div class="card">
    <h3>${view.title}</h3>
    ${view.intro.map((line) => html`<p>${line}</p>`)}
    <dl class="commands">
      ${view.commands.map(
        ({ usage, summary }) => html`<div><dt><code>${usage}</code></dt><dd>${summary}</dd></div>`,
      )}
    </dl>
  </div>`;
}

/** Terms and details. */
export function rows(list: readonly Row[]): TemplateResult {
  return html`<dl class="rows">
    ${list.map(
      ({ term, detail, code, at }) =>
        html`<div><dt>${term}</dt><dd>${code ? html`<code>${detail}</code>` : at === undefined ? detail : time(at)}</dd></div>`,
    )}
  </dl>`;
}

function time(at: number): TemplateResult {
  return html`<time datetime=${new Date(at).toISOString()}>${inOwnTime(at)}</time>`;
}

/** An SVG the server made from view data; every text in it is escaped there (views/pictures/svg.ts). */
export function picture(svg: string | undefined) {
  return svg ? unsafeHTML(svg) : nothing;
}
