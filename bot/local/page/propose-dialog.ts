import { html, nothing, type TemplateResult } from "lit-html";
import type { KindForm, PersonId } from "../wire.ts";
import { openFormDialog } from "./form-dialog.ts";
import { type Choice, choices, kindForm, propose } from "./server.ts";
import { t } from "./words.ts";

type Field = KindForm["fields"][number];
/** Fields whose values the pool knows; the others are written freely. */
const OFFERED = new Set(["model", "node", "scope", "setting", "proposal", "rule", "value"]);
/** Of these, fields that take nothing else; a rule or value may be written as well. */
const CLOSED = new Set(["model", "node", "scope", "setting", "proposal"]);
/** The pool offers this many at most (protocol/wire/governance): where it does there may be more, to be written. */
const MOST_OFFERED = 25;

/** The form of a kind of proposal; fields offer the models, nodes, settings and rules there are. */
export async function openProposeDialog(person: PersonId, kind: string): Promise<void> {
  const key = crypto.randomUUID();
  const offered = new Map<string, readonly Choice[]>();
  const dialog = openFormDialog((entered) => {
    const { reason = "", ...fields } = Object.fromEntries(
      [...entered].map(([name, value]) => [name, String(value)]),
    );
    return propose(person, { kind, fields, reason, key });
  });
  try {
    const form = await kindForm(person, kind);
    const draw = () => dialog.show(form.title, fieldsOf(form, offered, entered), t("page_propose"));
    // The values of a rule or setting depend on which one was chosen.
    const entered = async (field: Field, value: string) => {
      const next = form.fields.find(({ type }) => type === "value");
      if (next === undefined || (field.type !== "rule" && field.type !== "setting")) return;
      offered.set(next.name, await choices(person, "value", value));
      draw();
    };
    for (const { name, type } of form.fields.filter(({ type }) => OFFERED.has(type))) {
      offered.set(name, await choices(person, type));
    }
    draw();
  } catch (error) {
    dialog.fail((error as Error).message);
  }
}

function fieldsOf(
  form: KindForm,
  offered: ReadonlyMap<string, readonly Choice[]>,
  entered: (field: Field, value: string) => void,
): TemplateResult {
  return html`<p class="quiet">${form.words} ${form.needs}</p>
    ${form.fields.map((field) => fieldOf(field, offered.get(field.name) ?? [], entered))}
    <label class="field">
      <span>${t("gov_reason")}</span>
      <textarea name="reason" rows="3" maxlength="2000"></textarea>
    </label>`;
}

const LONG = new Set(["long-text", "options"]);

function fieldOf(
  field: Field,
  offered: readonly Choice[],
  entered: (field: Field, value: string) => void,
): TemplateResult {
  const { name, label, help, type, required, maxLength } = field;
  const changed = (event: Event) => entered(field, (event.target as HTMLInputElement).value);
  const listed = CLOSED.has(type) && offered.length > 0 && offered.length < MOST_OFFERED;
  return html`<label class="field">
    <span>${label}${required ? nothing : html` <i class="quiet">${t("page_optional")}</i>`}</span>
    ${
      listed
        ? html`<select name=${name} ?required=${required} @change=${changed}>
            <option value="">–</option>
            ${offered.map((choice) => html`<option value=${choice.value}>${choice.label}</option>`)}
          </select>`
        : LONG.has(type)
          ? html`<textarea name=${name} rows="4" maxlength=${maxLength} ?required=${required}></textarea>`
          : html`<input
              name=${name}
              maxlength=${maxLength}
              ?required=${required}
              autocomplete="off"
              inputmode=${type === "integer" ? "numeric" : nothing}
              list=${offered.length > 0 ? `offered-${name}` : nothing}
              @change=${changed}
            />`
    }
    ${help === "" ? nothing : html`<small class="quiet">${help}</small>`}
    ${
      offered.length === 0 || listed
        ? nothing
        : html`<datalist id="offered-${name}">
            ${offered.map((choice) => html`<option value=${choice.value}>${choice.label}</option>`)}
          </datalist>`
    }
  </label>`;
}
